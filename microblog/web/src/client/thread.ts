// One post by its number, and those that answer it.

import { decodeBase64url } from "../protocol/base64url.ts";
import { BytesMap, BytesSet, equalBytes } from "../protocol/builtins.ts";
import { bring } from "./checking.ts";
import type { Feed } from "./feed.ts";
import { wholePosts } from "./parts.ts";
import { showPosts } from "./posts.ts";
import { viewerOf } from "./reading.ts";
import { runEnd, runStart } from "./runs.ts";
import { feedOf, type Session } from "./session.ts";
import type { Post } from "./shown.ts";

/**
 * Return a post, as one if it is in parts, and after it the posts that answer it, oldest first, as far as they are
 * checked; nothing if there is no such post.
 *
 * @throws {Unreachable} the server did not answer, and the post is not here.
 */
export async function thread(session: Session, log: string, seq: number): Promise<Post[]> {
  const feed = feedOf(session, decodeBase64url(log));
  const at = feed.posts.indexOf(seq);
  if (at < 0) return [];
  // The parts of a row stand among the rows that were brought in with it.
  const near = feed.posts.slice(runStart(feed, at), runEnd(feed, at) + 1);
  await bring(session, new BytesMap([[feed.log, near.filter((one) => !feed.isReady(one))]]));
  if (!feed.isReady(seq)) return [];
  const whole = partsOf(feed, seq, near);
  const viewer = viewerOf(session, feed);
  const [post] = wholePosts(showPosts(feed, whole, viewer));
  if (post === undefined) return [];
  return [post, ...wholePosts(showPosts(feed, answersTo(feed, whole), viewer))];
}

// The post first, whatever else bears the number of its row.
function partsOf(feed: Feed, seq: number, near: readonly number[]): number[] {
  const words = feed.words.get(seq);
  if (words?.sort !== "post" || words.post.part === 0) return [seq];
  const { row } = words.post;
  const others = near.filter((one) => {
    const said = feed.words.get(one);
    return one !== seq && feed.isReady(one) && said?.sort === "post" && equalBytes(said.post.row, row);
  });
  return [seq, ...others];
}

function answersTo(feed: Feed, seqs: readonly number[]): number[] {
  const ids = new BytesSet(seqs.flatMap((seq) => feed.entries[seq]?.id ?? []));
  return feed.posts.filter((seq) => {
    const words = feed.words.get(seq);
    if (!feed.isReady(seq) || words?.sort !== "post") return false;
    return words.post.refers.some((id) => ids.has(id));
  });
}
