// What the tabs of one browser tell each other: that a post was acknowledged, and no word of it.

interface Acknowledged {
  readonly id: string; // its place in the outbox
  readonly log: string;
}

/** The other tabs: what one was acknowledged, the one that it was written in says as well. */
export interface Tabs {
  readonly tell: (row: Acknowledged) => void;
  readonly hear: (take: (row: Acknowledged) => void) => void; // one listens at a time
}

/** Each tab is by itself. */
export const NO_TABS: Tabs = { tell: () => undefined, hear: () => undefined };

/** Return the other tabs by a channel of a name; where a browser gives none, as when it keeps nothing, there are none. */
export function tabsOn(name: string): Tabs {
  try {
    const channel = new BroadcastChannel(name);
    return {
      tell: (row) => channel.postMessage(row),
      hear: (take) => void (channel.onmessage = ({ data }: MessageEvent) => take(data as Acknowledged)),
    };
  } catch {
    return NO_TABS;
  }
}
