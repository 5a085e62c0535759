// What stands above every screen for the sake of this device: a newer build of the app, and too little room.

import { newer, lookForNewer, unkept, update } from "../newer.ts";
import { isTight, megabytes, room } from "../room.ts";
import { overview } from "../state.ts";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";

export function DeviceBanners() {
  if (newer.value === "" && !isTight()) return null;
  return (
    <div role="status">
      <Newer />
      {isTight() && <Tight />}
    </div>
  );
}

function Newer() {
  switch (newer.value) {
    case "":
      return null;
    case "ready":
      return overview.value?.stored ? <Ready /> : <ReadyInMemory />;
    case "missed":
      return (
        <Notice sort="warning" title="The server has a newer version of this app.">
          <p>
            It has not come to this device. Close every tab and window of this app, then open it again.
            If that does not help, free some space, or tell whoever runs the server.{" "}
            {overview.value?.stored && "What you have begun is kept on this device, sealed."}
          </p>
          <Button look="second" onClick={() => void lookForNewer()}>
            Look again
          </Button>
        </Notice>
      );
  }
}

function Ready() {
  return (
    <Notice sort="note">
      <p>
        <strong>A newer version is ready.</strong> What you have begun is kept; you unlock again.
      </p>
      {unkept.value && (
        <p>Not updated: what you have begun could not be kept. Copy it first, or post it.</p>
      )}
      <Button look="second" onClick={() => void update()}>
        Update
      </Button>
    </Notice>
  );
}

function ReadyInMemory() {
  return (
    <Notice sort="note">
      <p>
        <strong>A newer version is ready.</strong> It comes when you close this page and open it again.
        Your keys are in its memory only: send what you have begun first, and have your key file at
        hand.
      </p>
    </Notice>
  );
}

function Tight() {
  const { used, most } = room.value ?? { used: 0, most: 0 };
  return (
    <Notice sort="warning" title="This device has little room left.">
      <p>
        The browser lets this app keep {megabytes(most)}, and {megabytes(used)} are in use. Delete
        files or apps you do not need. What is here stays readable. When it is full, nothing new can
        be kept: a post is then refused before it is sent, and its words stay in front of you.
      </p>
    </Notice>
  );
}
