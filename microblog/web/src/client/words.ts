// What the body of a stream's entry says, or why it cannot be read: one verdict, and no body stops a log.

import { readAbout, type About } from "../protocol/about.ts";
import type { Value } from "../protocol/encoding.ts";
import { checkBody, openBody, type Entry } from "../protocol/entry.ts";
import { Unreadable } from "../protocol/errors.ts";
import { EXPORT, readExport, type Export } from "../protocol/export.ts";
import { readPost, type Post } from "../protocol/post.ts";
import { readReason, type Reason } from "../protocol/shred.ts";
import { readWhy } from "../protocol/why.ts";

export type Unread = "withheld" | "void" | "waiting";

export type Words =
  | { readonly sort: "post"; readonly post: Post }
  | { readonly sort: "about"; readonly about: About }
  | { readonly sort: "why"; readonly why: string; readonly via: Uint8Array }
  | { readonly sort: "export"; readonly export: Export }
  | { readonly sort: "reason"; readonly reason: Reason }
  | { readonly sort: Unread };

const READERS = new Map<string, (items: readonly Value[]) => Words>([
  ["post", (items) => ({ sort: "post", post: readPost(items) })],
  ["about", (items) => ({ sort: "about", about: readAbout(items) })],
  ["grant", readWhyOf],
  ["withdraw", readWhyOf],
  ["hold", readWhyOf],
  ["shred", (items) => ({ sort: "reason", reason: readReason(items) })],
  [EXPORT, (items) => ({ sort: "export", export: readExport(items) })],
]);

/** Return what an entry's body says; null if nothing that is shown by itself. */
export function readWords(entry: Entry, secret: Uint8Array | undefined): Words | null {
  const reader = READERS.get(entry.header.kind);
  if (reader === undefined) return null;
  try {
    return reader(openWith(entry, secret));
  } catch (error) {
    return { sort: whyUnread(error) };
  }
}

/**
 * Return the array in an entry's body.
 *
 * @throws {Unreadable} withheld, void, or waiting for the epoch's secret.
 */
export function openWith(entry: Entry, secret: Uint8Array | undefined): readonly Value[] {
  if (secret !== undefined) return openBody(entry, secret);
  checkBody(entry);
  throw new Unreadable("waiting");
}

/** Return the reason in an Unreadable; throw anything else on. */
export function whyUnread(error: unknown): Unread {
  if (!(error instanceof Unreadable)) throw error;
  return error.why === "withheld" || error.why === "waiting" ? error.why : "void";
}

function readWhyOf(items: readonly Value[]): Words {
  const [why, via] = readWhy(items);
  return { sort: "why", why, via };
}
