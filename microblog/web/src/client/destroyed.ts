// What a team sees of destroying for good: a hold, what is proposed, what was destroyed, and from when it may be.

import { encodeBase64url } from "../protocol/base64url.ts";
import { equalBytes } from "../protocol/builtins.ts";
import { rulesOf, type Directory } from "../protocol/directory.ts";
import { WAIT_MS } from "../protocol/shred.ts";
import { openProposals, shredAt } from "./destroying.ts";
import type { Feed } from "./feed.ts";
import { dueDate } from "./retention.ts";
import { showPerson, showTime } from "./showing.ts";
import type { Child, Shred } from "./shown.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Return what is held, proposed, destroyed and due of a stream. */
export function showDestroying(
  feed: Feed,
  directory: Directory,
): Pick<Child, "held" | "shreds" | "retention"> {
  const classes = directory.policy?.retention ?? [];
  return {
    held: showHold(feed, directory),
    shreds: showShreds(feed, directory),
    retention: classes.map((row) => ({
      cls: row.name,
      source: row.source,
      due: dueDate(feed, row),
    })),
  };
}

function showHold(feed: Feed, directory: Directory): Child["held"] {
  const header = feed.entries[feed.hold]?.header;
  if (header === undefined || !feed.stream.held) return null;
  const by = showPerson(directory, header.author);
  return { by, time: showTime(header.time), why: feed.why(header.seq) };
}

// Newest first. What a hold has taken back is none any more.
function showShreds(feed: Feed, directory: Directory): Shred[] {
  const open = new Set(openProposals(feed));
  const shown: Shred[] = [];
  for (const seq of feed.shreds) {
    const done = doneOf(feed, seq, directory);
    if (done !== null || open.has(seq)) shown.unshift(showShred(feed, seq, done, directory));
  }
  return shown;
}

function showShred(feed: Feed, seq: number, done: Shred["done"], directory: Directory): Shred {
  const { header, id } = feed.entries[seq]!;
  const words = feed.words.get(seq);
  const days = rulesOf(directory).get("backups-kept-days") ?? 0;
  return {
    id: encodeBase64url(id),
    seqs: [...shredAt(feed, seq)[0]],
    by: showPerson(directory, header.author),
    time: showTime(header.time),
    cls: words?.sort === "reason" ? words.reason.sort : "",
    why: feed.why(seq),
    ready: showTime(header.time + WAIT_MS),
    done,
    goneFromBackups: done === null || days === 0 ? 0 : showTime(done.time + days * DAY_MS),
  };
}

function doneOf(feed: Feed, seq: number, directory: Directory): Shred["done"] {
  const proposal = feed.entries[seq]!.id;
  const by = feed.shreds.find((at) => equalBytes(shredAt(feed, at)[1], proposal));
  const header = by === undefined ? undefined : feed.entries[by]?.header;
  if (header === undefined) return null;
  return { by: showPerson(directory, header.author), time: showTime(header.time) };
}
