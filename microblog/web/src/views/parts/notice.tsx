// Things said beside the content: in passing, as a warning, as an alarm, as done.

import type { ComponentChildren } from "preact";

interface Props {
  sort: "note" | "warning" | "alarm" | "done";
  title?: ComponentChildren;
  /** It came up just now, as the answer to something: whoever hears the page is told at once. */
  alert?: boolean;
  children?: ComponentChildren;
}

export function Notice({ sort, title, alert, children }: Props) {
  const role = sort === "alarm" || alert ? "alert" : sort === "done" ? "status" : undefined;
  return (
    <div class={`notice ${sort}`} role={role}>
      {title && <p class="notice-title">{title}</p>}
      {children}
    </div>
  );
}
