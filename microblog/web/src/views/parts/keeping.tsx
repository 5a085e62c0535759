// What is said on a child's page about a hold, and about posts that are to be destroyed.

import type { Child, Shred } from "../../client/shown.ts";
import { overview } from "../state.ts";
import { nameOf } from "../words.ts";
import { Notice } from "./notice.tsx";

/** May I put a hold on it, and lift one? */
export function mayHold({ myRole, trouble }: Child): boolean {
  return !trouble && (myRole === "keeper" || myRole === "supervisor");
}

/** May I confirm what was proposed? Only someone else's, not before its day, and never under a hold. */
export function mayConfirm(child: Child, shred: Shred): boolean {
  const other = shred.by.id !== overview.value?.me.id;
  const due = shred.ready <= Date.now();
  return mayHold(child) && !child.held && !shred.done && other && due;
}

/** "1 post", "12 entries": what they are is not known before they are opened. */
export function entries(count: number): string {
  return count === 1 ? "1 entry" : `${count} entries`;
}

export function Keeping({ child }: { child: Child }) {
  const { held, shreds, log } = child;
  const open = shreds.filter(({ done }) => !done);
  return (
    <>
      {held && (
        <Notice sort="note">
          <p>
            <strong>Hold.</strong> <bdi>{nameOf(held.by)}</bdi> saw to it that nothing here is
            destroyed or erased: <bdi>{held.why}</bdi>
          </p>
        </Notice>
      )}
      {!held && open.length > 0 && (
        <Notice sort="warning">
          <p>
            <bdi>{nameOf(open[0]?.by ?? { name: "" })}</bdi> proposes to destroy posts here for good.{" "}
            <a href={`#/child/${log}/keeping`}>See what, and who may stop it</a>
          </p>
        </Notice>
      )}
    </>
  );
}
