import type { Child, Person } from "../client/shown.ts";

declare module "../client/shown.ts" {
  interface Request {
    log: string;
    person: Person;
    reason: string;
    time: number;
  }
  interface Asked {
    log: string;
    keepers: Person[];
    time: number;
  }
  interface Overview {
    requests: Request[];
    asked: Asked[];
  }
}

declare module "../client/messages.ts" {
  interface Slip {
    log: Child["log"];
    following: boolean;
    keepers: Person[];
  }
  interface Requests {
    slip(ask: { log: string }): string;
    readSlip(ask: { fragment: string }): Slip;
    askToFollow(ask: { fragment: string; reason: string; shown: string[] }): {
      sent: boolean;
      keepers: Person[];
    };
    approve(ask: { log: string; person: string }): void;
    decline(ask: { log: string; person: string }): void;
    takeBack(ask: { log: string }): void;
  }
}
