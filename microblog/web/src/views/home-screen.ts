// The home screen: whether the app is on it, and how it gets there.

import { signal } from "@preact/signals";

/** Chromium's event: it can be called once, by a tap. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

/** Asks the browser to put the app on the home screen; null: this browser has no such question, or not yet. */
export const putOnHomeScreen = signal<(() => void) | null>(null);

export function watchHomeScreen(): void {
  addEventListener("beforeinstallprompt", (event) => {
    // Asked for under Me, not whenever the browser likes.
    event.preventDefault();
    putOnHomeScreen.value = () => {
      putOnHomeScreen.value = null;
      void (event as InstallPrompt).prompt().catch(() => null);
    };
  });
  addEventListener("appinstalled", () => (putOnHomeScreen.value = null));
}

/** Does it run as an app of its own, and not in a tab? */
export function isOnHomeScreen(): boolean {
  const { standalone } = navigator as { standalone?: boolean };
  return standalone === true || matchMedia("(display-mode: standalone)").matches;
}

/** An iPhone or iPad; newer iPads call themselves a Mac with a touch screen. */
export function isApplePhone(): boolean {
  return /iPhone|iPad/.test(navigator.userAgent) || (isApple() && navigator.maxTouchPoints > 1);
}

/** Safari, and on an iPhone every browser: what a site keeps is cleared there after seven days without a visit. */
export function isApple(): boolean {
  return navigator.vendor.startsWith("Apple");
}
