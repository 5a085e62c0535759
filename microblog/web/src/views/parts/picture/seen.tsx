// Every visit in one row, whosever it was: a plus where the child was seen, a cross where it was not, and a bar for as
// long as nobody saw it although somebody tried, or until today.

import type { Picture } from "../../../client/shown-picture.ts";
import { daysAgo } from "../../picture-words.ts";
import { across, dayNumber, placed, type Range, SEEN, unseenIn } from "../../pictures.ts";
import { plural } from "../../dates.ts";
import { Row } from "./plot.tsx";

const HEIGHT = 38;
const MIDDLE = 26;
/** A bar that has room for it says how long it is. */
const ROOM = 58;

interface Props {
  picture: Picture;
  range: Range;
  width: number;
}

export function SeenRow({ picture, range, width }: Props) {
  const { marks, seen, attempts, today } = picture;
  const visits = placed(marks, range, width, dayNumber(today)).filter(({ mark: { kind } }) => kind === "visit");
  if (!seen && attempts.length === 0) return null;
  const said = seen ? `last ${seen.alone ? "seen alone" : "seen"} ${daysAgo(seen)}` : "no visit says so";
  const tries = attempts.length === 0 ? "" : `, ${attempts.length === 1 ? "one try" : `${attempts.length} tries`} since`;
  const x = across(range, width);
  const bars = unseenIn(marks, dayNumber(today)).filter(({ from, to }) => to > range.from && from < range.to);
  return (
    <Row name="Seen" more={said + tries}>
      <svg class="seen" width={width} height={HEIGHT} role="img" aria-label={`Visits: ${said}${tries}`}>
        {bars.map(({ from, to, failed }) => {
          const [start, end] = [x(Math.max(from, range.from)), x(Math.min(to + 1, range.to))];
          return (
            <g key={from} class={failed > 1 ? "tried" : ""}>
              <rect x={start} y={MIDDLE - 7} width={end - start} height="14" />
              {failed > 0 && end - start > ROOM && (
                <text x={(start + end) / 2} y="14">
                  {plural(to - from, "day")}
                </text>
              )}
            </g>
          );
        })}
        {visits.map(({ mark: { log, seq, outcome, failed }, x: at }) =>
          failed ? (
            <path key={`${log} ${seq}`} class="cross" d={`M${at - 5} ${MIDDLE - 5}l10 10M${at + 5} ${MIDDLE - 5}l-10 10`} />
          ) : (
            SEEN.includes(outcome) && (
              <path key={`${log} ${seq}`} class="plus" d={`M${at - 2.5} ${MIDDLE - 7}h5v4.5h4.5v5h-4.5v4.5h-5v-4.5h-4.5v-5h4.5Z`} />
            )
          ),
        )}
      </svg>
    </Row>
  );
}
