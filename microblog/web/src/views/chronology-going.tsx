// A chronology before it goes out: what is in it, what is black, who is told; and then the file, or the paper.

import { Blacking } from "./blacking.tsx";
import { blackOut, countBlack } from "./black-out.ts";
import { ask } from "./bridge.ts";
import { daysFromNow, readDate } from "./date-parts.ts";
import { moment, plural } from "./dates.ts";
import { useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { ChronologyPaper } from "./parts/chronology-paper.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { download } from "./parts/key-file.tsx";
import { Notice } from "./parts/notice.tsx";
import { Working } from "./parts/working.tsx";
import { writeTable } from "./sheets-bridge.ts";
import { look } from "./state.ts";
import { countTold, fileName, type Taking, takingOf } from "./taking.ts";
import { people } from "./words.ts";

export function ChronologyGoing({ log }: { log: string }) {
  const taking = takingOf(log);
  const form = useForm(
    () => [],
    async () => {
      if (taking.value) taking.value = await takeOut(log, taking.value);
    },
  );
  const now = taking.value;
  if (now === null) return null;
  if (now.row >= 0) return <Blacking taking={now} onInput={(next) => (taking.value = next)} />;
  if (now.saved) return <Saved taking={now} onEnd={() => (taking.value = null)} />;
  const rows = now.chronology.rows.length;
  const many = now.logs.length === 1 ? "team" : "teams";
  return (
    <>
      <p>{whatGoes(now)}</p>
      {now.chronology.unchecked > 0 && (
        <Notice sort="warning" title={`${plural(now.chronology.unchecked, "post")} could not be checked.`}>
          <p>Nothing is taken out before all of it is. Go online, and begin again.</p>
        </Notice>
      )}
      {rows > 0 && now.chronology.unchecked === 0 && (
        <>
          <section class="card before-form" aria-labelledby="black">
            <h2 id="black">Blacked out</h2>
            <p>{whatIsBlack(now)}</p>
            <Button look="second" onClick={() => (taking.value = { ...now, row: 0 })}>
              Go through the rows
            </Button>
          </section>
          <FormFrame
            form={form}
            failed="Nothing was taken out."
            button={
              now.format === "print"
                ? `Tell the ${many}, and show it for printing`
                : `Tell the ${many}, and save the spreadsheet`
            }
          >
            <Warning taking={now} />
          </FormFrame>
          {form.busy && <Working idle="hand" />}
        </>
      )}
      <p>
        <Button look="plain" busy={form.busy} onClick={() => (taking.value = null)}>
          Change what goes out
        </Button>
      </p>
    </>
  );
}

/** Tell the teams, and then let it go. What cannot be written was not taken out, and nobody is told of it. */
async function takeOut(log: string, now: Taking): Promise<Taking> {
  const { format, logs, from, to, why, chronology, blacked } = now;
  const bytes = format === "print" ? null : await writeTable(blackOut(chronology, blacked), format);
  await ask("tellTakenOut", { logs, format, from, to, why });
  const saved = bytes === null ? "paper" : fileName(log, format, readDate(daysFromNow(0)) ?? "");
  if (bytes !== null) download(bytes, saved);
  await look();
  return { ...now, saved };
}

function whatGoes({ chronology: { rows, columns }, from, to }: Taking): string {
  const span = [from && `from ${moment(from)}`, to && `until ${moment(to)}`].filter(Boolean).join(" ");
  if (rows.length === 0) return `Nothing was posted about it${span ? ` ${span}` : ""}.`;
  const date = columns.findIndex(({ title }) => title === "Date");
  const undated = rows.filter(({ cells }) => !cells[date]).length;
  const last = undated === 0 ? "" : ` ${undated} of them, at the end: nobody is sure when.`;
  return `${plural(rows.length, "row")}${span ? `, ${span}` : ", all that was posted"}.${last}`;
}

function whatIsBlack({ blacked, proposed, walked, chronology: { rows } }: Taking): string {
  const black = countBlack(blacked);
  const count = black === 0 ? "Nothing." : `Something in ${plural(black, "row")}.`;
  const places = new Set(proposed.map(({ row }) => row)).size;
  const found = `Telephone numbers, addresses or names of others may stand in ${plural(places, "row")}.`;
  return walked.length === 0
    ? `${count} ${places > 0 ? found : "No telephone number, address or name of another was found; look yourself."}`
    : `${count} You have looked at ${walked.length} of ${plural(rows.length, "row")}.`;
}

function Warning({ taking: { logs, format } }: { taking: Taking }) {
  const count = countTold(logs);
  return (
    <Notice
      sort="warning"
      title={format === "print" ? "Whoever has the paper can read it." : "Whoever has the file can read it."}
    >
      <ul>
        <li>The words in it are open. Keep it as you keep the record; it is part of it.</li>
        <li>
          {count === 1 ? "On the team it is seen" : `All ${people(count)} on the ${logs.length === 1 ? "team" : "teams"} see`}{" "}
          that you took it out, which days, and why. That stays, also if you throw it away.
        </li>
        <li>What is later destroyed for good in the app stays in it.</li>
      </ul>
    </Notice>
  );
}

function Saved({ taking, onEnd }: { taking: Taking; onEnd: () => void }) {
  const again = (
    <Button look="plain" onClick={onEnd}>
      Take out something else
    </Button>
  );
  if (taking.format === "print") {
    return (
      <>
        <p class="row unprinted">
          <Button onClick={() => print()}>Print it</Button>
          {again}
        </p>
        <ChronologyPaper taking={taking} />
      </>
    );
  }
  return (
    <>
      <div class="hanging">
        <Notice sort="done" title={`Saved as ${taking.saved}.`}>
          <p>Look in your downloads, and move it to a safe place.</p>
        </Notice>
      </div>
      <p>{again}</p>
    </>
  );
}
