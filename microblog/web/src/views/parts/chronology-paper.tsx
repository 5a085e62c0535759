// A chronology as it lies on paper, A4: no row is torn over two pages, and each page says whose it is.

import { blackOut } from "../black-out.ts";
import { date, moment } from "../dates.ts";
import { overview } from "../state.ts";
import type { Taking } from "../taking.ts";
import { nameOf } from "../words.ts";

/** Marks that stand beside a kind, each after its name where the name is needed. */
const MARKS = ["Standing", "Outcome", "How sure", "Working well or worried"];
const FACTS = ["Source", "Reason", "Review date", "Remarks"];

export function ChronologyPaper({ taking }: { taking: Taking }) {
  const { from, to, why } = taking;
  const { rows, columns, title } = blackOut(taking.chronology, taking.blacked);
  const merged = taking.logs.length > 1;
  const me = overview.value?.me;
  const titles = columns.map((column) => column.title);
  const span = from || to ? `${from ? moment(from) : "The beginning"} to ${to ? moment(to) : "now"}` : "All posts";
  return (
    <article class="chronology" aria-label="The chronology">
      <p class="paper-title">Chronology</p>
      <p>
        <bdi class="name">{title}</bdi>. {span}. {rows.length} rows, in the order in which things happened.
      </p>
      <p>
        Printed by <bdi>{me ? nameOf(me) : ""}</bdi> on {date(Date.now())}. Why: <bdi>{why}</bdi>
      </p>
      <table>
        <thead>
          <tr class="whose">
            <td colSpan={4}>
              <bdi>{title}</bdi> · {span} · part of the record: keep it as such
            </td>
          </tr>
          <tr>
            <th scope="col">No.</th>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ cells, log, seq }) => (
            <Row key={`${log} ${seq}`} of={(name) => cells[titles.indexOf(name)] ?? ""} merged={merged} />
          ))}
        </tbody>
      </table>
    </article>
  );
}

function Row({ of, merged }: { of: (title: string) => string; merged: boolean }) {
  const scale = of("Scale: 0 not safe, 10 safe enough to close");
  const black = !of("Posted");
  // "I see this too" without a word of one's own says nothing else.
  const bare = Boolean(of("How")) && !of("Text");
  const marks = [
    ...MARKS.map((name) => (bare ? "" : of(name))),
    scale && `${scale} of 10 (0 not safe, 10 safe enough to close)`,
    of("How") && `${of("How")}${of("Answers") && `: number ${of("Answers")}`}`,
  ].filter(Boolean);
  return (
    <tr>
      <td>{of("Number")}</td>
      <td>{of("Date") ? day(of("Date")) : !black && "Not sure when"}</td>
      <td>
        {[of("Who"), of("Job"), of("Agency")].filter(Boolean).map((one) => (
          <div key={one}>
            <bdi>{one}</bdi>
          </div>
        ))}
        {of("Brought in by") && (
          <div class="small">
            Brought in by <bdi>{of("Brought in by")}</bdi>
          </div>
        )}
      </td>
      <td>
        {merged && of("About") && (
          <div>
            About <bdi class="name">{of("About")}</bdi>
          </div>
        )}
        <div>
          {!bare && <strong>{of("Kind")}</strong>}
          {!bare && of("Kind") && marks.length > 0 && " · "}
          {marks.join(" · ")}
        </div>
        <div class="words" dir="auto">
          {of("Text")}
        </div>
        {FACTS.filter(of).map((name) => (
          <div key={name} class="small">
            {name}: <bdi>{name === "Review date" ? day(of(name)) : of(name)}</bdi>
          </div>
        ))}
      </td>
    </tr>
  );
}

/** What was blacked out is no date any more. */
function day(cell: string): string {
  return /^[0-9]/.test(cell) ? moment(cell) : cell;
}
