// What is not yet sent, at the top: why not, what to do, and who will be able to read it.

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";

import type { Outgoing } from "../../client/shown-hand.ts";
import type { Child } from "../../client/shown.ts";
import { ask } from "../bridge.ts";
import { age, date, since } from "../dates.ts";
import { useForm } from "../form.ts";
import { putBack } from "../put-back.ts";
import { failureNamed } from "../sentences.ts";
import { childOf, overview } from "../state.ts";
import { called, HOWS, KINDS, nameOf, OUTCOMES, say, SIDES, SURES } from "../words.ts";
import { Apart } from "./apart.tsx";
import { Button } from "./button.tsx";
import { Copy } from "./copy.tsx";
import { ErrorSummary } from "./error-summary.tsx";
import { KindMark, markOf } from "./kind-mark.tsx";
import { Newcomers } from "./newcomers.tsx";
import { Readers } from "./readers.tsx";
import { Unvouched } from "./vouching.tsx";

const FEW = 5;
const SOON_MS = 15_000;

/** Of one child, or of all whom I follow. */
export function NotSent({ log }: { log?: string }) {
  const all = useSignal(false);
  const rows = held().filter((row) => !log || row.log === log);
  if (rows.length === 0) return null;
  const shown = all.value ? rows : rows.slice(0, FEW);
  return (
    <section aria-labelledby="not-sent" class="not-sent">
      <h2 id="not-sent">{rows.length === 1 ? "1 post is not yet sent" : `${rows.length} posts are not yet sent`}</h2>
      {shown.map((row) => (
        <Row key={row.id} row={row} />
      ))}
      {shown.length < rows.length && (
        <Button look="second" onClick={() => (all.value = true)}>
          Show all {rows.length}
        </Button>
      )}
    </section>
  );
}

/** Whatever did not simply go: while all is well, a post is under way for a moment only, and nothing is said of it. */
function held(): Outgoing[] {
  const rows = (overview.value?.outgoing ?? []).filter(({ state }) => state !== "undo");
  const isStuck = rows.some((row) => row.error || asks(row));
  const late = Date.now() - SOON_MS;
  return isStuck || !overview.value?.online ? rows : rows.filter(({ written }) => written < late);
}

/** Does it wait for its writer, and not for the network? */
function asks({ state }: Outgoing): boolean {
  return state === "asking" || state === "refused";
}

function Row({ row }: { row: Outgoing }) {
  const { id, log, draft, written } = row;
  const child = childOf(log);
  const mark = markOf(draft.kind, draft.outcome);
  return (
    <article class={`post ${mark}`} aria-labelledby={`outgoing-${id}`}>
      <div class="post-head">
        <h3 id={`outgoing-${id}`} class="post-kind">
          <KindMark mark={mark} /> {say(KINDS, draft.kind)}
        </h3>
        {draft.outcome && <span class="tag">{say(OUTCOMES, draft.outcome)}</span>}
        {draft.sure && <span class="tag">{say(SURES, draft.sure)}</span>}
        {draft.side && <span class={`tag ${draft.side}`}>{say(SIDES, draft.side)}</span>}
        {draft.nudge && <span class="tag">Nudge</span>}
        <span class={asks(row) ? "tag alert" : "tag"}>Not yet sent</span>
      </div>
      <p class="post-who">
        {child && (
          <>
            <a class="name" href={`#/child/${log}`}>
              <bdi>{called(child)}</bdi>
              <Apart log={log} />
            </a>{" "}
            {age(child.birth)} ·{" "}
          </>
        )}
        written {since(written)}
      </p>
      {draft.how && <p class="post-how">{say(HOWS, draft.how)}</p>}
      {draft.text && (
        <p class="outgoing-text" dir="auto">
          {draft.text}
        </p>
      )}
      <What row={row} child={child} />
    </article>
  );
}

