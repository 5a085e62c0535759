// What people said on the scale, as points with a short step: 0, not safe, at the bottom; never joined, for nobody
// measured anything in between.

import { type Placed, groupsOf, scaleY } from "../../pictures.ts";
import { Dots } from "./dots.tsx";
import { type Drawn, Row } from "./plot.tsx";

const HEIGHT = 84;
const TOP = 16;
const BAND = 60;
const STEP = 12;
const LETTER = 14;
const FIGURE = 24; // the widest, with what keeps it from its point

interface Point {
  x: number;
  y: number;
  scale: string;
}

export function Scale({ places, drawn }: { places: Placed[]; drawn: Drawn }) {
  const given = places.filter(({ mark }) => scaleY(mark.scale, BAND) !== null);
  if (given.length === 0) return null;
  const { width } = drawn;
  const points = given.map(({ x, mark: { scale } }) => ({ x, y: TOP + (scaleY(scale, BAND) ?? 0), scale }));
  return (
    <Row name="Scale" more="10 safe enough to close, 0 not safe">
      <svg class="scale" width={width} height={HEIGHT} aria-hidden="true" focusable="false">
        <rect x="0" y={TOP} width={width} height={BAND} />
        <line class="safe" x1="0" x2={width} y1={TOP} y2={TOP} />
        <line class="unsafe" x1="0" x2={width} y1={TOP + BAND} y2={TOP + BAND} />
        {points.map(({ x, y }, at) => (
          <g key={at}>
            <path class="step" d={`M${x} ${y}h${STEP}`} />
            <circle cx={x} cy={y} r="4.5" />
          </g>
        ))}
        {readable(points).map(({ x, y, scale }, at) => (
          <text key={at} y={y - 6} {...beside(x, width)}>
            {scale}
          </text>
        ))}
      </svg>
      <Dots name="Scale" groups={groupsOf(given)} drawn={drawn} />
    </Row>
  );
}

/** After its point; before it where the picture ends, as it does today. */
function beside(x: number, width: number): { x: number; "text-anchor"?: "end" } {
  return x + FIGURE > width ? { x: x - 5, "text-anchor": "end" } : { x: x + 5 };
}

/** The figures that do not run into one that stands already; the table has them all. */
function readable(points: Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const clear = kept.every(({ x, y }) => Math.abs(x - point.x) >= LETTER || Math.abs(y - point.y) >= LETTER);
    if (clear) kept.push(point);
  }
  return kept;
}
