// What of a spreadsheet is in a stream already: brought in by anyone and not withdrawn, or exported from there.

import { encodeBase64url } from "../protocol/base64url.ts";
import { BytesMap } from "../protocol/builtins.ts";
import type { Post } from "../protocol/post.ts";
import type { Feed } from "./feed.ts";
import type { Row } from "./importing.ts";

// A post that is a row, or a part of one.
interface Brick {
  readonly seq: number;
  readonly author: Uint8Array;
  readonly post: Post;
}

/** The rows that a stream has, as far as its posts are opened; `me` is who brings in the others. */
export class Known {
  readonly #feed: Feed;
  readonly #me: Uint8Array;
  readonly #bricks = new BytesMap<Brick[]>();
  readonly #posts = new Map<string, Uint8Array>(); // ids of all posts, by their text
  #next = 0;

  constructor(feed: Feed, me: Uint8Array) {
    this.#feed = feed;
    this.#me = me;
    this.look();
  }

  /** Look at what is new in the stream. */
  look(): void {
    const { entries, words } = this.#feed;
    for (; this.#next < entries.length; this.#next++) {
      const { header, id } = entries[this.#next]!;
      const said = words.get(this.#next);
      if (header.kind === "post") this.#posts.set(encodeBase64url(id), id);
      if (said?.sort !== "post" || said.post.row.length === 0) continue;
      const bricks = this.#bricks.get(said.post.row) ?? [];
      bricks.push({ seq: this.#next, author: header.author, post: said.post });
      this.#bricks.set(said.post.row, bricks);
    }
  }

  /** Return whether all of a row is here. */
  has(row: Row): boolean {
    return this.missing(row).length === 0;
  }

  /** Return the parts of a row that I still have to bring in; none if someone has brought in all of it. */
  missing(row: Row): Post[] {
    if (this.#posts.has(row.id)) return [];
    const found = new BytesMap<Set<number>>();
    for (const { author, post } of this.#standing(row)) {
      found.set(author, (found.get(author) ?? new Set()).add(post.part));
    }
    for (const parts of found.values()) if (row.parts.every(({ part }) => parts.has(part))) return [];
    return row.parts.filter(({ part }) => found.get(this.#me)?.has(part) !== true);
  }

  /** Return the id of what a row became, of its first part. */
  idOf(row: Row): Uint8Array | undefined {
    const first = this.#standing(row).find(({ post }) => post.part < 2);
    return this.#posts.get(row.id) ?? (first && this.#feed.entries[first.seq]?.id);
  }

  #standing({ hash, parts }: Row): Brick[] {
    const bricks = this.#bricks.get(hash) ?? [];
    const isWhole = (seq: number) => this.#feed.targets.get(seq)?.withdrawn === false;
    return bricks.filter(({ seq, post }) => post.parts === parts[0]?.parts && isWhole(seq));
  }
}
