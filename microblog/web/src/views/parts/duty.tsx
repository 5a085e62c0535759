// Under every button that posts, always.

import { overview } from "../state.ts";
import { Ring } from "./who.tsx";

export function Duty() {
  const seen = overview.value;
  const mine =
    seen?.numbers.filter(({ agencyId }) => !agencyId || agencyId === seen.me.agencyId) ?? [];
  // One's own agency first: that is who knows one's voice.
  const numbers = mine.sort((a, b) => Number(!a.agencyId) - Number(!b.agencyId));
  return (
    <p class="duty">
      Nobody is on duty here. Danger now: <Ring number="999" />. This is not a referral: ring{" "}
      {numbers.length === 0
        ? "your agency’s safeguarding lead"
        : numbers.map(({ label, number, hours }, index) => (
            <span key={label + number}>
              {index > 0 && " or "}
              <bdi>{label}</bdi> <Ring number={number} />
              {hours && (
                <>
                  {" "}
                  (<bdi>{hours}</bdi>)
                </>
              )}
            </span>
          ))}
      .
    </p>
  );
}
