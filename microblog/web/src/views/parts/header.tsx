// The top of every screen once unlocked: whose practice, Hide and Lock, and the four places.

import { useSignal } from "@preact/signals";

import { route } from "../route.ts";
import { hasUnsent, hidden, lock, overview, practice, throwAwayAndLock } from "../state.ts";
import { Button } from "./button.tsx";

const PLACES = [
  { path: "/", text: "Stream" },
  { path: "/children", text: "Children" },
  { path: "/people", text: "People" },
  { path: "/me", text: "Me" },
];

export function Header() {
  const asking = useSignal(false);
  const unread = overview.value?.children.reduce((sum, child) => sum + child.unread, 0) ?? 0;
  const waiting =
    (overview.value?.requests.length ?? 0) +
    (overview.value?.proposals.length ?? 0) +
    (overview.value?.returns.length ?? 0);
  const here = placeOf(route.value.parts[0]);
  return (
    <header>
      <div class="banner">
        <div class="inner">
          <bdi class="practice">{practice.value}</bdi>
          <button type="button" onClick={() => (hidden.value = true)}>
            Hide
          </button>
          <button type="button" onClick={() => (hasUnsent() ? (asking.value = true) : void lock())}>
            Lock
          </button>
        </div>
      </div>
      {asking.value && (
        <div class="notice warning" role="alert">
          <p class="notice-title">You have begun a post and not sent it. Locking throws it away.</p>
          <p class="row">
            <Button look="warning" onClick={() => void throwAwayAndLock()}>
              Throw it away and lock
            </Button>
            <Button look="second" onClick={() => (asking.value = false)}>
              Keep writing
            </Button>
          </p>
        </div>
      )}
      <nav aria-label="Main">
        <ul>
          {PLACES.map(({ path, text }) => (
            <li key={path}>
              <a href={`#${path}`} aria-current={path === here ? "page" : undefined}>
                {text}
                {path === "/" && <Count count={unread} what="unread" />}
                {path === "/children" && <Count count={waiting} what="to decide" />}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}

function Count({ count, what }: { count: number; what: string }) {
  if (count === 0) return null;
  return (
    <span class="new">
      {count}
      <span class="unseen"> {what}</span>
    </span>
  );
}

/** The top where nobody is signed in: no places to go. */
export function PlainHeader() {
  return (
    <header>
      <div class="banner">
        <div class="inner">
          <bdi class="practice">{practice.value}</bdi>
        </div>
      </div>
    </header>
  );
}

function placeOf(part: string | undefined): string {
  if (part === "child") return "/children";
  return part ? `/${part}` : "/";
}
