// The round-up by mail: when it comes, and what became of everyone's newest.

import { ask } from "./login.ts";
import type { Session } from "./session.ts";
import type { MailStates, RoundUpChoice } from "./shown-rounds.ts";

/** Return when my round-up comes by mail, and whether this server mails at all. */
export async function roundUpChoice(session: Session): Promise<RoundUpChoice> {
  return ask(session, () => session.transport.roundUp());
}

/** Choose when my round-up comes by mail. */
export async function setRoundUpChoice(session: Session, choice: RoundUpChoice): Promise<void> {
  await ask(session, () => session.transport.putRoundUp(choice));
}

/** Return what became of everyone's newest mail, as the server says; only a steward is told. */
export async function mailStates(session: Session): Promise<MailStates> {
  return ask(session, () => session.transport.roundUps());
}
