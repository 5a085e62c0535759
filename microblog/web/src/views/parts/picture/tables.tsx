// The same as the picture, in words and figures: nothing stands in one that does not stand in the other.

import type { Mark, Picture } from "../../../client/shown-picture.ts";
import { moment, plural } from "../../dates.ts";
import { daysAgo, kindWords, quietWords, whenWords } from "../../picture-words.ts";
import { dayNumber, offLine, placed, type Range, sidesIn, weeksIn, wholeOf } from "../../pictures.ts";
import { childOf } from "../../state.ts";
import { called, nameOf, OUTCOMES, say, SIDES } from "../../words.ts";
import { linkTo } from "./dots.tsx";
import { rangeWords } from "./plot.tsx";

interface Props {
  picture: Picture;
  child: boolean;
  range: Range;
}

export function Tables({ picture, child, range }: Props) {
  const { marks, thickness, today } = picture;
  const whole = wholeOf(picture);
  const { undated, beyond } = offLine(marks, whole);
  const shown = placed(marks, range, 1, dayNumber(today)).map(({ mark }) => mark);
  const sides = new Map(sidesIn(marks, range).map((week) => [week.monday, week]));
  return (
    <div class="tables">
      <KeyFacts picture={picture} child={child} />
      <Scrolling caption={`Posts, ${rangeWords(range)}`} head={["When", "Agency", "Kind", "Scale: 0 not safe, 10 safe enough to close", "Marked", "Post"]}>
        {[...shown, ...undated, ...beyond].map((mark) => (
          <OneMark key={`${mark.log} ${mark.seq}`} mark={mark} all={picture.log === ""} />
        ))}
      </Scrolling>
      <Scrolling
        caption={`Posts a week, ${rangeWords(range)}`}
        head={["Week from", ...thickness.map(({ name }, at) => (at === 0 ? "Posts" : name)), "Working well", "Worried"]}
      >
        {weeksIn(thickness[0]?.weeks ?? [], range).map(({ monday }) => (
          <tr key={monday}>
            <th scope="row">{moment(monday)}</th>
            {thickness.map(({ log, weeks }) => (
              <td key={log}>{weeks.find((one) => one.monday === monday)?.posts ?? 0}</td>
            ))}
            <td>{sides.get(monday)?.well ?? 0}</td>
            <td>{sides.get(monday)?.worried ?? 0}</td>
          </tr>
        ))}
      </Scrolling>
    </div>
  );
}

/** `brief`: without what stands beside the rows of the picture, where they are on one page. */
export function KeyFacts({ picture, child, brief }: Omit<Props, "range"> & { brief?: boolean }) {
  const { marks, lanes, seen, attempts, tellers, agencies, quiet, unchecked } = picture;
  const undated = marks.filter(({ when }) => !when.first).length;
  return (
    <div class="scrolling" tabIndex={0} role="region" aria-label="Counted">
      <table>
        <caption>Counted</caption>
        <tbody>
          {child && (
            <Fact name="Last seen">
              {seen ? (
                <>
                  {daysAgo(seen)}
                  {seen.alone && ", alone"}: {whenWords(seen.when)}, by <bdi>{nameOf(seen.by)}</bdi>
                  {seen.by.job && (
                    <>
                      , <bdi>{seen.by.job}</bdi>
                    </>
                  )}
                </>
              ) : (
                "No visit here says so"
              )}
            </Fact>
          )}
          {child && (
            <Fact name="Tries since">
              {attempts.length === 0 ? "0" : `${attempts.length}: `}
              {attempts.map(({ seq, when, outcome }, at) => (
                <span key={seq}>
                  {at > 0 && "; "}
                  <bdi>{say(OUTCOMES, outcome).toLowerCase()}</bdi>, {whenWords(when)}
                </span>
              ))}
            </Fact>
          )}
          <Fact name="Posts">{marks.length}</Fact>
          {undated > 0 && <Fact name="Not sure when">{undated}</Fact>}
          {unchecked > 0 && <Fact name="Not checked yet, not counted">{unchecked}</Fact>}
          <Fact name="Agencies">{agencies}</Fact>
          <Fact name="Separate people">{tellers}</Fact>
          {!brief &&
            lanes.map(({ agencyId, name, posts }) => (
              <Fact key={agencyId + name} name={<bdi>{name || "Agency withheld"}</bdi>}>
                {plural(posts, "post")}
              </Fact>
            ))}
          {quiet.map((one) => (
            <Fact key={one.agencyId} name="Gone quiet">
              <bdi>{quietWords(one)}</bdi>
            </Fact>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Fact({ name, children }: { name: preact.ComponentChildren; children: preact.ComponentChildren }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{children}</td>
    </tr>
  );
}

interface ScrollingProps {
  caption: string;
  head: string[];
  children: preact.ComponentChildren;
}

/** A table that may be wider than a phone: it scrolls by itself, by keyboard too. */
function Scrolling({ caption, head, children }: ScrollingProps) {
  return (
    <div class="scrolling" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {head.map((name, at) => (
              <th key={at} scope="col">
                <bdi>{name}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

function OneMark({ mark, all }: { mark: Mark; all: boolean }) {
  const child = all ? childOf(mark.log) : undefined;
  const marked = [
    mark.side && say(SIDES, mark.side),
    mark.differs && "Seen differently",
    mark.corrected && "Corrected",
    mark.brought && "Brought in",
  ].filter(Boolean);
  return (
    <tr>
      <td>{whenWords(mark.when)}</td>
      <td>
        <bdi>{mark.lane || "Agency withheld"}</bdi>
      </td>
      <td>
        <bdi>{kindWords(mark)}</bdi>
      </td>
      <td>{mark.scale && `${mark.scale} of 10`}</td>
      <td>
        <bdi>{marked.join(", ")}</bdi>
      </td>
      <td>
        <a href={linkTo(mark)}>
          {child && (
            <>
              <bdi>{called(child)}</bdi>,{" "}
            </>
          )}
          Post {mark.seq}
        </a>
      </td>
    </tr>
  );
}
