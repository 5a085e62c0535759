// Looking for posts: words, and a filter by marks. What is on stands beside it, and is taken away by a tap.

import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import type { Filter } from "../../client/shown-hand.ts";
import { ask } from "../bridge.ts";
import { moment } from "../dates.ts";
import { ALL, type Search } from "../search.ts";
import { childOf, overview } from "../state.ts";
import { called, KINDS, nameOf, say } from "../words.ts";
import { asText, PRIVATE } from "./field.tsx";
import { lazyPart } from "./lazy.tsx";

const FilterFields = lazyPart(async () => (await import("./filter-fields.tsx")).FilterFields);

// Until the next letter.
const PAUSE_MS = 150;

interface Props {
  search: Signal<Search>;
  /** The page is one child's: that is no choice here. */
  log?: string;
}

export function Searching({ search, log = "" }: Props) {
  const open = useSignal(false);
  // What was typed since, and is not looked for yet.
  const typed = useSignal<string | null>(null);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(pause.current), []);
  const { words, filter } = search.value;
  const set = (part: Partial<Filter>) => (search.value = { ...search.value, filter: { ...filter, ...part } });
  const look = (now: string, afterMs: number) => {
    typed.value = now;
    clearTimeout(pause.current);
    pause.current = setTimeout(() => {
      search.value = { ...search.peek(), words: now };
      typed.value = null;
    }, afterMs);
  };
  const on = chipsOf(filter);
  return (
    <search class="searching">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          look(typed.value ?? words, 0);
        }}
      >
        <label for="search">
          Search <span class="small">(private: it stays on this device)</span>
        </label>
        <div class="search-row">
          <input
            {...PRIVATE}
            {...asText("search")}
            id="search"
            class="input"
            dir="auto"
            enterKeyHint="search"
            maxLength={120}
            value={typed.value ?? words}
            // All is made ready, so that the first letter need not wait.
            onFocus={() => void ask("find", { ...search.peek(), before: "", count: 0 }).catch(() => null)}
            onInput={(event) => look(event.currentTarget.value, PAUSE_MS)}
          />
          <button
            type="button"
            class="button second"
            aria-expanded={open.value}
            aria-controls="filter"
            onClick={() => (open.value = !open.value)}
          >
            Filter{on.length > 0 && ` (${on.length})`}
          </button>
        </div>
      </form>
      <div id="filter" class="card filter-fields" hidden={!open.value}>
        {open.value && <FilterFields filter={filter} set={set} log={log} />}
      </div>
      {on.length > 0 && (
        <ul class="on" aria-label="What is looked for">
          {on.map(({ name, off }) => (
            <li key={name}>
              <Off name={name} onOff={() => set(off)} />
            </li>
          ))}
          <li>
            <button type="button" class="button plain" onClick={() => (search.value = ALL)}>
              Show everything
            </button>
          </li>
        </ul>
      )}
    </search>
  );
}

function Off({ name, onOff }: { name: string; onOff: () => void }) {
  const leave = () => {
    onOff();
    // What was tapped is gone.
    document.getElementById("search")?.focus({ preventScroll: true });
  };
  return (
    <button type="button" class="off" onClick={leave}>
      <span class="unseen">Take away: </span>
      <bdi>{name}</bdi> <span aria-hidden="true">✕</span>
    </button>
  );
}

/** What is on, in words, and how it is taken away. */
function chipsOf(filter: Filter): { name: string; off: Partial<Filter> }[] {
  const { logs, kind, agencyId, person, from, to, unread, since } = filter;
  const { agencies = [], people = [] } = overview.value ?? {};
  const chip = (is: boolean, name: string, off: Partial<Filter>) => (is ? [{ name, off }] : []);
  return [
    ...logs.map((log) => ({ name: called(childOf(log) ?? { name: "" }), off: { logs: logs.filter((one) => one !== log) } })),
    ...chip(kind !== "", say(KINDS, kind), { kind: "" }),
    ...chip(agencyId !== "", agencies.find(({ id }) => id === agencyId)?.name ?? "", { agencyId: "" }),
    ...chip(person !== "", nameOf(people.find(({ id }) => id === person) ?? { name: "" }), { person: "" }),
    ...chip(from !== "", `From ${moment(from)}`, { from: "" }),
    ...chip(to !== "", `Until ${moment(to)}`, { to: "" }),
    ...chip(unread, "Not read", { unread: false }),
    ...chip(since > 0, "Since I was last here", { since: 0 }),
  ];
}
