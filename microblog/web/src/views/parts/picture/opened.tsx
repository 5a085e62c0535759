// The posts behind a mark that stands for several. Escape does not close it: that key hides the page.

import { useEffect, useRef } from "preact/hooks";

import { plural } from "../../dates.ts";
import { Button } from "../button.tsx";
import { KindMark, markOf } from "../kind-mark.tsx";
import { linkTo, type Open, words } from "./dots.tsx";

export function Opened({ open, onClose }: { open: Open; onClose: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [open.key]);
  return (
    <section class="opened" aria-labelledby="opened">
      <h3 id="opened" tabIndex={-1} ref={heading}>
        {plural(open.marks.length, "post")}, <bdi>{open.name}</bdi>
      </h3>
      <ul class="plain">
        {open.marks.map((mark) => (
          <li key={`${mark.log} ${mark.seq}`}>
            <a class="tall" href={linkTo(mark)}>
              <KindMark mark={markOf(mark.kind, mark.outcome)} />
              <span>
                <bdi>{words(mark, open.log)}</bdi>
              </span>
            </a>
          </li>
        ))}
      </ul>
      <Button look="plain" onClick={onClose}>
        Close the list
      </Button>
    </section>
  );
}
