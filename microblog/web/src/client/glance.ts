// What is seen of a stream at a glance. It is asked for at every change, of every stream: so it is kept until something
// in that stream, the directory or the day is another.

import type { Directory } from "../protocol/directory.ts";
import type { Stream } from "../protocol/stream.ts";
import { accountOf } from "./account.ts";
import { attemptsIn, concernIn, dueIn, nudgedIn, seenIn } from "./facts.ts";
import type { Feed } from "./feed.ts";
import { wholePosts } from "./parts.ts";
import { showPosts } from "./posts.ts";
import { firstMonday, quietIn, weeksOf } from "./rhythm.ts";
import type { Viewer } from "./showing.ts";
import type { Glance } from "./shown-picture.ts";
import { today as dayOf } from "./when.ts";

/** A glance, and what it was taken of; `opened` is how many posts said something. */
export interface Glanced {
  readonly stream: Stream;
  readonly directory: Directory;
  readonly opened: number;
  readonly today: string;
  readonly glance: Glance;
}

/** Return what is seen of a stream, as far as it is checked. */
export function glanceAt(feed: Feed, viewer: Viewer): Glance {
  const { stream, glanced: known } = feed;
  const { directory } = viewer;
  const today = dayOf(viewer.now);
  const seqs = feed.posts.filter((seq) => feed.isReady(seq)); // in the order of the log
  // An entry's words never change: they are opened, or erased by an entry that makes the stream another.
  const opened = seqs.filter((seq) => feed.words.get(seq)?.sort === "post").length;
  const isSame =
    known?.stream === stream &&
    known.directory === directory &&
    known.opened === opened &&
    known.today === today;
  if (isSame) return known.glance;
  const glance = look(feed, seqs, viewer, today);
  feed.glanced = { stream, directory, opened, today, glance };
  return glance;
}

function look(feed: Feed, seqs: readonly number[], viewer: Viewer, today: string): Glance {
  const account = accountOf(wholePosts(showPosts(feed, seqs, viewer)), today);
  const seen = seenIn(account);
  const weeks = weeksOf(account.said, firstMonday([], today), today);
  return {
    weeks: weeks.map(({ posts }) => posts),
    concern: concernIn(account),
    seen,
    attempts: attemptsIn(account, seen).length,
    quiet: quietIn(account.shown, today),
    nudged: nudgedIn(account),
    due: dueIn(account),
  };
}
