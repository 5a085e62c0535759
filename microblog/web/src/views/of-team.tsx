// Which screen stands behind a child's own: who it is, where it lives, its team, and how long its posts are kept.

import type { Child as Shown } from "../client/shown.ts";
import { About } from "./about.tsx";
import { AddMember } from "./add-member.tsx";
import { Destroy } from "./destroy.tsx";
import { FromHousehold, homesOf } from "./from-household.tsx";
import { Hold } from "./hold.tsx";
import { Keeping } from "./keeping.tsx";
import { Member } from "./member.tsx";
import { Move, MoveIn } from "./move.tsx";
import { mayConfirm, mayHold } from "./parts/keeping.tsx";
import { Nowhere } from "./parts/nowhere.tsx";
import { Propose } from "./propose.tsx";
import { Slip } from "./slip.tsx";
import { Team } from "./team.tsx";

export function OfChildsTeam({ child, part, which }: { child: Shown; part: string; which: string }) {
  const household = child.sort === "household";
  switch (part) {
    case "about":
      return child.keeper ? <About child={child} /> : <Nowhere />;
    case "move":
      return child.keeper && !household ? <Move child={child} /> : <Nowhere />;
    case "slip":
      return child.myRole ? <Slip child={child} /> : <Nowhere />;
    case "move-in":
      return household ? <MoveIn household={child} /> : <Nowhere />;
    case "keeping":
      return <OfKeeping child={child} which={which} />;
    case "team":
      return <OfTeam child={child} which={which} />;
    default:
      return <Nowhere />;
  }
}

function OfTeam({ child, which }: { child: Shown; which: string }) {
  if (!which) return <Team child={child} />;
  if (!child.keeper) return <Nowhere />;
  if (which === "add") return <AddMember child={child} />;
  const home = homesOf(child).find(({ log }) => which === `from-${log}`);
  if (home) return <FromHousehold child={child} home={home} />;
  const member = child.members.find(({ person }) => person.id === which);
  return member ? <Member child={child} member={member} /> : <Nowhere />;
}

function OfKeeping({ child, which }: { child: Shown; which: string }) {
  if (!which) return <Keeping child={child} />;
  if (which === "hold") return mayHold(child) ? <Hold child={child} /> : <Nowhere />;
  const proposing = /^propose(?:-([0-9]+))?$/.exec(which);
  if (proposing && child.keeper && !child.held) {
    const [, seq] = proposing;
    return <Propose child={child} {...(seq ? { seq: Number(seq) } : {})} />;
  }
  const shred = child.shreds.find(({ id }) => id === which);
  return shred && mayConfirm(child, shred) ? <Destroy child={child} shred={shred} /> : <Nowhere />;
}
