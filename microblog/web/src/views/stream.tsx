// The composer, then what was posted about all the children I follow, newest first.

import { type Signal, useSignal } from "@preact/signals";

import type { Post } from "../client/shown.ts";
import { Composer } from "./composer.tsx";
import { NoChildren } from "./parts/no-children.tsx";
import { NoSheet } from "./parts/no-sheet.tsx";
import { Check, Select } from "./parts/field.tsx";
import { Feed } from "./parts/feed.tsx";
import { Page } from "./parts/page.tsx";
import { draft, overview } from "./state.ts";
import { called, KINDS } from "./words.ts";

interface Filter {
  log: string;
  kind: string;
  agencyId: string;
  unread: boolean;
}

const ALL: Filter = { log: "", kind: "", agencyId: "", unread: false };

export function Stream() {
  const filter = draft<Filter>("filter", ALL);
  const seen = overview.value;
  if (!seen) return <Page title="Stream">{null}</Page>;
  if (seen.children.length === 0) {
    return (
      <Page title="Stream">
        <NoSheet />
        <NoChildren />
      </Page>
    );
  }
  const { log } = filter.value;
  return (
    <Page title="Stream" wide quiet>
      <div class="columns">
        <div class="side">
          <Composer place="stream" heading="What did you notice?" />
          <NoSheet />
        </div>
        <div class="content">
          <Filters filter={filter} />
          <Feed
            log={log}
            keep={(post) => fits(post, filter.value)}
            empty="Nothing has been posted yet."
          />
        </div>
      </div>
    </Page>
  );
}

function fits(post: Post, { kind, agencyId, unread }: Filter): boolean {
  if (kind && post.kind !== kind) return false;
  if (agencyId && post.author.agencyId !== agencyId) return false;
  return !unread || post.unread;
}

function Filters({ filter }: { filter: Signal<Filter> }) {
  const open = useSignal(false);
  const set = (part: Partial<Filter>) => (filter.value = { ...filter.value, ...part });
  const { log, kind, agencyId, unread } = filter.value;
  const on = [log, kind, agencyId, unread].filter(Boolean).length;
  const children = overview.value?.children ?? [];
  return (
    <div class="filters">
      <p class="row">
        <button
          type="button"
          class="button plain"
          aria-expanded={open.value}
          aria-controls="filters"
          onClick={() => (open.value = !open.value)}
        >
          {on > 0 ? `Filter (${on} on)` : "Filter"}
        </button>
        {on > 0 && (
          <button type="button" class="button plain" onClick={() => (filter.value = ALL)}>
            Show everything
          </button>
        )}
      </p>
      <div id="filters" hidden={!open.value} class="card filter-fields">
        <Select
          id="filter-child"
          label="Child"
          value={log}
          onInput={(value) => set({ log: value })}
        >
          <option value="">All I follow</option>
          {children.map((child) => (
            <option key={child.log} value={child.log}>
              {called(child)}
            </option>
          ))}
        </Select>
        <Select
          id="filter-kind"
          label="Kind"
          value={kind}
          onInput={(value) => set({ kind: value })}
        >
          <option value="">All kinds</option>
          {KINDS.map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </Select>
        <Select
          id="filter-agency"
          label="Agency"
          value={agencyId}
          onInput={(value) => set({ agencyId: value })}
        >
          <option value="">All agencies</option>
          {overview.value?.agencies.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </Select>
        <Check id="filter-unread" value={unread} onInput={(value) => set({ unread: value })}>
          Only what I have not read
        </Check>
      </div>
    </div>
  );
}
