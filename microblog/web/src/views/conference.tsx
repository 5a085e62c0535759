// A child or household as it may stand on a wall while others look on: no name is in what comes here, nor on the page.

import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import type { Conference as Shown, ConferencePost } from "../client/shown-conference.ts";
import { ask } from "./bridge.ts";
import { concernTitle } from "./concern-words.ts";
import { moment, plural } from "./dates.ts";
import { KindMark, markOf } from "./parts/kind-mark.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { Legend } from "./parts/picture/legend.tsx";
import { STEPS, WIDE } from "./parts/picture/picture.tsx";
import { Plot, rangeWords } from "./parts/picture/plot.tsx";
import { useWidth } from "./parts/picture/use-reach.ts";
import { firstWords, kindWords, moreWords, whenWords } from "./picture-words.ts";
import { dayNumber, dayOf, rangeOf, type Step, wholeOf } from "./pictures.ts";
import { type Failure, failureOf } from "./sentences.ts";
import { version } from "./state.ts";
import { list, say, sayScale, SIDES, SURES } from "./words.ts";

/** Beside the rows, on a wide screen. */
const NAMES = 170;

const REACH_DAYS: Record<Exclude<Step, "all">, number> = { week: 7, quarter: 92, year: 366 };

export function Conference({ log }: { log: string }) {
  const step = useSignal<Step>("quarter");
  const shown = useSignal<Shown | null>(null);
  const failure = useSignal<Failure | null>(null);
  useEffect(() => {
    let stale = false;
    ask("conference", { log, from: firstDay(step.value), to: "" }).then(
      (found) => {
        if (stale) return;
        shown.value = found;
        failure.value = null;
      },
      (error) => !stale && (failure.value = failureOf(error)),
    );
    return () => {
      stale = true;
    };
  }, [log, step.value, version.value]);
  const now = shown.value;
  return (
    <Page
      title="Conference view"
      heading={now ? <>“{now.words}”</> : "Conference view"}
      back={{ href: `#/child/${log}`, text: "Leave the conference view" }}
      wide
    >
      <Hidden />
      {failure.value && (
        <Notice sort="warning" title={failure.value.title}>
          <p>{failure.value.next}</p>
        </Notice>
      )}
      {!now && !failure.value && <p role="status">Going over the words…</p>}
      {now && <Showing now={now} step={step} />}
    </Page>
  );
}

function Hidden() {
  return (
    <Notice sort="note" title="Made to be shown to others">
      <p>
        People stand here by their initials, writers by their job, and ages for birth dates.
        Addresses, phone numbers and schools are black. This device did that from the names it
        holds: it can miss one it has never heard of, and <strong>the words may still tell who it is.</strong> Read
        it through before you show it. If you print it, nobody on the team is told.
      </p>
    </Notice>
  );
}

function Showing({ now, step }: { now: Shown; step: Signal<Step> }) {
  return (
    <article class="conference" aria-label="What is shown">
      <p class="conference-who">{whom(now)}</p>
      <Steps step={step} />
      <Drawn now={now} step={step.value} />
      <h2>What was written</h2>
      {now.posts.length === 0 ? (
        <p>
          {now.outside > 0
            ? "Nothing in this time. Choose a longer one."
            : "Nothing that can be shown has been written yet."}
        </p>
      ) : (
        <ol class="plain conference-posts">
          {now.posts.map((post) => (
            <Post key={post.seq} post={post} />
          ))}
        </ol>
      )}
      <Present now={now} />
    </article>
  );
}

/** "S. A., 6 years. Also in the household: S. B." */
function whom({ sort, initials, age, due, children }: Shown): string {
  const others = list(children); // ends with a full stop, as initials do
  if (sort === "household") return others ? `A household: ${others}` : "A household.";
  const old = due ? "not born yet" : age ? plural(age.count, age.unit) : "age not known";
  const first = `${initials || "A child"}, ${old}.`;
  return others ? `${first} Also in the household: ${others}` : first;
}

function Steps({ step }: { step: Signal<Step> }) {
  return (
    <div class="steps unprinted" role="group" aria-label="How far back">
      {STEPS.map(([one, name]) => (
        <button key={one} type="button" aria-pressed={one === step.value} onClick={() => (step.value = one)}>
          {name}
        </button>
      ))}
    </div>
  );
}

function Drawn({ now: { picture, sort }, step }: { now: Shown; step: Step }) {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const of = sort === "household" ? "household" : "child";
  const range = rangeOf(step, wholeOf(picture));
  return (
    <section class="picture" aria-labelledby="conference-picture">
      <h2 id="conference-picture">The picture</h2>
      <p class="said">{firstWords(picture, of)}</p>
      <p>
        <bdi>{moreWords(picture).join(" ")}</bdi>
      </p>
      {picture.concern && (
        <p>
          <strong>{concernTitle(picture.concern)}:</strong> <bdi>{picture.concern.people.join("; ")}</bdi>
        </p>
      )}
      {/* It stands before there is anything to draw, so that its width is known by then. */}
      <div class="plot-place" ref={place}>
        {picture.marks.length > 0 && width > 0 && (
          <Plot
            picture={picture}
            child={of === "child"}
            range={range}
            width={width >= WIDE ? width - NAMES : width}
            opening={null}
          />
        )}
      </div>
      {picture.marks.length > 0 && (
        <>
          <p class="small">{rangeWords(range)}</p>
          <Legend marks={picture.marks} />
        </>
      )}
    </section>
  );
}

function Post({ post }: { post: ConferencePost }) {
  const { kind, outcome, when, who, text, sure, side, scale, source, reason, review, corrected, differs } = post;
  const marks = [
    sure && say(SURES, sure),
    side && say(SIDES, side),
    corrected && "Corrected",
    differs && "Somebody sees it differently",
  ].filter((one) => one !== "" && one !== false);
  return (
    <li>
      <p class="conference-head">
        <KindMark mark={markOf(kind, outcome)} /> <strong>{kindWords(post)}</strong>
        <span> · {whenWords(when)}</span>
        <span>
          {" "}
          · <bdi>{who}</bdi>
        </span>
      </p>
      {text && (
        <p class="conference-text" dir="auto">
          {text}
        </p>
      )}
      {marks.length > 0 && <p>{marks.join(" · ")}</p>}
      {scale && (
        <p>
          Scale {scale} of 10 ({sayScale(scale)})
        </p>
      )}
      {source && (
        <p>
          {kind === "told" ? "Told by" : "Source"}: <bdi>{source}</bdi>
        </p>
      )}
      {reason && (
        <p>
          Reason: <bdi>{reason}</bdi>
        </p>
      )}
      {review && <p>Review: {moment(review)}</p>}
    </li>
  );
}

function Present({ now: { people, team } }: { now: Shown }) {
  return (
    <>
      <h2>Who is who</h2>
      <ul class="plain conference-people">
        {[...people, ...team].map(({ initials, who }, at) => (
          <li key={at}>
            <bdi class="name">{initials || "?"}</bdi> <bdi>{who}</bdi>
          </li>
        ))}
      </ul>
    </>
  );
}

function firstDay(step: Step): string {
  if (step === "all") return "";
  const now = new Date();
  const two = (number: number) => String(number).padStart(2, "0");
  const today = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return dayOf(dayNumber(today) - REACH_DAYS[step]);
}
