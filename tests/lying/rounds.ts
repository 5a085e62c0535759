// Round-ups and notices at a server that stands in for a real one: it keeps what is chosen, and sends nothing.

import type { Notices, Reached } from "../../microblog/web/src/client/shown-hand.ts";
import type { MailStates, RoundUpChoice } from "../../microblog/web/src/client/shown-rounds.ts";
import { NoteConnection } from "./notes.ts";

/** What any connection answers of round-ups. */
export abstract class RoundConnection extends NoteConnection {
  choice: RoundUpChoice = {
    every: "off",
    at: "08:00",
    weekday: 0,
    nudges: false,
    quiet: [],
    mails: false,
    zone: "Europe/London",
  };
  mailStates: MailStates = { looked: 0, states: [] };
  notices: Notices = {
    ...{ on: false, key: "", zone: "Europe/London", begin: "18:00", end: "08:00", quiet: [5, 6] },
    ...{ looked: 0, sent: 0, tries: 0, tried: 0 },
  };

  async roundUp(): Promise<RoundUpChoice> {
    return this.choice;
  }

  async putRoundUp(choice: RoundUpChoice): Promise<void> {
    const { mails, zone } = this.choice;
    this.choice = { ...choice, mails, zone };
  }

  async push(): Promise<Notices> {
    return this.notices;
  }

  async putPush({ begin, end, quiet }: Reached & Pick<Notices, "begin" | "end" | "quiet">): Promise<void> {
    this.notices = { ...this.notices, on: true, begin, end, quiet };
  }

  async deletePush(): Promise<void> {
    this.notices = { ...this.notices, on: false };
  }

  async tryPush(): Promise<void> {
    this.notices = { ...this.notices, tried: 1 };
  }

  async roundUps(): Promise<MailStates> {
    return this.mailStates;
  }
}
