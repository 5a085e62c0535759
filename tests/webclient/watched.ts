// A practice whose steward has named a witness.

import { encodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { Witness } from "../lying/witness.ts";
import { type Desk, draftOf, Practice } from "./desks.ts";

export interface Watched {
  practice: Practice;
  ann: Desk;
  bea: Desk;
  log: string;
  witness: Witness;
}

/** A practice whose steward has named a witness that has looked once. */
export async function watched(): Promise<Watched> {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Child", bea);
  const witness = new Witness(practice.server);
  await practice.steward.ask("addWitness", { key: encodeBase64url(witness.key) });
  witness.look();
  await practice.steward.ask("refresh");
  await bea.ask("refresh");
  return { practice, ann: practice.steward, bea, log, witness };
}

/** Have someone try to post, and return what became of it. */
export async function attempt(desk: Desk, log: string, text: string, allTheSame = false) {
  const shown = (await desk.child(log)).members.map(({ person }) => person.id);
  return desk.post({ log, draft: draftOf(text), shown, allTheSame });
}

/** What is wrong with a stream once someone has looked again. */
export async function troubleOf(desk: Desk, log: string): Promise<string> {
  await desk.ask("refresh");
  return (await desk.child(log)).trouble?.error ?? "";
}

/** What is wrong with a log: the directory, or a stream. */
export async function wrongWith(desk: Desk, log: string): Promise<string> {
  const { children, trouble } = await desk.ask("overview");
  const wrong = log === "" ? trouble : children.find((child) => child.log === log)?.trouble;
  return wrong?.error ?? "";
}
