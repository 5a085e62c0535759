// The round-up: the day in lines, one for each post, by child; and the decisions that are due for review.

import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { RoundUpChild, RoundUpLine, RoundUp as Told } from "../client/shown-rounds.ts";
import type { Child } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { plural } from "./dates.ts";
import { useForm } from "./form.ts";
import { Button, ButtonLink } from "./parts/button.tsx";
import { Due } from "./parts/due.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Select } from "./parts/field.tsx";
import { KindMark, markOf } from "./parts/kind-mark.tsx";
import { NoChildren } from "./parts/no-children.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { sayCounts, SINCES, sinceOf, UNREAD, usualSince } from "./round-words.ts";
import { focusOn } from "./route.ts";
import { type Failure, failureOf } from "./sentences.ts";
import { childOf, draft, look, mails, overview, supervises, version } from "./state.ts";
import { called, mayDecide } from "./words.ts";

const SORT_ENDS = " · ";
const FEW = 30; // lines of a child that are shown at first, the newest

export function RoundUp() {
  const since = draft("round-up", usualSince());
  const told = useSignal<Told | null>(null);
  const failure = useSignal<Failure | null>(null);
  useEffect(() => {
    let stale = false;
    ask("roundUp", sinceOf(since.value).ask).then(
      (answer) => {
        if (stale) return;
        told.value = answer;
        failure.value = null;
      },
      (error) => !stale && (failure.value = failureOf(error)),
    );
    return () => {
      stale = true;
    };
  }, [since.value, version.value]);

  if (overview.value?.children.length === 0) {
    return (
      <Page title="Round-up">
        <NoChildren />
      </Page>
    );
  }
  return (
    <Page title="Round-up">
      {supervises() && (
        <p>
          <a class="tall" href="#/supervision">
            Supervision: the children of the people you supervise
          </a>
        </p>
      )}
      <Select id="since" label="Posted since" value={since.value} onInput={(value) => (since.value = value)}>
        {SINCES.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
      {failure.value && (
        <Notice sort="warning" title={failure.value.title}>
          <p>{failure.value.next}</p>
        </Notice>
      )}
      {told.value ? <Day told={told.value} since={since} /> : !failure.value && <p role="status">Opening posts…</p>}
      <Mailed />
    </Page>
  );
}

function Day({ told, since }: { told: Told; since: Signal<string> }) {
  return (
    <>
      <p role="status">
        {told.posts > 0
          ? sayCounts(told)
          : `Nobody else has posted anything ${sinceOf(since.value).said}. Choose a longer time to see what came before.`}
        {told.unchecked > 0 &&
          ` ${plural(told.unchecked, "more post")} could not be opened, because the server did not answer.`}
      </p>
      {told.due.length > 0 && (
        <section>
          <h2>Due for review</h2>
          <Due rows={told.due} />
        </section>
      )}
      {told.children.map((one) => (
        <OfChild key={one.log} told={one} child={childOf(one.log)} since={since} />
      ))}
    </>
  );
}

interface OfChildProps {
  told: RoundUpChild;
  child: Child | undefined;
  since: Signal<string>;
}

function OfChild({ told: { log, words, lines }, child, since }: OfChildProps) {
  const id = `round-${log}`;
  const all = useSignal(false);
  const shown = all.value ? lines : lines.slice(-FEW);
  const hidden = lines.length - shown.length;
  return (
    <section class="card round" aria-labelledby={id}>
      <h2 id={id} tabIndex={-1}>
        <a href={`#/child/${log}`}>
          <bdi>{child ? called(child) : "Not opened yet"}</bdi>
        </a>{" "}
        <span class="tag">
          <span class="unseen">in a mail: </span>
          {words}
        </span>
      </h2>
      {hidden > 0 && (
        <Button look="plain" onClick={() => (all.value = true)}>
          Show {plural(hidden, "earlier line")}
        </Button>
      )}
      <ul class="plain">
        {shown.map((line) => (
          <Line key={line.seq} line={line} follows={Boolean(child?.myRole)} />
        ))}
      </ul>
      <div class="row acts-row">
        <Read
          lines={shown}
          unread={child?.unread ?? 0}
          name={child ? called(child) : ""}
          onEarlier={hidden === 0 && since.value === UNREAD ? null : () => {
            all.value = true;
            since.value = UNREAD;
          }}
        />
        {child && mayDecide(child) && (
          <ButtonLink href={`#/child/${log}/decide`} look="second">
            Decision<span class="unseen"> about {called(child)}</span>
          </ButtonLink>
        )}
      </div>
    </section>
  );
}

function Line({ line, follows }: { line: RoundUpLine; follows: boolean }) {
  const mark = line.state === "shown" ? markOf(line.kind, line.outcome) : "other";
  const [sort = ""] = line.line.split(SORT_ENDS, 1);
  const post = `#/child/${line.log}/post/${line.seq}`;
  const [whole, same] = [`line-${line.log}-${line.seq}`, `same-${line.log}-${line.seq}`];
  return (
    <li class={`round-line ${mark}`}>
      <p>
        {line.nudge && <span class="tag alert">Nudge</span>} {line.unread && <span class="new">new</span>}{" "}
        <strong class="post-kind">
          <KindMark mark={mark} /> {sort}
        </strong>{" "}
        <a class="whole" id={whole} href={post} dir="auto">
          {line.line.slice(sort.length + SORT_ENDS.length)}
        </a>
      </p>
      {line.answered ? (
        <p class="small">You see this too.</p>
      ) : (
        follows &&
        !line.mine &&
        line.how !== "same" &&
        line.state === "shown" && (
          <a class="tall above small" id={same} href={`${post}/same`} aria-labelledby={`${same} ${whole}`}>
            I see this too
          </a>
        )
      )}
    </li>
  );
}

interface ReadProps {
  lines: RoundUpLine[];
  unread: number; // of the whole stream
  name: string;
  onEarlier: (() => void) | null; // null: all that is here is shown
}

/** Reading goes up to a post: while there are earlier ones unread, that are not on the screen, it is not offered. */
function Read({ lines, unread, name, onEarlier }: ReadProps) {
  const last = lines.at(-1);
  const form = useForm(
    () => [],
    async () => {
      if (!last) return;
      await ask("markRead", { log: last.log, seq: last.seq, how: "all" });
      await look();
      focusOn(`round-${last.log}`);
    },
  );
  const others = unread - lines.filter((line) => line.unread).length;
  if (unread === 0) return <span class="small read">Read</span>;
  if (others > 0 && onEarlier === null) return <span class="small read">{others} more are being checked</span>;
  if (others > 0) {
    return (
      <Button look="second" onClick={() => onEarlier?.()}>
        Show {others} earlier that you have not read<span class="unseen"> about {name}</span>
      </Button>
    );
  }
  return (
    <>
      <ErrorSummary form={form} title="Not noted." />
      <Button look="second" busy={form.busy} onClick={form.submit}>
        Read<span class="unseen"> all of it about {name}</span>
      </Button>
    </>
  );
}

function Mailed() {
  return (
    <p class="small">
      {mails.value === false
        ? "This server sends no mail, so look here. "
        : "A mail says only how many, and calls each stream by the two words beside its name here. "}
      <a href="#/me/round-ups">{mails.value === false ? "Round-ups by mail" : "When it comes by mail"}</a>
    </p>
  );
}
