// A follow slip: a link, and the same as a code, with which a colleague asks to follow.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Child } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { Code } from "./parts/code.tsx";
import { Copy } from "./parts/copy.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { type Failure, failureOf } from "./sentences.ts";
import { keepers, list, nameOf } from "./words.ts";

export function Slip({ child }: { child: Child }) {
  const { log, name, members } = child;
  const link = useSignal("");
  const failure = useSignal<Failure | null>(null);
  useEffect(() => {
    ask("slip", { log }).then(
      (made) => (link.value = made),
      (error) => (failure.value = failureOf(error)),
    );
  }, [log]);
  return (
    <Page
      title="Follow slip"
      heading={
        <>
          Follow slip for <bdi>{name}</bdi>
        </>
      }
      back={{ href: `#/child/${log}/team`, text: "Back to the team" }}
    >
      <p>
        Give it to a colleague who ought to follow. It opens nothing and names nobody: whoever opens
        it, and works here, can ask <bdi>{list(keepers(members).map(({ person }) => nameOf(person)))}</bdi>{" "}
        to be let in.
      </p>
      {failure.value && (
        <Notice sort="warning" title={failure.value.title}>
          <p>{failure.value.next}</p>
        </Notice>
      )}
      {link.value && (
        <>
          <p class="code boxed">{link.value}</p>
          <Copy text={link.value} />
          <h2>Or by camera</h2>
          <p>Face to face: the colleague points a phone at this.</p>
          <Code text={link.value} label="The link of the follow slip, as a code for a camera" />
        </>
      )}
    </Page>
  );
}
