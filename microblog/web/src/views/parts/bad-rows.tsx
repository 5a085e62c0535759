// Rows that cannot be brought in: which, why, and taking them away to mend them. None is lost.

import { useSignal } from "@preact/signals";

import type { BadRow, Column } from "../../client/shown-rows.ts";
import { useForm } from "../form.ts";
import { asTable } from "../sheet-words.ts";
import { writeTable } from "../sheets-bridge.ts";
import { many } from "../words.ts";
import { Button } from "./button.tsx";
import { ErrorSummary } from "./error-summary.tsx";
import { download } from "./key-file.tsx";

const FIRST = 10;

export function BadRows({ bad, columns }: { bad: BadRow[]; columns: Column[] }) {
  const all = useSignal(false);
  const saved = useSignal("");
  const form = useForm(
    () => [],
    async () => {
      saved.value = "";
      const bytes = await writeTable(asTable(bad, columns), "csv");
      download(bytes, "rows-to-mend.csv");
      saved.value = "Saved as rows-to-mend.csv. Mend it there, and bring that file in.";
    },
  );
  if (bad.length === 0) return null;
  const shown = all.value ? bad : bad.slice(0, FIRST);
  return (
    <section class="card bad-rows" aria-labelledby="bad-rows">
      <h2 id="bad-rows">{many(bad.length, "row")} cannot be brought in</h2>
      <p>
        Nothing of them is lost: they stay in your file. Mend them there, or save them on their own
        and mend that, and bring it in: none of the others comes in twice.
      </p>
      <ul class="plain">
        {shown.map(({ row, reason, cells }) => (
          <li key={row}>
            <strong>Row {row}.</strong> <bdi>{reason}</bdi>
            <p class="small clipped" dir="auto">
              {cells.filter(Boolean).join(" · ")}
            </p>
          </li>
        ))}
      </ul>
      <ErrorSummary form={form} title="Not saved." />
      <p class="row">
        {bad.length > shown.length && (
          <Button look="plain" onClick={() => (all.value = true)}>
            Show all {bad.length}
          </Button>
        )}
        <Button look="second" busy={form.busy} onClick={form.submit}>
          Save them as a spreadsheet
        </Button>
      </p>
      <p role="status">{saved.value}</p>
    </section>
  );
}
