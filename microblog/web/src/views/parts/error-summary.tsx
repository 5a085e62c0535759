// What is wrong with a form, or with what became of it: all at once, at the top, in focus.

import { useEffect, useRef } from "preact/hooks";

import type { Form } from "../form.ts";
import { focusOn } from "../route.ts";

export function ErrorSummary({ form, title, more }: { form: Form; title?: string; more?: string }) {
  const { mistakes, failure } = form;
  const box = useRef<HTMLDivElement>(null);
  const wrong = mistakes.length > 0 || failure !== null;
  useEffect(() => {
    if (!wrong) return;
    box.current?.focus();
    if (!document.title.startsWith("Error: ")) document.title = `Error: ${document.title}`;
    return () => {
      document.title = document.title.replace(/^Error: /, "");
    };
  }, [mistakes, failure, wrong]);
  if (!wrong) return null;
  return (
    <div class="error-summary" role="alert" tabIndex={-1} ref={box}>
      {failure ? (
        <>
          <p class="notice-title">{title ? `${title} ${failure.title}` : failure.title}</p>
          {more && <p>{more}</p>}
          <p>{failure.next}</p>
          <p class="small">Name of the error: {failure.error}</p>
        </>
      ) : (
        <>
          <p class="notice-title">There is a problem</p>
          <ul>
            {mistakes.map(({ id, text }) => (
              <li key={id}>
                <a
                  href={`#${id}`}
                  onClick={(event) => {
                    event.preventDefault();
                    focusOn(id);
                  }}
                >
                  {text}
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
