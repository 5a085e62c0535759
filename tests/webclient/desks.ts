// People at work in one practice, each behind the Worker's own border, with an honest server in memory between them.

import { Calls } from "../../microblog/web/src/client/calls.ts";
import { UnstoredDatabase } from "../../microblog/web/src/client/database.ts";
import type { Answer, Ask, Message, Name, Sent } from "../../microblog/web/src/client/messages.ts";
import type { Child, Draft, Post } from "../../microblog/web/src/client/shown.ts";
import type { Tabs } from "../../microblog/web/src/client/tabs.ts";
import { ready } from "../../microblog/web/src/protocol/primitives.ts";
import { HonestServer, TOKEN, type Connection } from "../lying/server.ts";

export const PASSPHRASE = "correct horse battery";
const START = 1_790_000_000_000;

/** A clock that goes on by a second whenever it is looked at. */
export class Clock {
  now = START;
  readonly read = (): number => (this.now += 1000);
}

/** A browser's storage, for as long as the test runs. */
export class BrowserDatabase extends UnstoredDatabase {
  override readonly stored = true;
  /** What the outbox of each of its tabs hears from the others. */
  readonly tabs = new Map<Desk, Parameters<Tabs["hear"]>[0]>();
  usable = true;

  async works(): Promise<boolean> {
    return this.usable;
  }
}

/** One Worker, the page's end of it, and what it said without being asked. */
export class Desk {
  readonly connection: Connection;
  readonly database: BrowserDatabase;
  readonly messages: Message[] = [];
  readonly #calls: Calls;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #timers = new Set<() => void>();
  #id = 0;

  constructor(
    server: HonestServer,
    database = new BrowserDatabase(),
    load: () => Promise<void> = () => ready,
  ) {
    this.connection = server.connect();
    this.database = database;
    this.#calls = new Calls({
      transport: this.connection,
      clock: server.clock,
      random: (size) => crypto.getRandomValues(new Uint8Array(size)),
      database,
      ready: load,
      tell: (message) => this.#hear(message),
      later: (work) => {
        this.#timers.add(work);
        return () => this.#timers.delete(work);
      },
      tabs: {
        tell: (row) => {
          for (const [desk, take] of database.tabs) if (desk !== this) take(structuredClone(row));
        },
        hear: (take) => void database.tabs.set(this, take),
      },
    });
  }

  /** Have time go by, and wait until everything that was to be done then is. */
  async wait(): Promise<void> {
    this.ring();
    await this.settle();
  }

  /** Have every timer run out. */
  ring(): void {
    const due = [...this.#timers];
    this.#timers.clear();
    for (const work of due) work();
  }

  /** Wait until whatever is under way has come to an end. */
  async settle(): Promise<void> {
    await this.ask("flush").catch(() => null);
  }

  /** Put a post into the outbox with the whole team on the screen; return its id. */
  async queue(log: string, text: string, marks: Partial<Draft> = {}): Promise<string> {
    const shown = (await this.child(log)).members.map(({ person }) => person.id);
    return this.ask("queue", { log, draft: draftOf(text, marks), shown });
  }

  /** Post at once, and return what became of it: who was new, or since when nobody vouches; it is not tried again. */
  async post(ask: Ask<"queue">): Promise<Sent> {
    const id = await this.ask("queue", ask);
    await this.ask("sendNow", { id });
    await this.settle();
    const row = (await this.ask("overview")).outgoing.find((one) => one.id === id);
    if (row === undefined) return { sent: true, newcomers: [], unvouched: 0 };
    await this.ask("throwAway", { id });
    const { newcomers, unvouched, error, code } = row;
    if (error) throw Object.assign(new Error(error), { name: error, code });
    return { sent: false, newcomers, unvouched };
  }

  /** What the outbox holds: text and state. */
  async outgoing(): Promise<[string, string][]> {
    const { outgoing } = await this.ask("overview");
    return outgoing.map(({ draft, state }) => [draft.text, state]);
  }

  /** Ask as the page does: what crosses is copied. */
  async ask<N extends Name>(
    name: N,
    ...[ask]: Ask<N> extends undefined ? [] : [Ask<N>]
  ): Promise<Answer<N>> {
    const id = ++this.#id;
    const heard = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    void this.#calls.handle(structuredClone({ id, name, ask }));
    const message = await heard;
    if ("error" in message) throw Object.assign(new Error(message.error.name), message.error);
    if (!("answer" in message)) throw new Error("an event is no answer");
    return message.answer as Answer<N>;
  }

  async child(log: string): Promise<Child> {
    const found = (await this.ask("overview")).children.find((child) => child.log === log);
    if (!found) throw new Error("not followed");
    return found;
  }

  async me(): Promise<string> {
    return (await this.ask("overview")).me.id;
  }

  /** The posts of a stream, oldest first, after looking for new ones. */
  async read(log: string): Promise<Post[]> {
    await this.ask("refresh");
    const { posts } = await this.ask("posts", { log, before: "", count: 1000 });
    return posts.reverse();
  }

  /** Post with the whole team on the screen, as this desk knows it. */
  async say(log: string, text: string): Promise<void> {
    const shown = (await this.child(log)).members.map(({ person }) => person.id);
    const sent = await this.post({ log, draft: draftOf(text), shown });
    if (!sent.sent) throw new Error("someone was new");
  }

  events(name: "changed" | "locked" | "progress" | "posted"): number {
    return this.messages.filter((message) => "event" in message && message.event === name).length;
  }

  #hear(message: Message): void {
    const copy = structuredClone(message);
    if ("event" in copy) this.messages.push(copy);
    else this.#waiting.get(copy.id)?.(copy);
  }
}

