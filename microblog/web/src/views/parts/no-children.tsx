// What someone sees who follows nobody yet.

import { ButtonLink } from "./button.tsx";

export function NoChildren() {
  return (
    <>
      <p class="lead">You follow no child yet. Begin one, or ask a keeper to add you.</p>
      <p>
        A keeper looks after a child’s stream and says who is on the team. Someone who already
        follows the child can tell you who it is.
      </p>
      <ButtonLink href="#/children/begin">Begin a child</ButtonLink>
    </>
  );
}
