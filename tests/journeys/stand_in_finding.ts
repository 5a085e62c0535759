// What the stand-in finds: words as they stand, without the finer points of the real one.

import type { Requests } from "../../microblog/web/src/client/messages.ts";
import type { Filter } from "../../microblog/web/src/client/shown-hand.ts";
import type { Post } from "../../microblog/web/src/client/shown.ts";
import { me, scenario, teacher } from "./invented_people.ts";
import { post, posts } from "./invented_posts.ts";
import { broughtLine } from "./invented_rows.ts";

const LONGS: Record<string, number> = { long: 300, thousands: 2000 };
const LONG = LONGS[scenario] ?? 0;
const QUIET = 2; // looks before something comes
const MOST = 90; // posts on the screen, however many there are

let looks = 0;
if (LONG > 0) {
  const older = Array.from({ length: LONG }, (_, at) => post(teacher, 1300 + LONG - at, `Long ago, number ${LONG - at}.`, {}));
  posts.unshift(...older);
}

/** In one scenario somebody else posts while the page is being read. */
export function comeIn(): void {
  looks += 1;
  if (scenario === "long" && looks >= QUIET) posts.push(post(teacher, 0, `Came in, number ${looks}.`, { unread: true }));
}

export const finding = {
  posts: ({ log, before, count, with: others = [] }) => {
    const logs = [log, ...others];
    const all = [...posts, broughtLine].filter((one) => !log || logs.includes(one.log)).reverse();
    const from = before === "" ? 0 : all.findIndex(({ id }) => id === before) + 1;
    const many = scenario === "thousands" ? MOST : count;
    const page = all.slice(from, from + many);
    return { posts: page, next: from + many < all.length ? (page.at(-1)?.id ?? "") : "" };
  },
  find: ({ words, filter, count }) => {
    const terms = words.toLowerCase().split(/\s+/).filter(Boolean);
    const has = ({ text, source, author }: Post) => {
      const said = [text, source, author.name].join("\n").toLowerCase();
      return terms.every((term) => said.includes(term));
    };
    const found = posts.filter((post) => has(post) && fits(post, filter)).reverse();
    const shown = found.slice(0, count);
    const unchecked = scenario === "checking" ? 660 : 0;
    return { posts: shown, next: "", total: found.length, unchecked, marked: asTheyStand(shown, terms) };
  },
  thread: ({ log, seq }) => {
    const post = posts.find((one) => one.log === log && one.seq === seq);
    return post ? [post, ...posts.filter(({ refers }) => refers.includes(post.id))] : [];
  },
} satisfies Partial<Requests>;

function fits(post: Post, { logs, kind, agencyId, person, unread, since }: Filter): boolean {
  if (logs.length > 0 && !logs.includes(post.log)) return false;
  if (kind !== "" && post.kind !== kind) return false;
  if (agencyId !== "" && post.author.agencyId !== agencyId) return false;
  if (person !== "" && post.author.id !== person) return false;
  if (unread && !post.unread) return false;
  return since === 0 || (post.time > since && post.author !== me);
}

function asTheyStand(found: readonly Post[], terms: readonly string[]): string[] {
  const texts = found.flatMap(({ text, source, author }) => [text, source, author.name]);
  return texts.flatMap((text) =>
    terms.flatMap((term) => {
      const at = text.toLowerCase().indexOf(term);
      return at < 0 ? [] : [text.slice(at, at + term.length)];
    }),
  );
}