/** A practice with its first steward at her desk. */
export class Practice {
  readonly clock = new Clock();
  readonly server = new HonestServer(this.clock.read);
  readonly steward = new Desk(this.server);

  static async found(): Promise<Practice> {
    const practice = new Practice();
    await practice.steward.ask("found", {
      token: TOKEN,
      practice: "Sample Practice",
      name: "Sample Ann",
      job: "team manager",
      agency: "Sample Council",
      sort: "council",
      numbers: [{ agencyId: "", label: "Duty team", number: "01632 960001", hours: "9 to 5" }],
      passphrase: PASSPHRASE,
      device: "laptop",
      keep: true,
    });
    await practice.steward.ask("refresh");
    return practice;
  }

  /** Let someone in and sit them down; `joined` is called as soon as they have joined. */
  async admit(
    name: string,
    keep = true,
    desk = new Desk(this.server),
    joined: () => void = () => undefined,
  ): Promise<Desk> {
    const [agency] = (await this.steward.ask("overview")).agencies;
    const invite = { name, job: "teacher", agency: agency?.id ?? "", role: "practitioner" } as const;
    const issued = await this.steward.ask("invite", invite);
    const fragment = new URL(issued.link).hash.slice(1);
    await desk.ask("readInvitation", { fragment, letters: issued.letters });
    await desk.ask("join", { passphrase: PASSPHRASE, device: "phone", keep });
    joined();
    await desk.ask("refresh");
    await this.steward.ask("refresh");
    return desk;
  }

  /** Begin a child with these people on the team. */
  async child(name: string, ...team: Desk[]): Promise<string> {
    const birth = { how: "born", date: "2019-05" } as const;
    const log = await this.steward.ask("beginChild", { name, knownAs: [], birth, school: "" });
    for (const desk of team) await this.grant(log, desk);
    return log;
  }

  async grant(log: string, desk: Desk, role = "follower"): Promise<void> {
    await this.steward.ask("grant", { log, person: await desk.me(), role, why: "Teaches her" });
    await desk.ask("refresh");
  }
}

export function draftOf(text: string, marks: Partial<Draft> = {}): Draft {
  return {
    text,
    kind: "hunch",
    sure: "",
    scale: "",
    side: "",
    happened: "",
    source: "",
    outcome: "",
    reason: "",
    review: "",
    refers: [],
    how: "",
    nudge: false,
    ...marks,
  };
}
