// Someone has joined the team since the writing began. Nothing was sent; the writer is asked.

import { useEffect, useRef } from "preact/hooks";

import type { Child, Person } from "../../client/shown.ts";
import { people } from "../words.ts";
import { Button } from "./button.tsx";
import { Who } from "./who.tsx";

interface Props {
  newcomers: Person[];
  child: Child;
  busy: boolean;
  onYes: () => void;
  onNo: () => void;
  /** It came up by itself, and leaves the focus where it is. */
  still?: boolean;
}

export function Newcomers({ newcomers, child, busy, onYes, onNo, still = false }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!still) box.current?.focus();
  }, []);
  return (
    <div class="notice warning" role={still ? undefined : "alert"} tabIndex={-1} ref={box}>
      <p class="notice-title">
        {people(newcomers.length)} joined the team while you were writing. Nothing has been sent.
      </p>
      <ul>
        {newcomers.map((person) => (
          <li key={person.id}>
            <Who person={person} />
          </li>
        ))}
      </ul>
      <p>Should {newcomers.length === 1 ? "this person" : "these people"} read your post too?</p>
      <p class="row">
        <Button busy={busy} onClick={onYes}>
          Yes, post to all {child.members.length}
        </Button>
        <Button look="second" onClick={onNo}>
          No, go back to my words
        </Button>
      </p>
      <p class="small">
        Who follows <bdi>{child.name}</bdi> reads all posts. To keep this from someone, ask a keeper
        about the team first.
      </p>
    </div>
  );
}
