// A spreadsheet of the reader's: chosen, opened on this device, and one of its sheets.

import { type Signal, useSignal } from "@preact/signals";

import type { Table } from "../../client/shown-rows.ts";
import type { Sheet } from "../../sheets/messages.ts";
import type { Failure } from "../sentences.ts";
import { failureOfSheet, sheetFailure } from "../sheet-words.ts";
import { readTable } from "../sheets-bridge.ts";
import { many } from "../words.ts";
import { Button } from "./button.tsx";
import { Select } from "./field.tsx";
import { Notice } from "./notice.tsx";

/** A file that was read; `at`: which of its sheets is brought in. */
export interface Chosen {
  name: string;
  sheets: Sheet[];
  guessed: boolean;
  at: number;
}

/** The rows of the sheet that was chosen; null where it cannot be read. */
export function tableOf(chosen: Chosen | null): Table | null {
  const sheet = chosen?.sheets[chosen.at];
  return sheet && !sheet.refused && sheet.table.length > 0 ? sheet.table : null;
}

interface Props {
  chosen: Signal<Chosen | null>;
  onChosen: () => void;
}

export function ChooseFile({ chosen, onChosen }: Props) {
  const reading = useSignal(false);
  const failure = useSignal<Failure | null>(null);
  const read = async (file: File | undefined) => {
    if (!file || reading.value) return;
    reading.value = true;
    failure.value = null;
    try {
      const { sheets, guessed } = await readTable(file);
      const first = sheets.findIndex((one) => !one.refused && one.table.length > 0);
      chosen.value = { name: file.name, sheets, guessed, at: Math.max(first, 0) };
      onChosen();
    } catch (error) {
      failure.value = failureOfSheet(error);
    } finally {
      reading.value = false;
    }
  };
  if (chosen.value) return <ChosenFile chosen={chosen} now={chosen.value} onChosen={onChosen} />;
  return (
    <div class={`field ${failure.value ? "wrong" : ""}`}>
      <label for="file">Spreadsheet</label>
      <div class="hint" id="file-hint">
        CSV or XLSX, up to 20,000 rows. It is opened on this device, in a part of the app that has no
        keys and no way out.
      </div>
      {failure.value && (
        <p class="mistake" id="file-mistake" role="alert">
          <span class="unseen">Error: </span>
          {failure.value.title} {failure.value.next}
        </p>
      )}
      <input
        id="file"
        type="file"
        class="input file"
        accept=".csv,.tsv,.txt,.xlsx,.xlsm,text/csv"
        aria-describedby={failure.value ? "file-hint file-mistake" : "file-hint"}
        onChange={(event) => {
          const { files } = event.currentTarget;
          void read(files?.[0]);
          // The same file, once it has been mended, can be chosen again.
          event.currentTarget.value = "";
        }}
      />
      <p role="status">{reading.value && "Reading the file…"}</p>
    </div>
  );
}

function ChosenFile({ chosen, now, onChosen }: Props & { now: Chosen }) {
  const sheet = now.sheets[now.at];
  const refused = sheet?.refused ? sheetFailure(sheet.refused) : null;
  return (
    <>
      <p class="chosen-file">
        <bdi class="name">{now.name}</bdi>{" "}
        <Button look="plain" onClick={() => (chosen.value = null)}>
          Choose another file
        </Button>
      </p>
      {now.sheets.length > 1 && (
        <Select
          id="sheet"
          label="Sheet"
          value={String(now.at)}
          onInput={(value) => {
            chosen.value = { ...now, at: Number(value) };
            onChosen();
          }}
        >
          {now.sheets.map((one, at) => (
            <option key={at} value={String(at)}>
              {one.name || `Sheet ${at + 1}`} ({one.refused ? "cannot be read" : many(one.table.length, "row")})
            </option>
          ))}
        </Select>
      )}
      {refused && (
        <Notice sort="warning" title={refused.title}>
          <p>{refused.next}</p>
        </Notice>
      )}
      {!refused && sheet?.table.length === 0 && (
        <Notice sort="warning" title="There is nothing on this sheet." />
      )}
      {now.guessed && (
        <Notice sort="note">
          <p>
            This file does not say how its letters are stored. They were read as Windows writes them:
            look below whether £, é and ’ are right.
          </p>
        </Notice>
      )}
    </>
  );
}
