// The last steps of joining and founding: the recovery sheet, and on a shared computer the key file.

import { useSignal } from "@preact/signals";

import { leaveDoor } from "./entrance.ts";
import { settle } from "./route.ts";
import { SaveNow } from "./save-now.tsx";
import { MakeSheet } from "./sheet.tsx";
import { enter } from "./state.ts";

export function AfterKeys({ keep }: { keep: boolean }) {
  const file = useSignal(false);
  if (file.value) return <SaveNow onDone={goIn} />;
  const next = () => {
    // Where keys are kept, the sheet is what brings back; where they are not, the file is what opens.
    if (keep) return goIn();
    file.value = true;
    settle();
  };
  return <MakeSheet onDone={next} onLater={next} />;
}

/** Leave the door behind, and stand inside. */
export function goIn(): void {
  leaveDoor();
  settle();
  void enter();
}
