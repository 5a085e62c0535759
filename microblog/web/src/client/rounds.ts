// The round-up: the day as this device tells it, a line for each post.

import { encodeBase64url } from "../protocol/base64url.ts";
import { BytesMap } from "../protocol/builtins.ts";
import { twoWords } from "../protocol/naming.ts";
import { QUIET } from "../protocol/post.ts";
import { bring } from "./checking.ts";
import type { Feed } from "./feed.ts";
import { glanceAt } from "./glance.ts";
import { lineOf } from "./lines.ts";
import type { Ask } from "./messages.ts";
import { compareText } from "./order.ts";
import { FUTURE_MS, isUnread, showPosts } from "./posts.ts";
import { viewerOf } from "./reading.ts";
import type { Session } from "./session.ts";
import type { Viewer } from "./showing.ts";
import type { RoundUp, RoundUpChild, RoundUpLine } from "./shown-rounds.ts";
import type { Post } from "./shown.ts";
import { Unreachable } from "./transport.ts";
import { addDays, today } from "./when.ts";

/**
 * Return what was posted since so many days ago, or all that is unread: a line for each post, by child.
 *
 * What is not checked yet is checked first; without an answer of the server, what is here is told, and how much is not.
 */
export async function roundUp(session: Session, { days, unread }: Ask<"roundUp">): Promise<RoundUp> {
  const since = unread ? "" : addDays(today(session.world.clock()), -days);
  try {
    await bring(session, missingOf(session, since));
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
  }
  return tell(session, since);
}

function missingOf(session: Session, since: string): BytesMap<number[]> {
  const missing = new BytesMap<number[]>();
  for (const feed of session.feeds.values()) {
    const seqs = newIn(feed, viewerOf(session, feed), since).filter((seq) => !feed.isReady(seq));
    if (seqs.length > 0) missing.set(feed.log, seqs);
  }
  return missing;
}

function tell(session: Session, since: string): RoundUp {
  const rows = [...session.feeds.values()].map((feed) => tellStream(session, feed, since));
  const children = rows.map(({ child }) => child).filter(({ lines }) => lines.length > 0);
  const others = children.flatMap(({ lines }) => lines.filter(({ mine }) => !mine));
  const due = rows.flatMap((row) => row.due);
  return {
    since,
    children: children.sort((a, b) => compareText(a.name, b.name) || compareText(a.log, b.log)),
    posts: others.length,
    nudges: others.filter(({ nudge }) => nudge).length,
    due: due.sort((a, b) => compareText(a.review, b.review) || compareText(a.id, b.id)),
    unchecked: rows.reduce((sum, row) => sum + row.unchecked, 0),
  };
}

interface Told {
  readonly child: RoundUpChild;
  readonly due: RoundUp["due"];
  readonly unchecked: number;
}

function tellStream(session: Session, feed: Feed, since: string): Told {
  const viewer = viewerOf(session, feed);
  const seqs = newIn(feed, viewer, since);
  const ready = seqs.filter((seq) => feed.isReady(seq));
  const posts = showPosts(feed, ready, viewer).filter(({ quiet, row }) => !(quiet && row !== ""));
  const lines = posts.map((post) => tellPost(post, viewer));
  const log = encodeBase64url(feed.log);
  const child = { log, name: feed.about()?.name ?? "", words: twoWords(feed.log), lines };
  // Of a stream that I no longer follow nothing is asked of me.
  const due = feed.stream.roles.has(viewer.me) ? glanceAt(feed, viewer).due : [];
  return { child, due, unchecked: seqs.length - ready.length };
}

function tellPost(post: Post, { me, now }: Viewer): RoundUpLine {
  const { log, seq, id, state, kind, outcome, how, nudge, unread, mine, replies } = post;
  const my = encodeBase64url(me);
  const answered = replies.some((reply) => reply.how === "same" && reply.author.id === my);
  const line = lineOf(post, now);
  return { log, seq, id, state, line, kind, outcome, how, nudge, unread, mine, answered };
}

// A clock may be wrong, or lie: what stands in the log after something of that day is of that day too, so that no wrong
// clock keeps a post out; and a time that has not come is no day.
function newIn(feed: Feed, viewer: Viewer, since: string): number[] {
  const start = since === "" ? 0 : new Date(`${since}T00:00`).getTime();
  let latest = 0;
  return feed.posts.filter((seq) => {
    const time = feed.entries[seq]?.header.time ?? 0;
    if (time <= viewer.now + FUTURE_MS) latest = Math.max(latest, time);
    // A row brought in is known by its words, and those that are not opened yet are opened in their turn.
    if (feed.mark(seq) === QUIET && !feed.isReady(seq)) return false;
    return since === "" ? isUnread(feed, seq, viewer) : Math.max(latest, time) >= start;
  });
}
