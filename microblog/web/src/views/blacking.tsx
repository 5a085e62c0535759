// Going through the rows of a chronology one by one, and blacking out what the person marks. Nothing is black unasked.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import type { Proposed } from "../client/shown-rows.ts";
import {
  blackCell,
  isMarked,
  keyOf,
  markRow,
  markSpan,
  nextProposed,
  type Blacked,
  type Span,
} from "./black-out.ts";
import { moment } from "./dates.ts";
import { Button } from "./parts/button.tsx";
import { Check, PRIVATE } from "./parts/field.tsx";
import type { Taking } from "./taking.ts";

// Where people write freely; of all else a cell is black wholly, or not.
const FREE = ["Text", "Source", "Reason", "Remarks"];
const KEPT = ["Number", "Id"];
const DATES = ["Date", "Posted", "Review date"];
const SORTS = { phone: "telephone number", address: "address", name: "name" };

interface Props {
  taking: Taking;
  onInput: (taking: Taking) => void;
}

export function Blacking({ taking, onInput }: Props) {
  const { chronology, proposed, blacked, row } = taking;
  const { rows, columns } = chronology;
  const heading = useRef<HTMLHeadingElement>(null);
  const cells = rows[row]?.cells ?? [];
  const set = (next: Blacked) => onInput({ ...taking, blacked: next });
  const go = (next: number) => onInput({ ...taking, row: next });

  useEffect(() => {
    heading.current?.focus();
    if (!taking.walked.includes(row)) onInput({ ...taking, walked: [...taking.walked, row] });
  }, [row]);

  const gone = blacked.rows.includes(row);
  const shown: Cell[] = columns.flatMap(({ title }, column) =>
    cells[column] && !KEPT.includes(title) ? [{ title, column, cell: cells[column] }] : [],
  );
  const free = shown.filter(({ title }) => FREE.includes(title));
  const rest = shown.filter(({ title }) => !FREE.includes(title));
  return (
    <section aria-labelledby="row">
      <h2 id="row" class="first" tabIndex={-1} ref={heading}>
        Row {row + 1} of {rows.length}
      </h2>
      <p class="hint">
        Tick what is to be black, or select words and black them out. However long they were, five black
        squares stand for them.
      </p>
      <Check id={`row-${row}`} value={gone} onInput={(on) => set(markRow(blacked, row, on))}>
        Black out the whole row: its number stays
      </Check>
      {!gone && (
        <>
          <p class="hint">
            {rest.map(({ title, column, cell }, at) => (
              <span key={column}>
                {at > 0 && " · "}
                <bdi>{dated(title, blackCell(cell, blacked.spans[keyOf(row, column)] ?? []))}</bdi>
              </span>
            ))}
          </p>
          {free.map(({ title, column, cell }) => (
            <FreeCell
              key={`${row} ${column}`}
              title={title}
              cell={cell}
              place={keyOf(row, column)}
              proposed={proposed.filter((one) => one.row === row && one.column === column)}
              blacked={blacked}
              onInput={set}
            />
          ))}
          <Rest cells={rest} row={row} blacked={blacked} onInput={set} />
        </>
      )}
      <Moves row={row} count={rows.length} next={nextProposed(proposed, row)} onGo={go} />
    </section>
  );
}

interface MovesProps {
  row: number;
  count: number;
  next: number | undefined;
  onGo: (row: number) => void;
}

function Moves({ row, count, next, onGo }: MovesProps) {
  const isLast = row + 1 === count;
  return (
    <p class="row">
      {!isLast && <Button onClick={() => onGo(row + 1)}>Next row</Button>}
      {row > 0 && (
        <Button look="second" onClick={() => onGo(row - 1)}>
          Row before
        </Button>
      )}
      {next !== undefined && next > row + 1 && (
        <Button look="second" onClick={() => onGo(next)}>
          Go to row {next + 1}: something is proposed there
        </Button>
      )}
      <Button look={isLast ? "main" : "second"} onClick={() => onGo(-1)}>
        Done with the rows
      </Button>
    </p>
  );
}

