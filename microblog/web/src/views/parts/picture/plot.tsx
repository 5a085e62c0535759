// The picture itself: one row under the other, all on one line of time. It is drawn at the width it has.

import { useMemo } from "preact/hooks";

import type { Mark, Picture, Thickness } from "../../../client/shown-picture.ts";
import {
  barsOf,
  dayNumber,
  dayOf,
  groupsOf,
  mostIn,
  offLine,
  placed,
  type Range,
  stretchesOf,
  ticksOf,
  wholeOf,
} from "../../pictures.ts";
import { moment, plural } from "../../dates.ts";
import { Dots, type Opening, Spread } from "./dots.tsx";
import { Scale } from "./scale.tsx";
import { SeenRow } from "./seen.tsx";
import { SidesRow } from "./sides.tsx";

const BARS = 40;
const NUMBERS = 12;
const LANE = 48;
const AXIS = 22;

export interface Drawn {
  log: string; // whose it is; a mark of another stream says whose it is
  range: Range;
  width: number;
  /** Null: it is on paper, where nothing opens. */
  opening: Opening | null;
}

interface Props extends Omit<Drawn, "log"> {
  picture: Picture;
  /** Of a child: when it was last seen stands in a row of its own. */
  child: boolean;
}

export function Plot({ picture, child, range, width, opening }: Props) {
  const { marks, lanes, thickness, quiet, today } = picture;
  const day = dayNumber(today);
  const places = useMemo(() => placed(marks, range, width, day), [marks, range, width, day]);
  const { undated, beyond } = useMemo(() => offLine(marks, wholeOf(picture)), [picture]);
  const ticks = ticksOf(range, width);
  const most = mostIn(thickness, range);
  const drawn = { log: picture.log, range, width, opening };
  return (
    <div class="plot">
      <svg class="grid" width={width} aria-hidden="true" focusable="false">
        {ticks.map(({ x }) => (
          <line key={x} x1={x} x2={x} y1="0" y2="100%" />
        ))}
      </svg>
      {thickness.map((row, at) => (
        <Row
          key={row.log}
          name={at === 0 ? "How thick" : row.name}
          more={at === 0 ? `posts a week, most ${most}` : "in step"}
        >
          <Bars row={row} first={at === 0} range={range} width={width} most={most} />
        </Row>
      ))}
      <SidesRow marks={marks} range={range} width={width} />
      {child && <SeenRow picture={picture} range={range} width={width} />}
      {lanes.map(({ agencyId, name, posts }) => {
        const inLane = places.filter(({ mark }) => mark.agencyId === agencyId && mark.lane === name);
        const silent = quiet.find((one) => agencyId && one.agencyId === agencyId);
        const end = Math.max(0, ...inLane.map(({ x }) => x));
        return (
          <Row
            key={agencyId + name}
            name={name}
            more={inLane.length < posts ? `${inLane.length} of ${plural(posts, "post")}` : plural(posts, "post")}
            loud={silent && `quiet for ${plural(silent.days, "day")}`}
            low
          >
            <svg class="lane" width={width} height={LANE} aria-hidden="true" focusable="false">
              <line class="thread" x1="0" x2={silent ? end : width} y1={LANE / 2} y2={LANE / 2} />
              {silent && <line class="silence" x1={end} x2={width} y1={LANE / 2} y2={LANE / 2} />}
              {stretchesOf(inLane).map(([from, to]) => (
                <path key={`${from} ${to}`} class="stretch" d={`M${from} 6v6M${from} 9H${to}M${to} 6v6`} />
              ))}
            </svg>
            <Dots name={name} groups={groupsOf(inLane)} drawn={drawn} />
          </Row>
        );
      })}
      <Scale places={places} drawn={drawn} />
      <div class="plot-row foot">
        <span class="plot-name" />
        <svg class="axis" width={width} height={AXIS} aria-hidden="true" focusable="false">
          {ticks.map(({ x, text }) => (
            <text key={x} x={x + 3} y="15">
              {text}
            </text>
          ))}
        </svg>
      </div>
      <Aside name="Not sure when" marks={undated} drawn={drawn} />
      <Aside name="Dates that cannot be right" marks={beyond} drawn={drawn} />
    </div>
  );
}

interface RowProps {
  name: string;
  more: string;
  loud?: string | undefined;
  /** Its marks stand in the middle: on a phone the name may reach over its upper edge. */
  low?: boolean;
  children: preact.ComponentChildren;
}

export function Row({ name, more, loud, low, children }: RowProps) {
  return (
    <div class={low ? "plot-row low" : "plot-row"}>
      <span class="plot-name">
        <bdi class="name">{name || "Agency withheld"}</bdi> <span class="small">{more}</span>
        {loud && <strong class="small"> {loud}</strong>}
      </span>
      <div class="plot-line">{children}</div>
    </div>
  );
}

interface BarsProps extends Pick<Drawn, "range" | "width"> {
  row: Thickness;
  first: boolean;
  most: number;
}

function Bars({ row, first, range, width, most }: BarsProps) {
  const bars = barsOf(row.weeks, range, [width, BARS - NUMBERS], most);
  const said = bars.length > 0 ? bars.map(({ posts }) => posts).join(", ") : "none";
  return (
    <svg
      class={first ? "bars" : "bars other"}
      width={width}
      height={BARS}
      role="img"
      aria-label={`${row.name || "All"}, posts a week: ${said}`}
    >
      {/* One path, so that ten years are drawn as fast as three months. */}
      <path d={bars.map(({ x, width: w, height: h }) => `M${x} ${BARS}v${-h}h${w}v${h}Z`).join("")} />
      <line class="thread" x1="0" x2={width} y1={BARS - 0.5} y2={BARS - 0.5} />
      {bars.map(
        ({ x, width: w, height: h, posts }) =>
          posts > 0 &&
          w >= 14 && (
            <text key={x} x={x + w / 2} y={BARS - h - 3}>
              {posts}
            </text>
          ),
      )}
    </svg>
  );
}

/** Marks without a place on the line, side by side. */
function Aside({ name, marks, drawn }: { name: string; marks: Mark[]; drawn: Drawn }) {
  if (marks.length === 0) return null;
  return (
    <Row name={name} more={plural(marks.length, "post")}>
      <Spread name={name} marks={marks} drawn={drawn} />
    </Row>
  );
}

/** "24 August 2026 to 23 November 2026". */
export function rangeWords({ from, to }: Range): string {
  return `${moment(dayOf(from))} to ${moment(dayOf(to - 1))}`;
}

const short = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });

/** "24 Aug 2026 to 23 Nov 2026". */
export function shortRange({ from, to }: Range): string {
  const said = (day: number) => short.format(new Date(dayOf(day)));
  return `${said(from)} to ${said(to - 1)}`;
}
