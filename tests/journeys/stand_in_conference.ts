// What the stand-in shows to others: the invented picture and posts, by initials, job and the sort of agency.

import type { Requests } from "../../microblog/web/src/client/messages.ts";
import type { Conference } from "../../microblog/web/src/client/shown-conference.ts";
import type { Child, Person } from "../../microblog/web/src/client/shown.ts";
import { agencies } from "./invented_people.ts";
import { pictureOf } from "./invented_picture.ts";
import { posts } from "./invented_posts.ts";

const initialsOf = (name: string) => name.split(/[\s-]+/).map((word) => `${word[0]}.`).join(" ");
const sortOf = (id: string) => {
  const sort = agencies.find((agency) => agency.id === id)?.sort ?? "";
  return sort.charAt(0).toUpperCase() + sort.slice(1);
};
const whoIs = ({ job, agencyId }: Person) => `${job.charAt(0).toUpperCase()}${job.slice(1)}, ${sortOf(agencyId)}`;

export function showingOf(children: Child[]) {
  const conference = ({ log }: Parameters<Requests["conference"]>[0]): Conference => {
    const child = children.find((one) => one.log === log);
    const picture = pictureOf(children, log, []);
    const lanes = picture.lanes.map((lane) => ({ ...lane, name: sortOf(lane.agencyId) || lane.name }));
    const marks = picture.marks.map((mark) => ({ ...mark, lane: sortOf(mark.agencyId) || mark.lane }));
    const quiet = picture.quiet.map((one) => ({ ...one, name: sortOf(one.agencyId) }));
    const people = ["class teacher, School", "police constable, Police", "grandmother"];
    const concern = picture.concern && { ...picture.concern, people };
    const shown = posts.filter((post) => post.log === log && post.state === "shown" && post.how === "");
    return {
      log,
      words: child?.words ?? "",
      sort: child?.sort ?? "",
      initials: initialsOf(child?.name ?? ""),
      age: { count: 6, unit: "year" },
      due: false,
      people: (child?.relatives ?? []).map(({ name, relation }) => ({ initials: initialsOf(name), who: relation })),
      children: (child?.siblings ?? []).map(({ name }) => initialsOf(name)),
      team: (child?.members ?? []).map(({ person }) => ({ initials: initialsOf(person.name), who: whoIs(person) })),
      picture: { ...picture, concern, lanes, marks, quiet, thickness: picture.thickness.slice(0, 1) },
      posts: shown.map((post) => {
        const { seq, kind, sure, scale, side, outcome, source, reason, review } = post;
        const day = new Date(post.time).toISOString().slice(0, 10);
        const text = post.text.replaceAll(/Sample|Invented|Lettice/g, "S.");
        const when = { at: day, first: day, last: day, posted: true };
        const marks = { kind, sure, scale, side, outcome, reason, review, differs: false, corrected: false };
        return { seq, when, who: whoIs(post.author), text, source: source && "neighbour", ...marks };
      }),
      outside: 0,
    };
  };
  return { conference } satisfies Partial<Requests>;
}
