// The marks by which posts are looked for.

import type { Filter } from "../../client/shown-hand.ts";
import { since as sinceWhen } from "../dates.ts";
import { overview } from "../state.ts";
import { called, KINDS, nameOf } from "../words.ts";
import { asText, Check, PRIVATE, Select } from "./field.tsx";

interface Props {
  filter: Filter;
  set: (part: Partial<Filter>) => void;
  /** The page is one child's: that is no choice here. */
  log: string;
}

export function FilterFields({ filter, set, log }: Props) {
  const { logs, kind, agencyId, person, unread, since } = filter;
  const { children = [], agencies = [], people = [], lastHere = 0 } = overview.value ?? {};
  return (
    <>
      {!log && (
        <Select
          id="filter-child"
          label={logs.length > 0 ? "Another child" : "Child"}
          value=""
          onInput={(value) => set({ logs: [...logs, value] })}
        >
          <option value="">{logs.length > 0 ? "No other" : "All I follow"}</option>
          {children
            .filter((child) => !logs.includes(child.log))
            .map((child) => (
              <option key={child.log} value={child.log}>
                {called(child)}
              </option>
            ))}
        </Select>
      )}
      <Select id="filter-kind" label="Kind" value={kind} onInput={(value) => set({ kind: value })}>
        <option value="">All kinds</option>
        {KINDS.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </Select>
      <Select id="filter-agency" label="Agency" value={agencyId} onInput={(value) => set({ agencyId: value })}>
        <option value="">All agencies</option>
        {agencies.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </Select>
      <Select id="filter-person" label="Posted by" value={person} onInput={(value) => set({ person: value })}>
        <option value="">Anyone</option>
        {people.map((one) => (
          <option key={one.id} value={one.id}>
            {[nameOf(one), one.job].filter(Boolean).join(", ")}
          </option>
        ))}
      </Select>
      <div class="beside">
        <Day id="filter-from" label="Posted from" value={filter.from} onInput={(from) => set({ from })} />
        <Day id="filter-to" label="Until" value={filter.to} onInput={(to) => set({ to })} />
      </div>
      <div class="checks">
        <Check id="filter-unread" value={unread} onInput={(value) => set({ unread: value })}>
          Only what I have not read
        </Check>
        {lastHere > 0 && (
          <Check id="filter-since" value={since > 0} onInput={(value) => set({ since: value ? lastHere : 0 })}>
            Only what came since I was last here, {sinceWhen(lastHere)}
          </Check>
        )}
      </div>
    </>
  );
}

interface DayProps {
  id: string;
  label: string;
  value: string;
  onInput: (value: string) => void;
}

function Day({ id, label, value, onInput }: DayProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...PRIVATE}
        {...asText("date")}
        id={id}
        class="input"
        value={value}
        // While it is being typed it is no day yet.
        onChange={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}
