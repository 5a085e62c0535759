// All of a child at once: read, or unread again; what was marked can be taken back as it was.

import { useSignal } from "@preact/signals";

import type { Child } from "../../client/shown.ts";
import { ask } from "../bridge.ts";
import { age } from "../dates.ts";
import { useForm } from "../form.ts";
import { look } from "../state.ts";
import { called } from "../words.ts";
import { Button } from "./button.tsx";
import { ErrorSummary } from "./error-summary.tsx";

const ALL = Number.MAX_SAFE_INTEGER;

export function ToMark({ of }: { of: Child[] }) {
  return (
    <ul class="plain to-mark">
      {of.filter(({ posts }) => posts > 0).map((child) => (
        <Line key={child.log} child={child} />
      ))}
    </ul>
  );
}

function Line({ child }: { child: Child }) {
  const { log, unread } = child;
  const marked = useSignal(false);
  const form = useForm(
    () => [],
    async () => {
      if (unread > 0) await ask("markRead", { log, seq: ALL, how: "all" });
      else if (!marked.value || !(await ask("undoRead", { log }))) {
        await ask("markUnread", { log, seq: 0, onwards: true });
      }
      marked.value = unread > 0;
      await look();
    },
  );
  return (
    <li>
      <span>
        <bdi>{called(child)}</bdi>{" "}
        <span class="small" role="status">
          {child.sort === "household" ? "" : `${age(child.birth)} · `}
          {unread > 0 ? `${unread} unread` : "read"}
        </span>
      </span>
      <Button look="plain" busy={form.busy} onClick={form.submit}>
        {unread > 0 ? "Mark all read" : marked.value ? "Undo" : "Mark all unread"}
        <span class="unseen"> about {called(child)}</span>
      </Button>
      <ErrorSummary form={form} title="Not noted." />
    </li>
  );
}
