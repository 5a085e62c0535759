// The recovery sheet as it lies on paper: one page A4, to be read by someone who has lost everything else.

import type { Sheet } from "../../client/messages.ts";
import { date } from "../dates.ts";
import { Code } from "./code.tsx";

export function Paper({ sheet }: { sheet: Sheet }) {
  const { letters, link, practice, name, fingerprint, directory } = sheet;
  const place = link.split("#")[0] ?? "";
  return (
    <article class="paper" aria-label="The recovery sheet">
      <p class="paper-title">Recovery sheet</p>
      <p>
        <bdi class="name">{name}</bdi>, <bdi>{practice}</bdi>. Made {date(Date.now())}.
      </p>
      <p>
        <strong>This paper is a key.</strong> Whoever has it can read all that this person may read.
        It needs no passphrase.
      </p>
      <div class="paper-key">
        <Code text={link} label="The recovery sheet, as a code for a camera" />
        <ol class="groups" aria-label="The letters, in nine groups">
          {letters.map((four, at) => (
            <li key={at}>
              <span class="group-number">
                {at + 1}
                <span class="unseen">: </span>
              </span>
              <span class="code">{four}</span>
            </li>
          ))}
        </ol>
      </div>
      <h2>When every device is lost, or the passphrase is forgotten</h2>
      <p>
        On any phone or computer open <span class="code">{place}</span> and type the letters, or
        point a phone’s camera at the code. It takes two minutes. The sheet stays good afterwards.
      </p>
      <h2>Where to keep it</h2>
      <p>
        Locked away, and not with the devices: at home, or in a sealed envelope in a safe. Not in the
        laptop bag, not in a photograph, a scan or a mail.
      </p>
      <h2>If the sheet itself is lost</h2>
      <p>
        In the app, under Me, choose this sheet among your devices, shut it out and make a new one.
      </p>
      <p class="small">
        Fingerprint of the practice: <span class="code">{fingerprint}</span>. List of staff when
        this was made: entry {directory.seq}, <span class="code">{directory.id}</span>
      </p>
    </article>
  );
}
