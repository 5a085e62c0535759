// A log that cannot be trusted past its newest good entry. This cannot be dismissed.

import type { Trouble as What } from "../../client/shown.ts";
import { troubleOf } from "../sentences.ts";
import { Notice } from "./notice.tsx";

interface Props {
  trouble: What;
  of: string; // which log, in words
}

export function Trouble({ trouble, of }: Props) {
  const { title, next, error } = troubleOf(trouble);
  return (
    <Notice sort="alarm" title={title}>
      <p>
        {of}. {next}
      </p>
      <p class="small">
        Name of the error: {error}, at entry {trouble.seq}
      </p>
    </Notice>
  );
}
