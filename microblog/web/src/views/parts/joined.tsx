// Someone joined the team while rows were being brought in. It stopped there; the person is asked.

import type { Child, Person } from "../../client/shown.ts";
import { people } from "../words.ts";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";
import { Who } from "./who.tsx";

interface Props {
  newcomers: Person[];
  child: Child;
  busy: boolean;
  onYes: () => void;
}

export function Joined({ newcomers, child, busy, onYes }: Props) {
  return (
    <Notice
      sort="warning"
      alert
      title={`${people(newcomers.length)} joined the team meanwhile. It stopped there.`}
    >
      <ul>
        {newcomers.map((person) => (
          <li key={person.id}>
            <Who person={person} />
          </li>
        ))}
      </ul>
      <p>
        Should {newcomers.length === 1 ? "this person" : "these people"} read these rows too? Who
        follows <bdi>{child.name}</bdi> reads all of them.
      </p>
      <p class="row">
        <Button busy={busy} onClick={onYes}>
          Yes, bring them in for all {child.members.length}
        </Button>
      </p>
    </Notice>
  );
}
