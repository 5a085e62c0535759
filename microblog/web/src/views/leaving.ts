// When the page loses the person in front of it: it goes out of sight, or another window comes to the front.

const PICKERS = "select, input:is([type=file], [type=date], [type=time], [type=month])";

let besides = 0;

/** Do something in a window of the browser's or the system's own, which is no leaving although the page loses focus. */
export async function beside<T>(work: () => Promise<T>): Promise<T> {
  besides += 1;
  try {
    return await work();
  } finally {
    besides -= 1;
  }
}

/** Is this a phone, or a tablet: something that is put away rather than left beside? */
export function isPhone(): boolean {
  return matchMedia("(hover: none) and (pointer: coarse)").matches;
}

/**
 * Call `leave` before the next picture of the page is taken: a system that shows all open apps takes one of each.
 *
 * What the page has opened itself, such as the list of a field or the choice of a file, is no leaving.
 */
export function watchLeaving(leave: () => void): void {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
  });
  document.addEventListener("freeze", leave);
  addEventListener("pagehide", leave);
  // Some never say that they have printed.
  let printing = false;
  addEventListener("beforeprint", () => void (printing = true));
  for (const sort of ["afterprint", "focus"]) addEventListener(sort, () => void (printing = false));
  addEventListener("blur", () => {
    if (besides === 0 && !printing && !document.activeElement?.matches(PICKERS)) leave();
  });
}
