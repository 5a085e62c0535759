// What still hangs on someone who leaves, as far as I can see it: never more than what I follow and the directory.

import { decodeBase64url, encodeBase64url } from "../protocol/base64url.ts";
import { equalBytes } from "../protocol/builtins.ts";
import type { Feed } from "./feed.ts";
import type { Hanging } from "./messages.ts";
import type { Session } from "./session.ts";
import { byName, compareText, showInvites, showPerson } from "./showing.ts";

type Streams = Hanging["streams"];

/** Return the streams, invitations and people for whom someone else must be found. */
export function hanging(session: Session, personId: string): Hanging {
  const { directory, feeds, world } = session;
  const person = decodeBase64url(personId);
  const listed = [...feeds.values()].filter(({ stream }) => stream.roles.has(person));
  const lead = listed.filter((feed) => isSoleKeeper(session, feed, person));
  const staff = [...directory.persons.values()].filter(({ id, left, supervisor, deputies }) => {
    if (left !== null || equalBytes(id, person)) return false;
    return [supervisor, ...deputies].some((named) => equalBytes(named, person));
  });
  return {
    streams: showStreams(listed),
    soleKeeper: showStreams(lead),
    invites: showInvites(directory, world.clock()).filter(
      ({ inviter, state }) => inviter === personId && state === "open",
    ),
    supervises: staff.map(({ id }) => showPerson(directory, id)).sort(byName),
  };
}

// Whoever the directory has lost looks after nothing any more.
function isSoleKeeper({ directory }: Session, feed: Feed, person: Uint8Array): boolean {
  if (feed.stream.roles.get(person) !== "keeper") return false;
  const others = feed.recipients(directory).filter(([other]) => !equalBytes(other, person));
  return !others.some(([, role]) => role === "keeper");
}

function showStreams(feeds: readonly Feed[]): Streams {
  const shown = feeds.map((feed) => {
    const about = feed.about();
    const log = encodeBase64url(feed.log);
    return { log, name: about?.name ?? "", closed: about?.closed ?? false };
  });
  return shown.sort((a, b) => compareText(a.name, b.name) || compareText(a.log, b.log));
}
