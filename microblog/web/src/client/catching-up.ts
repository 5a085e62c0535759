// Catching up: what is new of one stream after the other, the oldest first, until there is no more.

import { decodeBase64url, encodeBase64url } from "../protocol/base64url.ts";
import { BytesMap } from "../protocol/builtins.ts";
import { bring } from "./checking.ts";
import type { Feed } from "./feed.ts";
import type { Ask } from "./messages.ts";
import { wholePosts } from "./parts.ts";
import { FUTURE_MS, isNews, isUnread, showPosts } from "./posts.ts";
import { viewerOf } from "./reading.ts";
import { feedOf, type Session } from "./session.ts";
import type { NewIn, NewPosts } from "./shown-hand.ts";
import { Unreachable } from "./transport.ts";

/** Return in which streams there is something new, and how much; `since`: posted later (ms); 0: not read. */
export function newIn(session: Session, { since }: Ask<"newIn">): NewIn[] {
  return [...session.feeds.values()].flatMap((feed) => {
    const count = seqsOf(session, feed, since).length;
    return count > 0 ? [{ log: encodeBase64url(feed.log), count }] : [];
  });
}

/**
 * Return the oldest of what is new of a stream after a post, those in parts as one, once they are checked.
 *
 * It ends before the first that could not be: nothing that was not shown comes before what was.
 *
 * @throws {Unreachable} the server did not answer, and nothing of it can be shown.
 */
export async function newPosts(session: Session, { log, since, after, count }: Ask<"newPosts">): Promise<NewPosts> {
  const feed = feedOf(session, decodeBase64url(log));
  const asked = seqsOf(session, feed, since).filter((seq) => seq > after).slice(0, count);
  try {
    await bring(session, new BytesMap([[feed.log, asked.filter((seq) => !feed.isReady(seq))]]));
  } catch (error) {
    if (!(error instanceof Unreachable) || !feed.isReady(asked[0] ?? 0)) throw error;
  }
  // A post that was false is gone, and others may stand in its place.
  const there = seqsOf(session, feed, since).filter((seq) => seq > after);
  const end = there.findIndex((seq) => !feed.isReady(seq));
  const seqs = (end < 0 ? there : there.slice(0, end)).slice(0, count);
  return {
    posts: wholePosts(showPosts(feed, seqs, viewerOf(session, feed))),
    seqs,
    left: there.length - seqs.length,
  };
}

// A clock may be wrong, or lie: what stands in the log after something of that time is of that time too, so that no
// wrong clock keeps a post out; and a time that has not come is no time.
function seqsOf(session: Session, feed: Feed, since: number): number[] {
  const viewer = viewerOf(session, feed);
  if (since === 0) return feed.posts.filter((seq) => isUnread(feed, seq, viewer));
  let latest = 0;
  return feed.posts.filter((seq) => {
    const time = feed.entries[seq]?.header.time ?? 0;
    if (time <= viewer.now + FUTURE_MS) latest = Math.max(latest, time);
    return Math.max(latest, time) > since && isNews(feed, seq, viewer.me);
  });
}
