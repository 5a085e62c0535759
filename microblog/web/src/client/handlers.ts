// What answers each call. The groups of those that are rarely asked stand in `calls-…`, and are loaded when one is.

import type { Answer, Ask, Name } from "./messages.ts";

export type Handlers = { readonly [N in Name]: (ask: Ask<N>) => Answer<N> | Promise<Answer<N>> };