interface Cell {
  title: string;
  column: number;
  cell: string;
}

interface RestProps {
  cells: Cell[];
  row: number;
  blacked: Blacked;
  onInput: (blacked: Blacked) => void;
}

/** What is no free text: a cell is black, or it is not. */
function Rest({ cells, row, blacked, onInput }: RestProps) {
  return (
    <details class="plain-fold">
      <summary>Black out who, when or another part of the row ({cells.length})</summary>
      <div class="choices">
        {cells.map(({ title, column, cell }) => {
          const [place, whole] = [keyOf(row, column), [0, cell.length] as const];
          return (
            <Check
              key={place}
              id={`cell-${place.replace(" ", "-")}`}
              value={isMarked(blacked, place, whole)}
              onInput={(on) => onInput(markSpan(blacked, place, whole, on))}
            >
              {title}: <bdi>{dated(title, blackCell(cell, blacked.spans[place] ?? []))}</bdi>
            </Check>
          );
        })}
      </div>
    </details>
  );
}

/** A day in words; what was blacked out is none any more. */
function dated(title: string, cell: string): string {
  return DATES.includes(title) && /^[0-9]/.test(cell) ? moment(cell) : cell;
}

interface CellProps {
  title: string;
  cell: string;
  place: string;
  proposed: Proposed[];
  blacked: Blacked;
  onInput: (blacked: Blacked) => void;
}

/** A text in which words can be selected by finger, mouse or keyboard, and as it will stand. */
function FreeCell({ title, cell, place, proposed, blacked, onInput }: CellProps) {
  const box = useRef<HTMLTextAreaElement>(null);
  const said = useSignal("");
  const id = `cell-${place.replace(" ", "-")}`;
  const spans = blacked.spans[place] ?? [];
  const own = spans.filter((span) => !proposed.some(({ start, end }) => span[0] === start && span[1] === end));
  const ticks = [
    ...proposed.map(({ start, end, why }) => ({ span: [start, end] as Span, hint: SORTS[why] })),
    ...own.map((span) => ({ span, hint: "marked by you" })),
  ];
  const mark = () => {
    const [start, end] = [box.current?.selectionStart ?? 0, box.current?.selectionEnd ?? 0];
    said.value = start === end ? "Nothing is selected: select words in the text above first." : "";
    if (start < end) onInput(markSpan(blacked, place, [start, end], true));
  };
  return (
    <div class="field black-cell">
      <label for={id}>{title}</label>
      <textarea
        {...PRIVATE}
        id={id}
        class="input"
        dir="auto"
        readOnly
        ref={box}
        rows={Math.min(12, 2 + Math.ceil(cell.length / 60))}
        value={cell}
      />
      <p class="row">
        <Button look="second" onClick={mark}>
          Black out what is selected<span class="unseen">: {title}</span>
        </Button>
        <Button look="plain" onClick={() => onInput(markSpan(blacked, place, [0, cell.length], true))}>
          All of it<span class="unseen">: {title}</span>
        </Button>
      </p>
      <p role="status" class="hint">
        {said.value}
      </p>
      {ticks.length > 0 && (
        <div class="choices">
          {ticks.map(({ span, hint }) => (
            <Check
              key={`${span[0]} ${span[1]}`}
              id={`${id}-${span[0]}-${span[1]}`}
              value={isMarked(blacked, place, span)}
              onInput={(on) => onInput(markSpan(blacked, place, span, on))}
            >
              <bdi>{cell.slice(...span)}</bdi> <span class="hint">{hint}</span>
            </Check>
          ))}
        </div>
      )}
      {spans.length > 0 && (
        <p class="as-it-stands" dir="auto">
          <span class="hint">As it will stand: </span>
          {blackCell(cell, spans)}
        </p>
      )}
    </div>
  );
}
