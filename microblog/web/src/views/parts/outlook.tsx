// What would become of a spreadsheet: how many rows, which are here already, and the first few as they would read.

import type { ImportPlan, PlannedRow } from "../../client/shown-rows.ts";
import { moment } from "../dates.ts";
import { needed, originOf, ROW_FIELDS } from "../sheet-words.ts";
import { KINDS, list, many, say, thousands } from "../words.ts";
import { KindMark, markOf } from "./kind-mark.tsx";
import { Notice } from "./notice.tsx";

export function Outlook({ plan }: { plan: ImportPlan }) {
  const { rows, good, posts, known, bad, undated, sample, needs } = plan;
  if (needs.length > 0) {
    return (
      <Notice sort="warning" title={`Say above which column is: ${list(needed(needs, ROW_FIELDS))}.`}>
        <p>Without it nothing can be brought in.</p>
      </Notice>
    );
  }
  return (
    <section aria-labelledby="outlook">
      <h2 id="outlook">What would come in</h2>
      <dl class="tallies">
        <Tally name="On this sheet" count={rows} />
        <Tally name="Can come in" count={good} />
        <Tally name="Here already" count={known} />
        <Tally name="Cannot come in" count={bad.length} loud={bad.length > 0} />
      </dl>
      <ul>
        {posts > good && (
          <li>
            Long rows become several posts, {thousands(posts)} in all, and are read as one.
          </li>
        )}
        {undated > 0 && (
          <li>
            {many(undated, "row has", "rows have")} no date, and will stand under “not sure when”.
          </li>
        )}
      </ul>
      {sample.length > 0 && (
        <>
          <h3>The first of them</h3>
          <ol class="plain">
            {sample.map((row) => (
              <Sample key={row.row} row={row} />
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function Tally({ name, count, loud }: { name: string; count: number; loud?: boolean }) {
  return (
    <div class={loud ? "loud" : ""}>
      <dt>{name}</dt>
      <dd>{thousands(count)}</dd>
    </div>
  );
}

function Sample({ row }: { row: PlannedRow }) {
  const { kind, at, text, parts } = row;
  const mark = markOf(kind, "");
  const from = originOf(row);
  return (
    <li class={`post ${mark}`}>
      <div class="post-head">
        <strong class="post-kind">
          <KindMark mark={mark} /> {say(KINDS, kind)}
        </strong>
        <span class="post-time">{at ? moment(at) : "Not sure when"}</span>
      </div>
      {from && (
        <p class="post-who">
          <bdi>{from}</bdi>
        </p>
      )}
      <p class="post-text clipped" dir="auto">
        {text}
      </p>
      {parts > 1 && <p class="small">In {parts} parts, read as one.</p>}
    </li>
  );
}
