// Which post a control is about, for whoever hears its name and does not see where it stands.

import type { Child, Post } from "../../client/shown.ts";
import { clock, day } from "../dates.ts";
import { called, nameOf } from "../words.ts";

interface Props {
  post: Post;
  /** Where posts about more than one child stand together: whom it is about. */
  of?: Child | undefined;
}

/** After the words of the control, which come first in its name as they do on the screen. */
export function Which({ post: { author, time, row, seq }, of }: Props) {
  const words = [of && called(of), nameOf(author), day(time), clock(time)];
  // Rows were all brought in at once.
  if (row) words.push(`post ${seq}`);
  // One node: hundreds of these stand on a page, which has to be emptied in no time.
  return <span class="unseen">{`: ${words.filter(Boolean).join(", ")}`}</span>;
}
