// What someone sees who follows nobody yet.

import { ButtonLink } from "./button.tsx";

export function NoChildren() {
  return (
    <>
      <p class="lead">
        You follow no child yet. Begin one, open a follow slip, or ask a keeper to add you.
      </p>
      <p>
        A keeper looks after a child’s stream and says who is on the team. Someone who already
        follows the child can tell you who it is.
      </p>
      <p class="row">
        <ButtonLink href="#/children/begin">Begin a child</ButtonLink>
        <ButtonLink href="#/children/begin-household" look="second">
          Begin a household
        </ButtonLink>
        <ButtonLink href="#/children/bring-in" look="second">
          Bring in a list
        </ButtonLink>
      </p>
    </>
  );
}
