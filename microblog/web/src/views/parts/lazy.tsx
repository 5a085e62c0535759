// What is not on the first load: fetched when it is first gone to, and said while that lasts.

import { type Signal, signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";

import { ask } from "../bridge.ts";
import { hasUnsent, overview, reload } from "../state.ts";
import { Button } from "./button.tsx";
import { Page } from "./page.tsx";

/**
 * new: the server answers, and has this part no longer; stuck: it has it. Some browsers remember a module that did not come,
 * and ask for it no more until the page is loaded anew.
 */
type Lack = "" | "unreachable" | "stuck" | "new";

interface Fetched<P> {
  part: Signal<ComponentType<P> | null>;
  lack: Signal<Lack>;
  bring: () => Promise<void>;
}

/** A whole screen, of a chunk that `load` fetches. */
export function lazyScreen<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const fetched = fetching(load);
  return function LazyScreen(props: P) {
    const Part = useFetched(fetched);
    if (Part) return <Part {...props} />;
    const lack = fetched.lack.value;
    return (
      <Page title={lack === "" ? "Opening" : TITLES[lack]}>
        <Meanwhile {...fetched} />
      </Page>
    );
  };
}

/** Something that stands on a screen among other things. */
export function lazyPart<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const fetched = fetching(load);
  return function LazyPart(props: P) {
    const Part = useFetched(fetched);
    if (Part) return <Part {...props} />;
    const lack = fetched.lack.value;
    return (
      <div>
        {lack !== "" && (
          <p>
            <strong>{TITLES[lack]}</strong>
          </p>
        )}
        <Meanwhile {...fetched} />
      </div>
    );
  };
}

function fetching<P>(load: () => Promise<ComponentType<P>>): Fetched<P> {
  const part = signal<ComponentType<P> | null>(null);
  const lack = signal<Lack>("");
  const bring = async () => {
    lack.value = "";
    try {
      part.value = await load();
    } catch {
      const builds = await ask("builds").catch(() => null);
      lack.value = !builds?.served ? "unreachable" : builds.served === builds.mine ? "stuck" : "new";
    }
  };
  return { part, lack, bring };
}

function useFetched<P>({ part, bring }: Fetched<P>): ComponentType<P> | null {
  useEffect(() => {
    if (part.peek() === null) void bring();
  }, []);
  return part.value;
}

const TITLES: Record<Exclude<Lack, "">, string> = {
  unreachable: "This part of the app could not be loaded",
  stuck: "This part of the app could not be loaded",
  new: "A new version is here",
};

function Meanwhile({ lack, bring }: { lack: Signal<Lack>; bring: () => Promise<void> }) {
  switch (lack.value) {
    case "":
      return <p role="status">Opening…</p>;
    case "unreachable":
      return (
        <>
          <p role="status">
            It is fetched when it is first needed, and the server cannot be reached. What you have
            begun to write is still here.
          </p>
          <Button onClick={() => void bring()}>Try again</Button>
        </>
      );
    case "stuck":
      return (
        <Anew bring={bring}>
          The server answers, and yet it did not come. If trying again does not help, reload and unlock again.
        </Anew>
      );
    case "new":
      return (
        <Anew bring={bring}>
          The server answers, and no longer has this part as the app on this screen knows it. Reload, and unlock again.
        </Anew>
      );
  }
}

function Anew({ bring, children }: { bring: () => Promise<void>; children: string }) {
  return (
    <>
      <p role="status">
        {children} {hasUnsent() && whatIsKept()}
      </p>
      <p class="row">
        <Button onClick={() => void reload()}>Reload</Button>
        <Button look="second" onClick={() => void bring()}>
          Try again
        </Button>
      </p>
    </>
  );
}

function whatIsKept(): string {
  return overview.value?.stored
    ? "The post that you have begun is kept on this device, sealed, and comes back when you unlock."
    : "On a shared computer the post that you have begun is not kept: copy it first.";
}
