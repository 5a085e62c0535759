// The top of every screen once unlocked: whose practice, Hide and Lock, and the five places.

import { route } from "../route.ts";
import { hidden, lock, overview, practice } from "../state.ts";

const MOST = 99; // five places stand beside one another on a phone

const PLACES = [
  { path: "/", text: "Stream" },
  { path: "/children", text: "Children" },
  { path: "/round-up", text: "Round-up" },
  { path: "/people", text: "People" },
  { path: "/me", text: "Me" },
];

/** `shown`: others look on, so no place and no count is told. */
export function Header({ shown }: { shown: boolean }) {
  return (
    <header>
      <div class="banner">
        <div class="inner">
          <bdi class="practice">{practice.value}</bdi>
          <button type="button" onClick={() => (hidden.value = true)}>
            Hide
          </button>
          {/* Whoever locks in a hurry is not asked: what was begun is kept, sealed, and comes back. */}
          <button type="button" onClick={() => void lock()}>
            Lock
          </button>
        </div>
      </div>
      {!shown && <Places />}
    </header>
  );
}

function Places() {
  const unread = overview.value?.children.reduce((sum, child) => sum + child.unread, 0) ?? 0;
  const waiting =
    (overview.value?.requests.length ?? 0) +
    (overview.value?.proposals.length ?? 0) +
    (overview.value?.returns.length ?? 0);
  const here = placeOf(route.value.parts[0]);
  return (
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
  );
}

function Count({ count, what }: { count: number; what: string }) {
  if (count === 0) return null;
  return (
    <span class="new">
      {count > MOST ? `${MOST}+` : count}
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
  if (part === "supervision") return "/round-up";
  if (part === "protects" || part === "check") return "/me";
  return part ? `/${part}` : "/";
}
