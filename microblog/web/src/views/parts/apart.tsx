// What tells two children of one name apart, for whoever hears the name alone: on the screen it stands beside it.

import { age } from "../dates.ts";
import { childOf, overview } from "../state.ts";
import { called } from "../words.ts";

/** After a child's name in a link; nothing, where nobody else whom I follow has that name. */
export function Apart({ log }: { log: string }) {
  const child = childOf(log);
  const others = overview.value?.children ?? [];
  if (!child || !others.some((one) => one.log !== log && called(one) === called(child))) return null;
  const words = [child.sort === "household" ? "household" : age(child.birth), child.school].filter(Boolean);
  return words.length > 0 ? <span class="unseen">, {words.join(", ")}</span> : null;
}
