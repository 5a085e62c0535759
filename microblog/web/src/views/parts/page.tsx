// The frame of a screen: its title, its one heading and its main part.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";

import { stayAtHeading } from "../route.ts";
import { practice, stage } from "../state.ts";

interface Props {
  title: string; // never a child's name: titles go into histories and on to task bars
  heading?: ComponentChildren;
  back?: { href: string; text: string } | undefined;
  wide?: boolean;
  /** The heading is for those who do not see the page; the place is plain to those who do. */
  quiet?: boolean;
  children: ComponentChildren;
}

export function Page({ title, heading, back, wide, quiet, children }: Props) {
  const name = practice.value;
  useEffect(() => {
    document.title = name === "microblog" ? `${title} – microblog` : `${title} – ${name}`;
  }, [title, name]);
  useLayoutEffect(() => {
    if (stage.peek() === "open") stayAtHeading();
  }, []);
  return (
    <main id="main" class={wide ? "wide" : "narrow"} tabIndex={-1}>
      {back && (
        <a class="back" href={back.href}>
          {back.text}
        </a>
      )}
      <h1 class={quiet ? "unseen" : ""} tabIndex={-1}>
        {heading ?? title}
      </h1>
      {children}
    </main>
  );
}
