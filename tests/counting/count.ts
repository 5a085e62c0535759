// Count the streams that come on standard input as a picture does, and say the numbers on standard output.

import { readFileSync } from "node:fs";

import {

  attemptsIn,
  concernIn,
  seenIn,
  tellersIn,
} from "../../microblog/web/src/client/facts.ts";
import { wholePosts } from "../../microblog/web/src/client/parts.ts";
import { accountOf } from "../../microblog/web/src/client/account.ts";
import { marksOf } from "../../microblog/web/src/client/picture.ts";
import { firstMonday, quietIn, weeksOf } from "../../microblog/web/src/client/rhythm.ts";
import type { Agency, Post } from "../../microblog/web/src/client/shown.ts";
import { today as dayOf } from "../../microblog/web/src/client/when.ts";

interface Asked {
  readonly now: number;
  readonly agencies: Agency[];
  readonly posts: Post[];
}

const asked = JSON.parse(readFileSync(0, "utf8")) as Asked[];
process.stdout.write(JSON.stringify(asked.map(count)));

function count({ now, agencies, posts }: Asked): unknown {
  const today = dayOf(now);
  const account = accountOf(wholePosts(posts), today);
  const seen = seenIn(account);
  return {
    today,
    marks: marksOf(account.said, agencies),
    seen,
    attempts: attemptsIn(account, seen),
    tellers: tellersIn(account),
    weeks: weeksOf(account.said, firstMonday(account.said, today), today),
    quiet: quietIn(account.shown, today),
    concern: concernIn(account),
  };
}
