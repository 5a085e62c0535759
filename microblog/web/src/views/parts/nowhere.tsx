// An address that leads to nothing.

import { Page } from "./page.tsx";

export function Nowhere() {
  return (
    <Page title="Nothing here">
      <p>
        This page does not exist, or you may not see it. If you followed a child here, a keeper may
        have taken you off the team.
      </p>
      <p>
        <a class="tall" href="#/">
          Go to the stream
        </a>
      </p>
    </Page>
  );
}

/** A link to a post, opened by somebody who does not follow whom it is about. */
export function NotOnTeam() {
  return (
    <Page title="Not on the team">
      <p>
        This link leads to a post about a child or household that you do not follow, on this device at least. The link
        itself says nothing more, and the server could not open the post either.
      </p>
      <p>Ask whoever sent you the link for a follow slip. With it you can ask the keepers to let you in.</p>
      <p>
        <a class="tall" href="#/">
          Go to the stream
        </a>
      </p>
    </Page>
  );
}
