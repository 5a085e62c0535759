// What people marked: working well upwards, worried downwards, a week at a time. A stream of only worries would mislead.

import type { Mark } from "../../../client/shown-picture.ts";
import { plural } from "../../dates.ts";
import { across, dayNumber, type Range, sidesIn, WEEK_DAYS } from "../../pictures.ts";
import { Row } from "./plot.tsx";

const HALF = 20;
/** So many in a week have all the height, unless there are more. */
const CALM = 2;

interface Props {
  marks: Mark[];
  range: Range;
  width: number;
}

export function SidesRow({ marks, range, width }: Props) {
  const weeks = sidesIn(marks, range);
  const well = weeks.reduce((sum, week) => sum + week.well, 0);
  const worried = weeks.reduce((sum, week) => sum + week.worried, 0);
  if (!marks.some(({ side }) => side)) return null;
  const most = Math.max(CALM, ...weeks.flatMap((week) => [week.well, week.worried]));
  const x = across(range, width);
  const bars = weeks.map((week) => {
    const start = x(Math.max(dayNumber(week.monday), range.from));
    const wide = Math.max(2, x(Math.min(dayNumber(week.monday) + WEEK_DAYS, range.to)) - start - 1);
    const part = (count: number) => (count / most) * HALF;
    return { ...week, start, wide, up: part(week.well), down: part(week.worried) };
  });
  const draw = (way: 1 | -1, high: "up" | "down") =>
    bars.map((bar) => `M${bar.start} ${HALF}v${way * bar[high]}h${bar.wide}v${-way * bar[high]}Z`).join("");
  return (
    <Row name="Marked" more={`${well} working well, ${worried} worried`}>
      <svg
        class="sides"
        width={width}
        height={2 * HALF}
        role="img"
        aria-label={`${plural(well, "post")} marked working well, ${plural(worried, "post")} marked worried`}
      >
        <path class="well" d={draw(-1, "up")} />
        <path class="worried" d={draw(1, "down")} />
        <line class="thread" x1="0" x2={width} y1={HALF} y2={HALF} />
      </svg>
    </Row>
  );
}
