// Whether anybody else than the server says what it should show: the witness's word, and its silence.

import type { Child, Vouching } from "../../client/shown.ts";
import { ago, since } from "../dates.ts";
import { overview } from "../state.ts";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";
import { Readers } from "./readers.tsx";

const LATE_MS = 15 * 60_000;

/** What a witness is, for whoever has never heard of one. */
export const A_WITNESS =
  "A witness is a small program on another machine, best in another department. It reads no word; it notes how far everything has come, so that the server cannot hide what is new.";

const STATES: Record<Vouching["state"], (newest: number) => string> = {
  none: () =>
    "This practice has no witness. The server could keep what is new from you, or keep from a colleague that someone was taken off a team, and nobody would notice.",
  good: (newest) =>
    `A witness last vouched for this server ${ago(newest)}. What had come by then cannot be kept from you unnoticed.`,
  late: (newest) =>
    `The witness has not vouched for this server since ${since(newest)}. Posts wait until it does.`,
  old: (newest) =>
    `The witness has not vouched for this server since ${since(newest)}. What you see may be out of date.`,
  missing: () =>
    isNew()
      ? "A witness has just been named. It vouches for this server within some minutes."
      : "A witness is named, but it has never vouched for this server. What you see may be out of date.",
};

/** Has every witness been named so lately that it need not have spoken yet? */
function isNew(): boolean {
  const good = (overview.value?.witnesses ?? []).filter(({ ended }) => !ended);
  return good.every((one) => Date.now() - one.since < LATE_MS);
}

export function Vouched() {
  const witness = overview.value?.witness;
  if (!witness) return null;
  return <p>{STATES[witness.state](witness.newest)}</p>;
}

/** In one line, where the list of a team stands or falls by it. */
export function VouchedFor({ child }: { child: Child }) {
  const state = overview.value?.witness.state ?? "none";
  if (state === "none") {
    return (
      <p class="small">
        No witness watches this server: if it kept a change of this list from somebody, nobody would
        notice.
      </p>
    );
  }
  return (
    <p class="small">
      {child.vouched > 0
        ? `A witness vouched for this list ${ago(child.vouched)}.`
        : "No witness has vouched for this list yet."}
    </p>
  );
}

/** Over every screen, once nobody has vouched for a day; it cannot be put away. */
export function VouchingBanner() {
  const witness = overview.value?.witness;
  if (witness?.state !== "old" && witness?.state !== "missing") return null;
  if (witness.state === "missing" && isNew()) return null;
  const never = witness.newest === 0;
  return (
    <Notice
      sort="warning"
      alert
      title={
        never
          ? "The witness has never vouched for this server."
          : `This server has not been vouched for since ${since(witness.newest)}.`
      }
    >
      <p>
        The witness may only be switched off. Or the server may be hiding what is new: what you see
        may be out of date. Ring a steward of your practice, not by a number found on this screen.
      </p>
    </Notice>
  );
}

interface UnvouchedProps {
  child: Child;
  when: number; // ms
  /** What became of the words meanwhile. */
  kept?: string;
  busy: boolean;
  onAgain: () => void;
  onAllTheSame: () => void;
}

/** A post that was kept back, and what may be done with it. */
export function Unvouched({ child, when, kept, busy, onAgain, onAllTheSame }: UnvouchedProps) {
  const may = overview.value?.maySendUnvouched ?? false;
  return (
    <Notice
      sort="warning"
      alert
      title={`Not sent: this server has not been vouched for since ${since(when)}.`}
    >
      <p>
        The witness, which checks the server from another machine, is silent. It may only be
        switched off. Or the server is hiding something from you: someone who was taken off this
        team could still read what you post.
      </p>
      <p>
        {kept ?? "Your words are kept on this device, sealed."}{" "}
        {may
          ? "Try again in a few minutes. Where that is too long, you may send it all the same."
          : "Your practice lets nobody post meanwhile. Try again in a few minutes, and ring the team."}
      </p>
      <Readers child={child} />
      <p class="row">
        <Button busy={busy} onClick={onAgain}>
          Try again
        </Button>
        {may && (
          <Button look="warning" busy={busy} onClick={onAllTheSame}>
            Send it all the same
          </Button>
        )}
      </p>
    </Notice>
  );
}
