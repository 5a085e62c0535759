// A button, and a link that looks like one.

import type { ComponentChildren } from "preact";

type Look = "main" | "second" | "warning" | "plain";

interface Props {
  look?: Look;
  submit?: boolean;
  busy?: boolean;
  onClick?: (event: MouseEvent) => void;
  children: ComponentChildren;
}

/** While busy it stays where it is and keeps focus, but does nothing. */
export function Button({ look = "main", submit, busy, onClick, children }: Props) {
  return (
    <button
      type={submit ? "submit" : "button"}
      class={`button ${look}`}
      aria-disabled={busy ? "true" : undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {children}
    </button>
  );
}

export function ButtonLink({ look = "main", href, children }: Props & { href: string }) {
  return (
    <a class={`button ${look}`} href={href}>
      {children}
    </a>
  );
}
