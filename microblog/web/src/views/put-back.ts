// A post that did not leave goes back to where it was written, with everything that was marked on it.

import type { Outgoing } from "../client/shown-hand.ts";
import { ask } from "./bridge.ts";
import { NO_DATE, partsOfDate } from "./date-parts.ts";
import { BLANK, type PostDraft } from "./post-draft.ts";
import { go, route } from "./route.ts";
import { begunAt, changeDraft } from "./state.ts";

/** A composer: what its draft is called, and the page it stands on. */
interface Place {
  key: string;
  path: string;
}

/** Return a post as it was being written. */
export function draftOf({ log, draft: said }: Outgoing): PostDraft {
  const { refers: _, how: __, happened, review, ...marks } = said;
  const [day = "", time = ""] = happened.split("T");
  return {
    ...BLANK,
    ...marks,
    log,
    day: day ? partsOfDate(day) : NO_DATE,
    time,
    review: review ? partsOfDate(review) : NO_DATE,
    reviewed: said.kind === "decision" && review === "",
  };
}

/**
 * Take a post out of the outbox, and put its words back; false: it has left already.
 *
 * `free`: for another child, so none is chosen. `gone`: it may have arrived, and is let go all the same.
 */
export async function putBack(row: Outgoing, { free = false, gone = false } = {}): Promise<boolean> {
  const { id } = row;
  const take = async (drafts?: string): Promise<boolean> => {
    const said = drafts === undefined ? { id } : { id, drafts };
    return gone ? ask("throwAway", said).then(() => true) : ask("undo", said);
  };
  // A reply of one tap has no words to be kept.
  if (row.draft.text === "") return take();
  const written = { ...draftOf(row), ...(free && { log: "" }) };
  const { key, path } = free ? STREAM : placeOf(row);
  const there = begunAt<PostDraft>(key);
  // What was begun there meanwhile stays, and stands first; a correction begins with what it corrects.
  const isFree = row.draft.how === "correction" || !isBegun(key);
  const both = there && !isFree ? { ...there, text: `${there.text}\n${written.text}` } : written;
  const taken = await changeDraft(key, both, take, Boolean);
  if (taken && route.peek().path === path) document.querySelector<HTMLElement>(".composer textarea")?.focus();
  else if (taken) go(path);
  return taken;
}

const STREAM: Place = { key: "post:stream", path: "/" };

// Where it was written; of several places the one that is on the screen, or that is free.
function placeOf({ log, answers, draft: { how } }: Outgoing): Place {
  const child = { key: `post:${log}`, path: `/child/${log}` };
  if (answers >= 0) {
    const reply = how || "review";
    return { key: `post:${log}:${answers}:${reply}`, path: `${child.path}/post/${answers}/${reply}` };
  }
  const places = route.peek().path === child.path ? [child, STREAM] : [STREAM, child];
  return places.find(({ key }) => !isBegun(key)) ?? places[0]!;
}

function isBegun(key: string): boolean {
  return Boolean(begunAt<PostDraft>(key)?.text.trim());
}
