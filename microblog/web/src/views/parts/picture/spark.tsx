// How thick the file of a child gets, in the space of a word: posts a week, the last twelve.

const WIDTH = 84;
const HEIGHT = 28;

/** `most`: of all that stand in the same list, so that they can be compared. */
export function Spark({ weeks, most }: { weeks: number[]; most: number }) {
  if (weeks.length === 0) return null;
  const wide = WIDTH / weeks.length;
  const bars = weeks.map((posts, at) => {
    // A week without a post is a line, and not a gap.
    const height = Math.max(1, most > 0 ? (posts / most) * HEIGHT : 0);
    return `M${(at * wide + 0.5).toFixed(2)} ${HEIGHT}v${-height}h${(wide - 1.5).toFixed(2)}v${height}Z`;
  });
  return (
    <svg
      class="spark"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Posts a week, the last ${weeks.length} weeks: ${weeks.join(", ")}`}
    >
      <path d={bars.join("")} />
    </svg>
  );
}
