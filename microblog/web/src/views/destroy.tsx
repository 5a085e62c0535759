// Confirming what another keeper proposed: it is destroyed at once, and for good.

import { useSignal } from "@preact/signals";

import type { Child, Shred } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { date } from "./dates.ts";
import { must, useForm } from "./form.ts";
import { Check } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { entries } from "./parts/keeping.tsx";
import { Page } from "./parts/page.tsx";
import { SomePosts } from "./parts/some-posts.tsx";
import { WhatGoes } from "./parts/what-goes.tsx";
import { Who } from "./parts/who.tsx";
import { go } from "./route.ts";
import { look } from "./state.ts";

export function Destroy({ child, shred }: { child: Child; shred: Shred }) {
  const { by, time, seqs, cls, why } = shred;
  const back = `/child/${child.log}/keeping`;
  const sure = useSignal(false);
  const form = useForm(
    () => must(sure.value, "sure", "Tick that nobody has asked for it"),
    async () => {
      await ask("confirmShred", { log: child.log, id: shred.id });
      await look();
      go(back);
    },
  );
  return (
    <Page
      title="Destroy posts for good"
      heading={
        <>
          Destroy posts about <bdi>{child.name}</bdi> for good
        </>
      }
      back={{ href: `#${back}`, text: "How long it is kept" }}
    >
      <p>
        <Who person={by} /> proposed on {date(time)} to destroy {entries(seqs.length)}
        {cls && (
          <>
            {" "}
            as <bdi>{cls}</bdi>
          </>
        )}
        .
      </p>
      <p class="inset" dir="auto">
        {why}
      </p>
      <h2>What is among it</h2>
      <SomePosts child={child} seqs={seqs} />
      <FormFrame
        form={form}
        failed="Nothing was destroyed."
        look="warning"
        button={`Destroy ${entries(seqs.length)} for good`}
      >
        <WhatGoes child={child} at={Date.now()} />
        <Check id="sure" value={sure.value} onInput={(on) => (sure.value = on)}>
          No court, inquiry, review or person has asked for it, as far as I know.
        </Check>
      </FormFrame>
    </Page>
  );
}
