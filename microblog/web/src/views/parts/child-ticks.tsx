// Children to be ticked by name, and why some cannot be.

import type { Child } from "../../client/shown.ts";
import { age } from "../dates.ts";
import { called, keepers, list, nameOf } from "../words.ts";
import type { Tick } from "./ticks.tsx";

/** May I change who is on this team? */
export function mayHand({ keeper, trouble }: Child): boolean {
  return keeper && !trouble;
}

export function childTicks(children: Child[]): Tick[] {
  return children.map((child) => ({
    id: child.log,
    text: (
      <>
        <bdi class="name">{called(child)}</bdi> <span class="small">{age(child.birth)}</span>
      </>
    ),
    ...(mayHand(child) ? {} : { not: <Why child={child} /> }),
  }));
}

function Why({ child }: { child: Child }) {
  if (child.trouble) return <>cannot be changed until the warning on the page is put right</>;
  const names = keepers(child.members).map(({ person }) => nameOf(person));
  return (
    <>
      not by you: ask <bdi>{list(names)}</bdi>
    </>
  );
}
