// Check this computer: for anyone to read before joining, and for whoever helps them.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { ServedFiles } from "../client/messages.ts";
import { ask } from "./bridge.ts";
import { asText, type Line, tryAll } from "./checks.ts";
import { Button } from "./parts/button.tsx";
import { Copy } from "./parts/copy.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { stage, stopped } from "./state.ts";

const VERDICTS = { yes: "Works", no: "Does not work", look: "Look at this" };
const FOUR = /.{1,8}/g;

export function Check({ inside }: { inside?: boolean }) {
  const lines = useSignal<Line[] | null>(null);
  const begun = stage.value !== "starting" || stopped.value;
  useEffect(() => {
    // What the browser lacks altogether is known by then.
    if (begun) void tryAll().then((found) => (lines.value = found));
  }, [begun]);
  return (
    <Page
      title="Check this computer"
      back={inside ? { href: "#/me", text: "Back to Me" } : { href: "/", text: "To the app" }}
    >
      <p>
        Whether this computer or phone can run the app. Nothing is sent but a question for the
        server’s time. Nothing is kept.
      </p>
      {lines.value === null ? <p role="status">Trying what the app needs…</p> : <Found lines={lines.value} />}
      <Served />
      <Unseen />
    </Page>
  );
}

function Found({ lines }: { lines: Line[] }) {
  const bad = lines.filter(({ verdict }) => verdict === "no").length;
  return (
    <>
      {bad === 0 ? (
        <Notice sort="done" title="This computer can run the app." />
      ) : (
        <Notice sort="alarm" title={`This computer cannot run the app yet: ${bad === 1 ? "one thing is" : `${bad} things are`} in the way.`}>
          <p>If a child is in danger now, ring 999. This app is not needed for that.</p>
        </Notice>
      )}
      <ul class="checks">
        {lines.map(({ name, verdict, words, todo }) => (
          <li key={name} class={verdict}>
            <strong>{VERDICTS[verdict]}:</strong> {name}
            <p>{words}</p>
            {todo && <p>What to do: {todo}</p>}
          </li>
        ))}
      </ul>
      <p>Your IT service desk can be told all of it. There is nothing private in it.</p>
      <Copy text={asText(lines)} what="findings" />
    </>
  );
}

function Served() {
  const seen = useSignal<ServedFiles | "" | "looking" | "failed">("");
  const look = () => {
    seen.value = "looking";
    ask("checkServed").then(
      (found) => (seen.value = found),
      () => (seen.value = "failed"),
    );
  };
  const found = seen.value;
  return (
    <>
      <h2>The app that you are given</h2>
      <p>
        Every file of the app has a fingerprint. This fetches all of them again and compares them with
        the server’s list.
      </p>
      {typeof found === "string" && (
        <Button look="second" onClick={look} busy={found === "looking"}>
          Compare the files
        </Button>
      )}
      <p role="status">
        {found === "looking" && "Fetching and comparing: some seconds."}
        {found === "failed" && "The list could not be fetched. Check that you are online, and try again."}
      </p>
      {typeof found !== "string" && <Compared found={found} />}
    </>
  );
}

function Compared({ found: { list, files, strange } }: { found: ServedFiles }) {
  return (
    <>
      {strange.length === 0 ? (
        <Notice sort="done" title={`All ${files} files are those of the server’s list.`} />
      ) : (
        <Notice sort="alarm" title={`${strange.length} of ${files} files are not those of the list.`}>
          <p>
            Do not type your passphrase here. The server may just be being brought up to date: try again in
            some minutes. If it still says so, ring a steward.
          </p>
          <ul>
            {strange.map((path) => (
              <li key={path}>{path}</li>
            ))}
          </ul>
        </Notice>
      )}
      <p>
        The list’s own fingerprint, to compare with what the makers of the app publish for this version,
        by somebody who has it from them and not from here:
      </p>
      <p class="code small">{list.match(FOUR)?.join(" ")}</p>
    </>
  );
}

function Unseen() {
  return (
    <>
      <h2>What this page cannot see</h2>
      <p>
        <strong>Whether your employer’s network opens encrypted connections</strong> to inspect them. No page can.
        Such a device could change this page too. Look yourself: choose the sign beside the address, then
        the connection, then the certificate, then <em>Issued by</em>.
      </p>
      <ul>
        <li>A public authority, such as Let’s Encrypt or DigiCert: the connection ends at the server.</li>
        <li>
          Your employer’s name, or that of a security product: it is opened on the way. Do not join here.
          Ask your IT service desk to leave this address alone.
        </li>
      </ul>
      <p>
        Nor does it see extensions, programs that photograph the screen, or somebody looking over your
        shoulder.
      </p>
      <p>
        Whoever runs the server has a page for your IT service desk: <strong>BROWSERS.md</strong>. It names every
        setting of Edge and Chrome that matters here.
      </p>
    </>
  );
}