function What({ row, child }: { row: Outgoing; child: Child | undefined }) {
  const members = child?.members.map(({ person }) => person.id) ?? [];
  const form = useForm(() => [], async () => send(false));
  const send = (allTheSame: boolean) => {
    const shown = [...new Set([...members, ...row.newcomers.map(({ id }) => id)])];
    return ask("sendAgain", { id: row.id, shown, allTheSame });
  };
  const back = () => void putBack(row, { gone: row.tried });
  const busy = form.busy || row.state === "sending";
  if (row.state === "asking" && child && row.newcomers.length > 0) {
    return <Newcomers still newcomers={row.newcomers} child={child} busy={busy} onYes={form.submit} onNo={back} />;
  }
  if (row.state === "asking" && child) {
    return (
      <>
        <Unvouched
          child={child}
          when={row.unvouched}
          busy={busy}
          onAgain={form.submit}
          onAllTheSame={() => void send(true)}
        />
        <Acts row={row} />
      </>
    );
  }
  return (
    <>
      <p role="status">
        <Why row={row} child={child} />
      </p>
      {row.state !== "refused" && child && <Readers child={child} />}
      <ErrorSummary form={form} title="Not sent." />
      <Acts row={row}>
        {row.state === "refused" ? (
          child?.myRole && (
            <Button look="second" busy={busy} onClick={form.submit}>
              Try again
              <Which row={row} />
            </Button>
          )
        ) : (
          <Button look="second" busy={busy} onClick={() => void ask("flush").catch(() => null)}>
            Try now
            <Which row={row} />
          </Button>
        )}
      </Acts>
    </>
  );
}

/** Which of them a control is about, for whoever does not see where it stands. */
function Which({ row: { log, written } }: { row: Outgoing }) {
  const child = childOf(log);
  return (
    <span class="unseen">
      : {child && `${called(child)}, `}written {since(written)}
    </span>
  );
}

/** Why it has not left, and what becomes of it. */
function Why({ row, child }: { row: Outgoing; child: Child | undefined }) {
  const { state, error, code } = row;
  if (state === "sending") return <>Sending…</>;
  if (state === "refused" && !child?.myRole) {
    return (
      <>
        <strong>Not sent: you are not on this team any more.</strong>{" "}
        {child?.removed && (
          <>
            <bdi>{nameOf(child.removed.by)}</bdi> took you off on {date(child.removed.time)}.{" "}
          </>
        )}
        {!row.tried && "Nobody has read it. "}Ring a keeper of the team if it still matters.
      </>
    );
  }
  if (error === "" || error === "Unreachable") {
    return (
      <>
        It is kept on {overview.value?.stored ? "this device, sealed" : "this page, sealed, until you close it"}, and
        goes by itself as soon as the server can be reached.
      </>
    );
  }
  const { title, next } = failureNamed(error, code);
  return (
    <>
      <strong>{title}</strong> {next} {state === "waiting" && "It is tried again by itself."}
    </>
  );
}

/** What can be done with words that have not left; letting them go is asked once. */
function Acts({ row, children }: { row: Outgoing; children?: ComponentChildren }) {
  const asking = useSignal(false);
  const { state, tried, draft } = row;
  if (asking.value) {
    return (
      <div class="notice warning">
        <p class="notice-title">Throw these words away?</p>
        <p>
          They are nowhere else, and cannot be brought back.{" "}
          {tried && "If they did arrive after all, they stand in the stream, and can be withdrawn there."}
        </p>
        <p class="row">
          <Button look="warning" onClick={() => void ask("throwAway", { id: row.id }).catch(() => null)}>
            Throw away
          </Button>
          <Button look="second" onClick={() => (asking.value = false)}>
            Keep
          </Button>
        </p>
      </div>
    );
  }
  const free = state === "refused";
  return (
    <>
      <p class="row">
        {children}
        {(free || !tried) && draft.text && (
          <Button look="second" onClick={() => void putBack(row, { free, gone: tried })}>
            {free ? "Put it on another child" : "Take it back"}
            <Which row={row} />
          </Button>
        )}
        <Button look="plain" onClick={() => (asking.value = true)}>
          Throw away
          <Which row={row} />
        </Button>
      </p>
      {free && draft.text && <Copy text={draft.text} what="text" />}
    </>
  );
}
