// The one page: the picture, the paragraph, the facts, whom to ring, and that it is part of the record.

import type { Picture } from "../../../client/shown-picture.ts";
import type { Child } from "../../../client/shown.ts";
import { concernTitle } from "../../concern-words.ts";
import { age, clock, date, plural } from "../../dates.ts";
import { paragraph } from "../../picture-words.ts";
import type { Range } from "../../pictures.ts";
import { overview } from "../../state.ts";
import { called, list, nameOf } from "../../words.ts";
import { numbersToRing } from "../concern.tsx";
import { Legend } from "./legend.tsx";
import { Plot, rangeWords } from "./plot.tsx";
import { KeyFacts } from "./tables.tsx";

/** What the names beside the rows take. */
const NAMES = 170;
/** More than these are on the screen; a page has an end. */
const MOST_PHONES = 6;

interface Props {
  child: Child;
  picture: Picture;
  range: Range;
  time: number;
  /** Of the page, in what is drawn on it. */
  width: number;
}

export function PicturePaper({ child, picture, range, time, width }: Props) {
  const seen = overview.value;
  const of = child.sort === "household" ? "household" : "child";
  return (
    <article aria-label="The page">
      <p class="paper-title">
        <bdi>{called(child)}</bdi> <span class="age">{age(child.birth)}</span>
      </p>
      <p>
        <bdi>{paragraph(picture, of)}</bdi>
      </p>
      <p class="small">
        {rangeWords(range)} · <bdi>{seen?.practice}</bdi>
      </p>
      <Plot picture={picture} child={of === "child"} range={range} width={width - NAMES} opening={null} />
      <Legend marks={picture.marks} />
      <div class="paper-columns">
        <KeyFacts picture={picture} child={of === "child"} brief />
        <ToRing child={child} />
      </div>
      <p class="small paper-foot">
        Printed by <bdi>{seen && nameOf(seen.me)}</bdi> on {date(time)}, {clock(time)}. Part of the record; keep
        it as such. Drawn from {plural(picture.marks.length, "checked post")}.
      </p>
    </article>
  );
}

function ToRing({ child: { concern, members } }: { child: Child }) {
  const numbers = numbersToRing();
  const leading = members.filter(({ role, person }) => role !== "follower" && person.phone);
  return (
    <div>
      {concern && (
        <p>
          <strong>{concernTitle(concern)}:</strong> <bdi>{list(concern.people)}</bdi>.
        </p>
      )}
      <p class="name">Who to ring</p>
      <ul class="plain">
        <li>Danger now: 999</li>
        {numbers.map(({ label, number, hours }) => (
          <li key={label + number}>
            <bdi>{label}</bdi>: <bdi dir="ltr">{number}</bdi>
            {hours && (
              <>
                , <bdi>{hours}</bdi>
              </>
            )}
          </li>
        ))}
        {leading.slice(0, MOST_PHONES).map(({ person }) => (
          <li key={person.id}>
            <bdi>{nameOf(person)}</bdi>, <bdi>{person.job}</bdi>: <bdi dir="ltr">{person.phone}</bdi>
          </li>
        ))}
      </ul>
    </div>
  );
}
