// Whether there is something new to show.

import { encodeBase64url } from "../protocol/base64url.ts";
import type { Session } from "./session.ts";

/** Return what, if it is another than before, means that there is something new to show. */
export function markOf(session: Session): string {
  if (session.locked) return "";
  const feeds = [...session.feeds.values()].map((feed) => {
    const note = session.notes.get(feed.log);
    return [
      feed.nextSeq,
      feed.secrets.size,
      feed.trouble,
      [note?.read, note?.again, note?.singles],
      [...feed.words.values()].filter(({ sort }) => sort === "withheld" || sort === "waiting").length,
    ];
  });
  const { directory, dismissed, trouble, online, restoring, full } = session;
  const asks = session.asks.map(({ boxesHash }) => encodeBase64url(boxesHash));
  const vouched = [...session.vouched].map(([, { time, seq }]) => [time, seq]);
  const rest = [directory.ids.length, dismissed.size, asks, vouched, trouble, online, restoring, full];
  return JSON.stringify([rest, feeds]);
}
