// The page's start: take the secret out of the address, see what the browser can do, start the
// Worker, show the first screen.

import { render } from "preact";

import type { Start } from "./client/messages.ts";
import { App } from "./views/app.tsx";
import { ask, type Event, startWorker } from "./views/bridge.ts";
import { watchEmptying } from "./views/emptying.ts";
import { takeEntrance } from "./views/entrance.ts";
import { watchHomeScreen } from "./views/home-screen.ts";
import { hearLive, hearNews, watchIdle } from "./views/idle.ts";
import { watchForNewer } from "./views/newer.ts";
import { watchRoom } from "./views/room.ts";
import { keepPlaceOnLeaving } from "./views/place.ts";
import { followAddress } from "./views/route.ts";
import { checking, emptyPage, keepOnLeaving, linking, look, missing, opened, posted, progress, stage, start, stopped } from "./views/state.ts";
import { watchWidth } from "./views/width.ts";

const entrance = takeEntrance();
if (entrance.door === "ask") opened.value = entrance.fragment;
if (entrance.door === "link") linking.value = entrance.fragment;

followAddress();
keepOnLeaving();
keepPlaceOnLeaving();
watchIdle();
watchWidth();
watchHomeScreen();
const root = document.getElementById("app");
if (root) {
  root.textContent = "";
  watchEmptying(root);
  render(<App entrance={entrance} onGoOn={choose} />, root);
}
void begin();

async function begin(): Promise<void> {
  const lacks = [
    ...(typeof Worker === "undefined" ? ["workers"] : []),
    ...(typeof WebAssembly === "undefined" ? ["webassembly"] : []),
  ];
  if (lacks.length > 0) return stop(lacks);
  try {
    startWorker(hear, () => (stopped.value = true));
    const known: Start = await ask("start");
    start.value = known;
    if (known.missing.length > 0) stop(known.missing);
    else choose();
    // From here on, so that nothing of it keeps the first screen waiting.
    watchRoom();
    watchForNewer();
  } catch {
    stopped.value = true;
  }
}

function stop(lacks: string[]): void {
  missing.value = lacks;
  stage.value = "missing";
}

/** Show the first screen that fits what is known. */
function choose(): void {
  const stored = start.value?.stored ?? false;
  // A slip, or the letters of another device, want keys that are here already.
  const inside = entrance.door === "ask" || (stored && linking.value !== "");
  if (entrance.door && !inside) stage.value = "door";
  else stage.value = stored ? "locked" : "welcome";
}

function hear(event: Event): void {
  switch (event.event) {
    case "changed":
      if (progress.value?.what !== "bring") progress.value = null;
      return void look();
    case "progress": {
      // What is checked in the background goes on behind whatever else is under way; what is fetched on the way, while
      // rows are brought in, is part of that.
      const where = event.what === "check" ? checking : progress;
      if (where.value?.what === "bring" && event.what !== "bring") return;
      where.value = event.done >= event.total ? null : event;
      return;
    }
    case "live":
      return hearLive(event.on);
    case "news":
      return hearNews();
    case "posted":
      posted.value = event;
      return;
    case "locked":
      emptyPage();
      progress.value = null;
      return void ask("start").then(
        (known) => (start.value = known),
        () => {},
      );
  }
}
