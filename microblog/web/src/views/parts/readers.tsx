// Who can read this: how many, and by name on a tap. It is the list that a post is sealed to.

import type { Child, Member } from "../../client/shown.ts";
import { agencies, people, say, TEAM_ROLES } from "../words.ts";
import { Who } from "./who.tsx";

export function Readers({ child }: { child: Child }) {
  return (
    <details class="readers">
      <summary>
        <strong>
          {people(child.members.length)} in {agencies(child.agencies)}
        </strong>{" "}
        can read this. <span>Who?</span>
      </summary>
      <ul class="plain">
        {child.members.map((member) => (
          <li key={member.person.id}>
            <Who person={member.person} />
            {role(member)}
          </li>
        ))}
      </ul>
    </details>
  );
}

function role(member: Member): string {
  return member.role === "follower" ? "" : ` (${say(TEAM_ROLES, member.role).toLowerCase()})`;
}
