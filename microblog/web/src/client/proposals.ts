// What I am asked once: to let someone's supervisor in, for all the children whom both they and I know.
//
// Who supervises whom is what each says of themselves in the verified directory. It gives nobody anything: a keeper
// decides, and is told by name.

import { encodeBase64url } from "../protocol/base64url.ts";
import { BytesMap, compareBytes } from "../protocol/builtins.ts";
import { decodeArray, encode } from "../protocol/encoding.ts";
import { ProtocolError } from "../protocol/errors.ts";
import * as shape from "../protocol/shape.ts";
import type { Feed } from "./feed.ts";
import type { Memory } from "./memory.ts";
import type { Session } from "./session.ts";
import { byName, compareText, showPerson } from "./showing.ts";
import type { Proposal } from "./shown.ts";

const MOST_DISMISSED = 10_000;
const KEY_LENGTH = 45; // two ids of 22 letters and a stroke

/** Return what I am asked, by name, without what I have said no to. */
export function proposals(session: Session): Proposal[] {
  const { directory, dismissed } = session;
  const found = new Map<string, Proposal>();
  for (const feed of [...session.feeds.values()].filter((feed) => mayAdd(session, feed))) {
    for (const [person, supervisor] of missing(session, feed)) {
      const key = `${encodeBase64url(person)}/${encodeBase64url(supervisor)}`;
      if (dismissed.has(key)) continue;
      const proposal = found.get(key) ?? {
        person: showPerson(directory, person),
        supervisor: showPerson(directory, supervisor),
        logs: [],
        key,
      };
      proposal.logs.push(encodeBase64url(feed.log));
      found.set(key, proposal);
    }
  }
  const ordered = [...found.values()].map((row) => ({ ...row, logs: row.logs.sort(compareText) }));
  return ordered.sort((a, b) => byName(a.person, b.person) || compareText(a.key, b.key));
}

/** Ask me this no more on this device. */
export async function dismissProposal(session: Session, key: string): Promise<void> {
  session.dismissed.add(key);
  await session.memory.putAside("dismissed", encode([...session.dismissed].sort(compareText)));
}

/** Return what was dismissed on this device. */
export async function loadDismissed(memory: Memory): Promise<Set<string>> {
  try {
    const kept = decodeArray((await memory.aside("dismissed")) ?? encode([]));
    const keys = shape.array(kept, 0, MOST_DISMISSED, "dismissed");
    return new Set(keys.map((key) => shape.text(key, 0, KEY_LENGTH, "key")));
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return new Set();
  }
}

function mayAdd(session: Session, feed: Feed): boolean {
  const me = session.keys.person;
  if (feed.trouble !== null || feed.isWaiting() || feed.about()?.closed) return false;
  return feed.stream.roles.has(me) && feed.stream.keepers().has(me);
}

// Those on a team whose supervisor works here and is not on it, with that supervisor.
function missing({ directory }: Session, feed: Feed): [Uint8Array, Uint8Array][] {
  const listed = new BytesMap(feed.recipients(directory));
  const found: [Uint8Array, Uint8Array][] = [];
  for (const person of [...listed.keys()].sort(compareBytes)) {
    const supervisor = directory.persons.get(person)?.supervisor ?? new Uint8Array();
    const known = directory.persons.get(supervisor);
    if (known === undefined || known.left !== null || listed.has(supervisor)) continue;
    found.push([person, supervisor]);
  }
  return found;
}
