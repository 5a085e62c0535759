// One stream brought up to date: fetched, opened, its boxes put right, remembered.

import { BytesMap } from "../protocol/builtins.ts";
import { openSecrets } from "./boxes.ts";
import { askAgain, checkPosts, keep } from "./checking.ts";
import { refreshDirectory } from "./directory.ts";
import type { Feed } from "./feed.ts";
import { fetchStreams } from "./fetching.ts";
import { checkHeads, saveHeads } from "./freshness.ts";
import { mustHold } from "./login.ts";
import { feedOf, type Session } from "./session.ts";

/** Fetch what is new in the directory and in one stream that I know, and check all of it. */
export async function refreshLog(session: Session, log: Uint8Array): Promise<Feed> {
  const feed = feedOf(session, log);
  await refreshDirectory(session);
  const since = new BytesMap([[log, feed.nextSeq]]);
  await fetchStreams(session, { since, expected: new BytesMap(), total: 0, lean: false });
  await checkPosts(session, feed);
  await finish(session, log);
  await saveHeads(session);
  return feed;
}

/** Open what can be opened of a stream just fetched, put its boxes right, and remember it. */
export async function finish(session: Session, log: Uint8Array): Promise<void> {
  const feed = feedOf(session, log);
  const { person } = session.keys;
  const note = session.notes.get(log);
  if (!feed.admissions.has(person) && !feed.removals.has(person) && note === undefined) {
    // Nothing of ours, whatever the server says, unless it does not let us see whether it is.
    if (feed.trouble === null) session.feeds.delete(log);
    return;
  }
  if (note?.pin && feed.trouble === null && (await mustHold(session, note.pin, feed.nextSeq))) {
    feed.checkPin(note.pin, session.directory);
  }
  await checkHeads(session, feed);
  await askAgain(session, feed);
  await openSecrets(session, feed);
  if (feed.unchecked.size === 0) await keep(session, feed);
}
