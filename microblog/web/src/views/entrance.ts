// What the address brought: read once, and gone from the address bar and the history at once.

export interface Entrance {
  door: "join" | "found" | "";
  fragment: string;
}

/** Take the secret out of the address. Called before anything else runs. */
export function takeEntrance(): Entrance {
  const door = ({ "/join": "join", "/found": "found" } as const)[location.pathname] ?? "";
  const fragment = location.hash.slice(1);
  if (!door) return { door, fragment: "" };
  history.replaceState(null, "", location.pathname);
  return { door, fragment: fragment.startsWith("/") ? "" : fragment };
}

/** Leave the door behind: from here on the address is the app's own. */
export function leaveDoor(): void {
  history.replaceState(null, "", "/#/");
}
