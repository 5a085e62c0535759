// Which screen stands under People, by the address.

import { Agency } from "./agency.tsx";
import { Device } from "./device.tsx";
import { Invite } from "./invite.tsx";
import { Numbers } from "./numbers.tsx";
import { Nowhere } from "./parts/nowhere.tsx";
import { People } from "./people.tsx";
import { Left, Person } from "./person.tsx";
import { Retention } from "./retention.tsx";
import { overview } from "./state.ts";
import { Witnesses } from "./witnesses.tsx";

export function OfPeople({ parts: [part, act, which = ""] }: { parts: string[] }) {
  if (!part) return <People />;
  const steward = overview.value?.me.role === "steward";
  if (steward && part === "invite") return <Invite />;
  if (steward && part === "numbers") return <Numbers />;
  if (steward && part === "agency") return <Agency />;
  if (steward && part === "witnesses") return <Witnesses />;
  if (steward && part === "retention") return <Retention />;
  const anew = steward && part === "anew";
  const person = overview.value?.people.find(({ id }) => id === (anew ? act : part));
  if (!person) return <Nowhere />;
  if (anew) return <Invite former={person} />;
  if (steward && act === "devices") return <Device which={which} person={person} />;
  if (person.left) return <Left person={person} />;
  return steward ? <Person person={person} /> : <Nowhere />;
}
