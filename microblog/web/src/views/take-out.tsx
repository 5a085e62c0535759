// Taking posts out of the app: for whom, and so in which form.

import type { ComponentChildren } from "preact";

import type { Child } from "../client/shown.ts";
import { BundleForm } from "./bundle-form.tsx";
import { ChronologyForm } from "./chronology-form.tsx";
import { ChronologyGoing } from "./chronology-going.tsx";
import { Choice } from "./parts/field.tsx";
import { Page } from "./parts/page.tsx";
import { draft } from "./state.ts";
import { allMine, kinOf, takingOf } from "./taking.ts";
import { called, type Word } from "./words.ts";

type What = "" | "spreadsheet" | "print" | "bundle";

const CHRONOLOGY: Word[] = [
  {
    value: "spreadsheet",
    label: "A spreadsheet",
    hint: "For a chronology template, or your own agency’s records: a row for each post",
  },
  { value: "print", label: "A printed chronology", hint: "On A4, for a meeting or a paper file" },
];
const BUNDLE: Word = {
  value: "bundle",
  label: "A bundle for a reviewer or a court",
  hint: "One file that proves that nobody changed a letter of it",
};

/** `print`: that is what they came for. */
export function TakeOut({ child, print }: { child: Child; print?: boolean }) {
  const { log } = child;
  const what = draft<What>(`take-out-what:${log}${print ? ":print" : ""}`, print ? "print" : "");
  return (
    <Frame
      log={log}
      heading={
        <>
          Take out what was posted about <bdi>{called(child)}</bdi>
        </>
      }
      back={{ href: `#/child/${log}/team`, text: "Back to the team" }}
    >
      <Choice
        id="what"
        label="What do you need?"
        words={[...CHRONOLOGY, BUNDLE]}
        value={what.value}
        onInput={(value) => (what.value = value as What)}
      />
      {what.value === "bundle" && <BundleForm child={child} />}
      {(what.value === "spreadsheet" || what.value === "print") && (
        <ChronologyForm
          key={what.value}
          log={log}
          of={[child, ...kinOf(child)]}
          ticked={child.sort === "household" ? [child, ...kinOf(child)] : [child]}
          print={what.value === "print"}
        />
      )}
    </Frame>
  );
}

/** All that I follow, or some of it. */
export function TakeOutAll() {
  const what = draft<What>("take-out-what:", "");
  const mine = allMine();
  return (
    <Frame
      log=""
      heading="Take out what was posted about children I follow"
      back={{ href: "#/children", text: "Back to children I follow" }}
    >
      <Choice
        id="what"
        label="What do you need?"
        words={CHRONOLOGY}
        value={what.value}
        onInput={(value) => (what.value = value as What)}
      />
      {what.value && (
        <ChronologyForm key={what.value} log="" of={mine} ticked={mine} print={what.value === "print"} />
      )}
    </Frame>
  );
}

interface FrameProps {
  log: string;
  heading: ComponentChildren;
  back: { href: string; text: string };
  children: ComponentChildren;
}

function Frame({ log, heading, back, children }: FrameProps) {
  const taking = takingOf(log);
  return (
    <Page title="Take posts out" heading={heading} back={back}>
      {taking.value === null ? children : <ChronologyGoing log={log} />}
    </Page>
  );
}
