// A decision about a child, written by itself: from the round-up it is one tap away.

import type { Child } from "../client/shown.ts";
import { Composer } from "./composer.tsx";
import { Page } from "./parts/page.tsx";
import { go } from "./route.ts";
import { called } from "./words.ts";

export function Decide({ child }: { child: Child }) {
  const back = `/child/${child.log}`;
  const heading = (
    <>
      Record a decision about <bdi>{called(child)}</bdi>
    </>
  );
  return (
    <Page title="Record a decision" heading={heading} back={{ href: `#${back}`, text: "Back to the child" }}>
      <Composer
        place={`${child.log}:decide`}
        heading="The decision"
        log={child.log}
        first={{ kind: "decision" }}
        onSent={() => go(back)}
      />
    </Page>
  );
}
