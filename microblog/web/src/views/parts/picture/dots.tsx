// The marks of a row that can be reached: each opens its post, or, where several stand too close, a list of them.
//
// A row is one stop of the Tab key; the arrows go along it. A finger gets as much room as the neighbours leave. The figures
// and signs are drawn by the styles, because every mark has its words for a name.

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";

import type { Mark } from "../../../client/shown-picture.ts";
import { moment, plural } from "../../dates.ts";
import { markWords } from "../../picture-words.ts";
import { type Group, sizeOf } from "../../pictures.ts";
import { childOf } from "../../state.ts";
import { called } from "../../words.ts";
import { KindMark, markOf } from "../kind-mark.tsx";
import type { Drawn } from "./plot.tsx";

/** Which group is open in a list, and the name of its row. */
export interface Open {
  key: string;
  log: string;
  name: string;
  marks: Mark[];
}

export interface Opening {
  open: Open | null;
  set: (open: Open | null) => void;
}

const FINGER = 44;

interface Props {
  name: string;
  groups: Group[];
  drawn: Drawn;
}

export function Dots({ name, groups, drawn: { log, width, opening } }: Props) {
  const stop = useSignal(0);
  const row = useRef<HTMLDivElement>(null);
  const last = groups.length - 1;
  const here = Math.min(stop.value, last);
  const move = (event: KeyboardEvent) => {
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    stop.value = Math.max(0, Math.min(to, last));
    row.current?.querySelectorAll<HTMLElement>(".dot")[stop.value]?.focus();
  };
  return (
    <div class="dots" role="group" aria-label={name || "Agency withheld"} ref={row} onKeyDown={move}>
      {groups.map((group, at) => {
        const left = Math.min(FINGER / 2, (group.x - (groups[at - 1]?.x ?? -FINGER)) / 2);
        const right = Math.min(FINGER / 2, ((groups[at + 1]?.x ?? width + FINGER) - group.x) / 2);
        const style = { left: `${group.x - left}px`, width: `${left + right}px`, "--middle": `${left}px` };
        if (!opening) return <Printed key={keyOf(group)} group={group} style={style} />;
        const place = { style, tabIndex: at === here ? 0 : -1, onFocus: () => void (stop.value = at) };
        return <Dot key={keyOf(group)} log={log} name={name} group={group} opening={opening} place={place} />;
      })}
    </div>
  );
}

/** Marks that have no place along the line, as many side by side as there is room for, and the rest in a list. */
export function Spread({ name, marks, drawn }: { name: string; marks: Mark[]; drawn: Drawn }) {
  const room = Math.max(1, Math.floor(drawn.width / FINGER));
  const apart = marks.length > room ? room - 1 : room;
  const x = (at: number) => FINGER / 2 + at * FINGER;
  const groups = marks.slice(0, apart).map((mark, at) => only([mark], x(at)));
  const rest = marks.slice(apart);
  if (rest.length > 0) groups.push(only(rest, x(apart)));
  return <Dots name={name} groups={groups} drawn={drawn} />;
}

function only(marks: Mark[], x: number): Group {
  return { x, failed: marks.filter(({ failed }) => failed), others: marks.filter(({ failed }) => !failed) };
}

function Printed({ group: { failed, others }, style }: { group: Group; style: Record<string, string> }) {
  return (
    <span class="dot" style={style}>
      <span class="glyphs" aria-hidden="true">
        <Several marks={failed} />
        <Several marks={others} />
      </span>
    </span>
  );
}

interface DotProps {
  log: string;
  name: string;
  group: Group;
  opening: Opening;
  place: { style: Record<string, string>; tabIndex: number; onFocus: () => void };
}

function Dot({ log, name, group, opening, place }: DotProps) {
  const { failed, others } = group;
  const [mark] = [...failed, ...others];
  if (sizeOf(group) === 1 && mark) {
    return (
      <a class="dot" href={linkTo(mark)} aria-label={words(mark, log)} title={words(mark, log)} {...place}>
        <span class="glyphs" aria-hidden="true">
          <Glyph mark={mark} />
        </span>
      </a>
    );
  }
  const key = `${name} ${keyOf(group)}`;
  const isOpen = opening.open?.key === key;
  const marks = [...failed, ...others];
  const tried = failed.length > 0 ? `, ${plural(failed.length, "visit")} that did not see the child` : "";
  return (
    <button
      type="button"
      class="dot"
      aria-expanded={isOpen}
      aria-label={`${plural(marks.length, "post")} close together${tried}: ${name || "Agency withheld"}, ${spanOf(marks)}`}
      onClick={() => opening.set(isOpen ? null : { key, log, name, marks })}
      {...place}
    >
      <span class="glyphs" aria-hidden="true">
        <Several marks={failed} />
        <Several marks={others} />
      </span>
    </button>
  );
}

/** From when to when. */
function spanOf(marks: Mark[]): string {
  const days = marks.map(({ when }) => when.first).filter(Boolean).sort();
  const [first = ""] = days;
  const last = days.at(-1) ?? "";
  if (first === "") return "nobody is sure when";
  return first === last ? moment(first) : `${moment(first)} to ${moment(last)}`;
}

function Several({ marks }: { marks: Mark[] }) {
  const [first] = marks;
  if (!first) return null;
  if (marks.length === 1) return <Glyph mark={first} />;
  return (
    <span class={first.failed ? "several failed" : "several"} data-count={marks.length}>
      {marks.some(({ differs }) => differs) && <Differs />}
      <Side marks={marks} />
    </span>
  );
}

function Glyph({ mark }: { mark: Mark }) {
  return (
    <span class="glyph">
      <KindMark mark={markOf(mark.kind, mark.outcome)} />
      {mark.differs && <Differs />}
      <Side marks={[mark]} />
    </span>
  );
}

/** Over a mark: working well; under it: worried. */
export function Side({ marks }: { marks: Mark[] }) {
  const has = (side: string) => marks.some((mark) => mark.side === side);
  return (
    <>
      {has("well") && <span class="side-mark well" />}
      {has("worried") && <span class="side-mark worried" />}
    </>
  );
}

/** Somebody sees it differently: professional challenge is part of the picture. */
export function Differs() {
  return <span class="differs" />;
}

/** What a mark says, and of whom, where it stands in the picture of more than one. */
export function words(mark: Mark, log: string): string {
  const child = mark.log === log ? undefined : childOf(mark.log);
  return child ? `${called(child)}: ${markWords(mark)}` : markWords(mark);
}

export function linkTo({ log, seq }: Pick<Mark, "log" | "seq">): string {
  return `#/child/${log}/post/${seq}`;
}

function keyOf({ failed, others }: Group): string {
  const [first] = [...failed, ...others];
  return `${first?.log} ${first?.seq} ${failed.length} ${others.length}`;
}

