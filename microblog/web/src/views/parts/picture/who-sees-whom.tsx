// The household on one screen: who is who to each child, and which agency has seen whom, and when.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Mark, Picture } from "../../../client/shown-picture.ts";
import type { Child, Stay } from "../../../client/shown.ts";
import { ask } from "../../bridge.ts";
import { age, plural } from "../../dates.ts";
import { daysAgo } from "../../picture-words.ts";
import { dayNumber, SEEN } from "../../pictures.ts";
import { childOf, version } from "../../state.ts";
import { called } from "../../words.ts";
import { KindMark } from "../kind-mark.tsx";
import { linkTo } from "./dots.tsx";

interface Props {
  household: Child;
  here: Stay[];
}

export function WhoSeesWhom({ household, here }: Props) {
  const children = here.map(({ log }) => childOf(log)).filter((child) => child !== undefined);
  const pictures = usePictures(children.map(({ log }) => log));
  if (children.length === 0) return null;
  const agencies = agenciesIn(pictures);
  const relatives = relativesOf([household, ...children]);
  return (
    <section class="card who-sees" aria-labelledby="who-sees">
      <h2 id="who-sees">Who is who, and who sees whom</h2>
      <div class="scrolling" tabIndex={0} role="region" aria-label="Each child of the household">
        <table>
          <thead>
            <tr>
              <td />
              {children.map((child) => (
                <th key={child.log} scope="col">
                  <bdi>{called(child)}</bdi> <span class="small">{age(child.birth)}</span>
                </th>
              ))}
            </tr>
          </thead>
          {relatives.length > 0 && (
            <tbody>
              {relatives.map((name) => (
                <tr key={name}>
                  <th scope="row">
                    <bdi>{name}</bdi>
                  </th>
                  {children.map((child) => (
                    <td key={child.log}>
                      <bdi>{relationTo(child, name)}</bdi>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          )}
          <tbody class="agencies">
            {agencies.map(([key, name]) => (
              <tr key={key}>
                <th scope="row">
                  <bdi>{name || "Agency withheld"}</bdi>
                </th>
                {children.map((child) => (
                  <td key={child.log}>
                    <Sees picture={pictures.find(({ log }) => log === child.log)} agency={key} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="small">
        <KindMark mark="visit" /> The last visit at which this agency saw the child.{" "}
        <KindMark mark="failed" /> Visits since that did not.
      </p>
    </section>
  );
}

const keyOf = ({ agencyId, lane }: Pick<Mark, "agencyId" | "lane">) => `${agencyId} ${lane}`;

function Sees({ picture, agency }: { picture: Picture | undefined; agency: string }) {
  if (!picture) return null;
  const theirs = picture.marks.filter((mark) => keyOf(mark) === agency);
  const dated = theirs.filter(({ when }) => when.first);
  const seen = dated.filter(({ kind, outcome }) => kind === "visit" && SEEN.includes(outcome)).at(-1);
  const failed = dated.filter((mark) => mark.failed && (!seen || mark.when.first > seen.when.first));
  const last = dated.at(-1);
  const ago = (mark: Mark) => daysAgo({ days: dayNumber(picture.today) - dayNumber(mark.when.first) });
  if (theirs.length === 0) return <>no post</>;
  return (
    <>
      {seen && (
        <a class="tall" href={linkTo(seen)}>
          <span>
            <KindMark mark="visit" /> seen {ago(seen)}
          </span>
        </a>
      )}
      {failed.length > 0 && (
        <span class="tries">
          <KindMark mark="failed" /> {failed.length === 1 ? "one try" : `${failed.length} tries`}
          {seen ? " since" : ", not seen"}
        </span>
      )}
      {!seen && failed.length === 0 && <span>no visit</span>}
      <span class="small">
        {plural(theirs.length, "post")}
        {last && last !== seen && `, last ${ago(last)}`}
      </span>
    </>
  );
}

function agenciesIn(pictures: Picture[]): [key: string, name: string][] {
  const found = new Map<string, string>();
  for (const { lanes } of pictures)
    for (const { agencyId, name } of lanes) found.set(keyOf({ agencyId, lane: name }), name);
  return [...found].sort(([, a], [, b]) => a.localeCompare(b));
}

/** Everybody who is named as someone to a child, or to the household, once. */
function relativesOf(of: Child[]): string[] {
  return [...new Set(of.flatMap(({ relatives }) => relatives.map(({ name }) => name)))];
}

function relationTo({ relatives }: Child, name: string): string {
  const found = relatives.find((one) => one.name === name);
  return found ? found.relation || "named" : "";
}

/** Each child's own picture: what a household's says of all of them together is not enough here. */
function usePictures(logs: string[]): Picture[] {
  const pictures = useSignal<Picture[]>([]);
  useEffect(() => {
    let stale = false;
    Promise.all(logs.map((log) => ask("picture", { log, with: [] }))).then(
      (found) => !stale && (pictures.value = found),
      // The picture of the household below says what went wrong.
      () => {},
    );
    return () => {
      stale = true;
    };
  }, [logs.join(), version.value]);
  return pictures.value;
}
