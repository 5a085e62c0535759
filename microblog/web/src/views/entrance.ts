// What the address brought: read once, and gone from the address bar and the history at once.

export interface Entrance {
  door: "join" | "found" | "ask" | "link" | "recover" | "protects" | "check" | "";
  fragment: string;
}

const DOORS: Record<string, Entrance["door"]> = {
  "/join": "join",
  "/found": "found",
  "/ask": "ask",
  "/link": "link",
  "/recover": "recover",
  "/protects": "protects",
  "/check": "check",
};

/** Take the secret out of the address. Called before anything else runs. */
export function takeEntrance(): Entrance {
  const door = DOORS[location.pathname] ?? "";
  const fragment = location.hash.slice(1);
  if (!door) return { door, fragment: "" };
  // A follow slip leads to a screen inside, and so do the letters of a new device; the others stand before the door.
  const inside = { ask: "/#/ask", link: fragment ? "/#/me/link" : "" } as Record<string, string>;
  history.replaceState(null, "", inside[door] || location.pathname);
  return { door, fragment: fragment.startsWith("/") ? "" : fragment };
}

/** Leave the door behind: from here on the address is the app's own. */
export function leaveDoor(): void {
  history.replaceState(null, "", "/#/");
}
