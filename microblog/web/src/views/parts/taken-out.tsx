// Who took posts out of the app, which, and why: whoever does it tells the team by doing it.

import type { Child, Export } from "../../client/shown.ts";
import { date, moment } from "../dates.ts";
import { nameOf } from "../words.ts";
import { ButtonLink } from "./button.tsx";

const FORMATS: Record<string, string> = {
  bundle: "a bundle for a reviewer",
  csv: "a spreadsheet",
  xlsx: "a spreadsheet",
  print: "a printed page",
};

export function TakenOut({ child }: { child: Child }) {
  const { log, exports, myRole, waiting, trouble } = child;
  const may = myRole && !waiting && !trouble;
  if (exports.length === 0 && !may) return null;
  return (
    <section aria-labelledby="taken-out">
      <h2 id="taken-out">Taken out of the app</h2>
      {exports.length === 0 && <p>Nothing. When somebody takes posts out, it says so here.</p>}
      <ul class="lines">
        {exports.map((one) => (
          <OneExport key={`${one.time} ${one.by.id}`} one={one} />
        ))}
      </ul>
      {may && (
        <ButtonLink href={`#/child/${log}/take-out`} look="second">
          Take posts out
        </ButtonLink>
      )}
    </section>
  );
}

function OneExport({ one: { by, time, format, from, to, why } }: { one: Export }) {
  return (
    <li class="line">
      <div>
        <bdi class="name">{nameOf(by)}</bdi> took out{" "}
        <bdi>{FORMATS[format] ?? format}</bdi>
        <p class="small">
          {date(time)}, {span(from, to)}
          {why && (
            <>
              : <bdi>{why}</bdi>
            </>
          )}
        </p>
      </div>
    </li>
  );
}

/** Which posts, by day: "all posts until then", "posts from 1 May 2026 to 3 June 2026". */
function span(from: string, to: string): string {
  if (!from && !to) return "all posts until then";
  if (!to) return `posts from ${moment(from)} on`;
  return from ? `posts from ${moment(from)} to ${moment(to)}` : `posts until ${moment(to)}`;
}
