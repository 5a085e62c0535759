// Which screen stands before the door, by the link that led to it and whether keys are here already.

import { Cut, ForgetAndRecover, NoKeysHere, Taken } from "./doors-shut.tsx";
import type { Entrance } from "./entrance.ts";
import { Founding } from "./founding.tsx";
import { Join } from "./join.tsx";
import { Link } from "./link.tsx";
import { Recover } from "./recover.tsx";
import { stage, start } from "./state.ts";

export function Door({ door, fragment }: Entrance) {
  const unlock = () => (stage.value = "locked");
  if (start.value?.stored) {
    return door === "recover" ? <ForgetAndRecover onUnlock={unlock} /> : <Taken onUnlock={unlock} />;
  }
  if (door === "link") return fragment ? <NoKeysHere /> : <Link />;
  if (door === "recover") return <Recover fragment={fragment} />;
  if (!fragment) return <Cut />;
  return door === "found" ? <Founding token={fragment} /> : <Join fragment={fragment} />;
}
