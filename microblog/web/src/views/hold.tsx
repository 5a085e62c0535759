// Putting a hold on a stream, so that nothing of it is destroyed, and lifting it.

import type { Child } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { must, useKeptForm } from "./form.ts";
import { Field } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { Page } from "./parts/page.tsx";
import { go } from "./route.ts";
import { look } from "./state.ts";

export function Hold({ child }: { child: Child }) {
  const on = child.held === null;
  const proposed = child.shreds.filter(({ done }) => !done).length;
  const back = `/child/${child.log}/keeping`;
  const form = useKeptForm(
    `hold:${child.log}`,
    { why: "" },
    ({ why }) => must(why.trim() !== "", "why", `Say why ${on ? "it must be kept" : "it is lifted"}`),
    async ({ why }) => {
      await ask("hold", { log: child.log, on, why: why.trim() });
      await look();
      go(back);
    },
  );
  return (
    <Page
      title={on ? "Put a hold on it" : "Lift the hold"}
      back={{ href: `#${back}`, text: "How long it is kept" }}
    >
      <FormFrame
        form={form}
        failed={on ? "No hold." : "Not lifted."}
        look={on ? "main" : "warning"}
        button={on ? "Put a hold on it" : "Lift the hold"}
      >
        {on ? (
          <>
            <p>
              While the hold lasts nothing about <bdi>{child.name}</bdi> can be destroyed, and no post
              on the wrong child can be erased. A keeper or a supervisor on the team can lift it.
            </p>
            {proposed > 0 && (
              <p>
                <strong>
                  {proposed === 1 ? "The proposal" : `The ${proposed} proposals`} to destroy posts{" "}
                  {proposed === 1 ? "is" : "are"} taken back by it.
                </strong>{" "}
                After the hold it has to be proposed anew, and 14 days pass anew.
              </p>
            )}
          </>
        ) : (
          <p>
            From then on a keeper can propose to destroy posts about <bdi>{child.name}</bdi> for good.
            Nothing is destroyed by this. Whoever put the hold on it sees that you lifted it; ring
            them first.
          </p>
        )}
        <Field
          {...form.of("why")}
          label={on ? "Why it must be kept" : "Why it is lifted"}
          hint="The whole team reads this."
        />
      </FormFrame>
    </Page>
  );
}
