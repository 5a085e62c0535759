// Finding a child by what it is called, and telling two of one name apart.

import type { Child } from "../client/shown.ts";
import { age } from "./dates.ts";

/** Return the children one of whose names has words that begin with all that was typed; first those whose name does. */
export function findChildren(children: Child[], typed: string): Child[] {
  const asked = wordsOf(typed);
  if (asked.length === 0) return [];
  const starts = (child: Child) => Number(!fold(child.name).startsWith(asked.join(" ")));
  return children
    .filter((child) => [child.name, ...child.knownAs].some((name) => fits(name, asked)))
    .sort((a, b) => starts(a) - starts(b) || a.name.localeCompare(b.name));
}

/** Return the other name by which a child was found, where its first is not; empty where it is. */
export function isAlsoCalled({ name, knownAs }: Child, typed: string): string {
  const asked = wordsOf(typed);
  const other = fits(name, asked) ? "" : knownAs.find((one) => fits(one, asked));
  return other ? `known as ${other}` : "";
}

/** Return what tells a child from another: how old it is, where it lives, where it goes. */
export function tellApart(child: Child): string {
  const home = child.households.find(({ to, name }) => !to && name)?.name ?? "";
  return [sortOrAge(child), home, child.school].filter(Boolean).join(" · ");
}

export function sortOrAge({ sort, birth }: Child): string {
  return sort === "household" ? "household" : age(birth);
}

function fits(name: string, asked: string[]): boolean {
  const words = wordsOf(name);
  return asked.every((part) => words.some((word) => word.startsWith(part)));
}

function wordsOf(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Without accents and capitals, as it is typed in a hurry. */
function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
