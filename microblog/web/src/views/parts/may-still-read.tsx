// Whoever was taken off a team may still read until a witness has seen it.

import type { Child, MayStillRead as One } from "../../client/shown.ts";
import { ago } from "../dates.ts";
import { nameOf } from "../words.ts";
import { Notice } from "./notice.tsx";

/** `alarms`: only what has taken too long. */
export function MayStillRead({ child, alarms }: { child: Child; alarms?: boolean }) {
  const shown = child.mayStillRead.filter(({ alarm }) => alarm || !alarms);
  return (
    <>
      {shown.map((one) =>
        one.alarm ? <Alarm key={one.person.id} one={one} /> : <Soon key={one.person.id} one={one} />,
      )}
    </>
  );
}

function Soon({ one: { person, since } }: { one: One }) {
  return (
    <Notice sort="warning" title={<><bdi>{nameOf(person)}</bdi> may still read.</>}>
      <p>
        They were taken off this team {ago(since)}. It is certain once the witness has seen it,
        within some minutes. Until then, post nothing here that they must not read.
      </p>
    </Notice>
  );
}

function Alarm({ one: { person, since } }: { one: One }) {
  return (
    <Notice sort="alarm" title={<><bdi>{nameOf(person)}</bdi> may still read.</>}>
      <p>
        They were taken off this team {ago(since)}, and no witness has seen it yet. The witness
        may be switched off; or the server may be keeping it from your colleagues, whose posts would
        then still reach them. Ring the team, and ask them to post nothing here that they must not
        read. Ring a steward of your practice, not by a number found on this screen.
      </p>
    </Notice>
  );
}
