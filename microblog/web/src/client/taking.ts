// What is taken out as a spreadsheet or on paper: all of it is here and checked first.

import { encodeBase64url } from "../protocol/base64url.ts";
import { BytesMap } from "../protocol/builtins.ts";
import { bring } from "./checking.ts";
import { chronologyOf } from "./chronology.ts";
import type { Feed } from "./feed.ts";
import type { Ask } from "./messages.ts";
import { allPosts } from "./reading.ts";
import type { Session } from "./session.ts";
import type { Chronology } from "./shown-rows.ts";
import { checkDates, streamsOf } from "./telling.ts";

const AT_ONCE = 256; // posts that are checked at a time

/**
 * Return the chronology of some streams, after checking all that was posted there; no log: all that I follow.
 *
 * @throws {Malformed} the first date is later than the last.
 * @throws {NotFollowed} one of them is none of mine.
 * @throws {Unreachable} words are missing here, and the server did not answer: nothing is shown in part.
 */
export async function chronology(
  session: Session,
  { logs, from, to }: Ask<"chronology">,
): Promise<Chronology> {
  checkDates(from, to);
  const feeds = streamsOf(session, logs);
  await bringAll(session, feeds);
  const names = new Map(feeds.map((feed) => [encodeBase64url(feed.log), feed.about()?.name ?? ""]));
  // No log means all to `allPosts`, those that I left as well.
  if (feeds.length === 0) return chronologyOf([], names, { from, to });
  const { posts, unchecked } = allPosts(session, [...names.keys()]);
  return { ...chronologyOf(posts, names, { from, to }), unchecked };
}

async function bringAll(session: Session, feeds: readonly Feed[]): Promise<void> {
  const left = (feed: Feed) => feed.posts.filter((seq) => !feed.isReady(seq));
  const total = feeds.reduce((sum, feed) => sum + left(feed).length, 0);
  let done = 0;
  for (const feed of feeds) {
    for (let missing = left(feed); missing.length > 0; ) {
      const some = missing.slice(-AT_ONCE);
      session.world.progress("check", done, total);
      await bring(session, new BytesMap([[feed.log, some]]));
      done += some.length;
      missing = missing.slice(0, -AT_ONCE);
    }
  }
  if (total > 0) session.world.progress("check", 1, 1);
}
