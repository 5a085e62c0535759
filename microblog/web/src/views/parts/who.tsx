// A person in a line: name, job, agency, and their number to ring.

import type { Person } from "../../client/shown.ts";
import { nameOf } from "../words.ts";
import { Marked } from "./marked.tsx";

export function Who({ person }: { person: Person }) {
  return (
    <>
      <bdi class="name">
        <Marked text={nameOf(person)} />
      </bdi>
      {person.job && (
        <>
          , <bdi>{person.job}</bdi>
        </>
      )}
      {person.agency && (
        <>
          , <bdi>{person.agency}</bdi>
        </>
      )}
    </>
  );
}

export function Ring({
  number,
  children,
}: {
  number: string;
  children?: preact.ComponentChildren;
}) {
  return (
    <a class="ring" href={`tel:${number.replace(/[^0-9+]/g, "")}`} dir="ltr">
      {children ?? number}
    </a>
  );
}
