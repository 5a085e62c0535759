// One child: when last seen, who is on the team, and all that was posted.

import type { Child as Shown } from "../client/shown.ts";
import { Composer } from "./composer.tsx";
import { capital, separate, triesWords } from "./concern-words.ts";
import { age, ago, date, moment, momentMs, plural } from "./dates.ts";
import { AboutCard, Home } from "./parts/about-card.tsx";
import { ConcernCard } from "./parts/concern.tsx";
import { Feed } from "./parts/feed.tsx";
import { Check } from "./parts/field.tsx";
import { Keeping } from "./parts/keeping.tsx";
import { KindMark } from "./parts/kind-mark.tsx";
import { MayStillRead } from "./parts/may-still-read.tsx";
import { Notice } from "./parts/notice.tsx";
import { NotSent } from "./parts/outgoing.tsx";
import { Page } from "./parts/page.tsx";
import { PictureCard } from "./parts/picture/lazily.ts";
import { type Asked, usePicture } from "./parts/picture/use-picture.ts";
import { Searching } from "./parts/searching.tsx";
import { Trouble } from "./parts/trouble.tsx";
import { Ring, Who } from "./parts/who.tsx";
import { ALL, type Search } from "./search.ts";
import { draft } from "./state.ts";
import { isWide } from "./width.ts";
import { agencies, called, list, mayBringIn, nameOf, people, say, TEAM_ROLES } from "./words.ts";

export function Child({ child }: { child: Shown }) {
  const { birth } = child;
  const heading = (
    <>
      <bdi>{called(child)}</bdi> <span class="age">{age(birth)}</span>
    </>
  );
  const homes = child.households.filter(({ name, to }) => name && !to);
  const more = [...child.siblings, ...homes];
  const asked = usePicture(child.log, child.siblings.map(({ log }) => log));
  return (
    <Page title="Child" heading={heading} wide>
      <Facts child={child} />
      <States child={child} />
      <LastSeen child={child} asked={asked} />
      <ConcernCard child={child} />
      <Columns child={child} more={more} asked={asked} />
    </Page>
  );
}

interface ColumnsProps {
  child: Shown;
  /** Others whose streams may be merged in on demand. */
  more: { log: string; name: string }[];
  asked: Asked;
}

/**
 * The composer, the team and what is known beside the picture and what was posted.
 *
 * The composer comes first, on a phone too; the picture after it, before what stays folded there.
 */
export function Columns({ child, more, asked }: ColumnsProps) {
  const { log, name, sort, myRole, removed, waiting } = child;
  const merged = draft(`merged:${log}`, false);
  const search = draft<Search>(`search:${log}`, ALL);
  const wide = isWide.value;
  const beside = (
    <>
      {(sort !== "" || child.shreds.length > 0) && <AboutCard child={child} />}
      {myRole && <Team child={child} />}
    </>
  );
  return (
    <div class="columns">
      <div class="side">
        {myRole && !waiting && (
          <Composer place={log} heading={name ? `What did you notice about ${name}?` : "What did you notice?"} log={log} />
        )}
        {wide && beside}
      </div>
      <div class="content">
        <NotSent log={log} />
        {!waiting && (
          <PictureCard
            asked={asked}
            of={sort === "household" ? "household" : "child"}
            print={myRole && !child.trouble ? `#/child/${log}/picture/print` : ""}
          />
        )}
        {!wide && beside}
        {more.length > 0 && (
          <Check id="merged" value={merged.value} onInput={(on) => (merged.value = on)}>
            Show posts about <bdi>{list(more.map(({ name: one }) => one))}</bdi> too
          </Check>
        )}
        {mayBringIn(child) && (
          <p class="row">
            <a class="tall small" href={`#/child/${log}/bring-in`}>
              Bring in a spreadsheet
            </a>
            <a class="tall small" href={`#/child/${log}/conference`}>
              Show to others, without names
            </a>
          </p>
        )}
        {!waiting && <Searching search={search} log={log} />}
        <Feed
          place={log}
          log={log}
          more={merged.value ? more.map((one) => one.log) : []}
          search={search.value}
          onAll={() => (search.value = ALL)}
          empty={
            waiting || removed
              ? "There is nothing to show. What is said at the top tells you what you can do."
              : "Nothing has been posted yet. What did you notice? Nobody need be sure to say it."
          }
        />
      </div>
    </div>
  );
}

export function Facts({ child }: { child: Shown }) {
  const { knownAs, school, members, log, checked, closed, protectedAddress, myRole, words } = child;
  const homes = child.households.filter(({ to }) => !to);
  return (
    <p class="facts">
      {knownAs.length > 0 && (
        <>
          Also known as <bdi>{list(knownAs)}</bdi> ·{" "}
        </>
      )}
      {homes.map((stay) => (
        <span key={stay.log}>
          <Home stay={stay} /> ·{" "}
        </span>
      ))}
      {school && (
        <>
          <bdi>{school}</bdi> ·{" "}
        </>
      )}
      {myRole && (
        <>
          <a href={`#/child/${log}/team`}>Team of {members.length}</a> ·{" "}
        </>
      )}
      called “{words}” in mails · checked to entry {checked}
      {protectedAddress && <span class="tag alert">Address protected</span>}
      {closed && <span class="tag">Closed</span>}
    </p>
  );
}

/** What stands between this screen and the whole truth. */
export function States({ child }: { child: Shown }) {
  const { trouble, waiting, removed, leaving } = child;
  return (
    <>
      {trouble && <Trouble trouble={trouble} of="This is about the posts on this page" />}
      <MayStillRead child={child} alarms />
      {waiting && (
        <Notice
          sort="warning"
          title="You are on the team, but the key has not reached this device yet."
        >
          <p>
            It comes by itself when a colleague on the team next opens the app. You can ask one of
            them to.
          </p>
        </Notice>
      )}
      {removed && (
        <Notice sort="warning">
          <p>
            <bdi>{nameOf(removed.by)}</bdi> took you off this team on {date(removed.time)}. You can
            read what was posted until then, and nothing newer.
          </p>
        </Notice>
      )}
      {leaving.length > 0 && (
        <Notice sort="note">
          <p>
            <bdi>{list(leaving.map(nameOf))}</bdi> {leaving.length === 1 ? "has" : "have"} left the
            practice. Before the next post the app changes the key, so that it shuts them out.
          </p>
        </Notice>
      )}
      <Changing child={child} />
      <Keeping child={child} />
    </>
  );
}

/** Said while it lasts, which is moments; nobody has to do anything. */
function Changing({ child: { changing } }: { child: Shown }) {
  if (changing.length === 0) return null;
  return (
    <Notice sort="note">
      <p role="status">
        <strong>Keys are being changed.</strong> A device of{" "}
        <bdi>{list(changing.map(nameOf))}</bdi> was lost or is no longer used. The next key shuts it
        out; what is posted then cannot be opened with it. That goes by itself: you can carry on.
      </p>
    </Notice>
  );
}

function LastSeen({ child, asked: { picture } }: { child: Shown; asked: Asked }) {
  const { lastSeen, posts, lastPost, agencies: count, waiting } = child;
  if (waiting) return null;
  const now = picture.value;
  const attempts = now?.attempts ?? [];
  return (
    <dl class="figures">
      <div class={attempts.length > 0 ? "loud" : ""}>
        <dt>Last seen</dt>
        {lastSeen ? (
          <>
            <dd class="figure">{ago(momentMs(lastSeen.time))}</dd>
            <dd>
              {moment(lastSeen.time)}, by <Who person={lastSeen.by} />
            </dd>
          </>
        ) : (
          <>
            <dd class="figure">Not yet</dd>
            <dd>No visit here says so</dd>
          </>
        )}
        {attempts.length > 0 && (
          <dd class="tries">
            <KindMark mark="failed" /> {capital(triesWords(attempts))}
          </dd>
        )}
      </div>
      <div>
        <dt>So far, with replies</dt>
        <dd class="figure">{plural(posts, "post")}</dd>
        <dd>{posts > 0 ? `Last ${ago(lastPost)}` : `${agencies(count)} can post`}</dd>
        {now && now.marks.length > 0 && <dd>By {separate(now.tellers)}</dd>}
      </div>
    </dl>
  );
}

function Team({ child }: { child: Shown }) {
  return (
    <details class="card fold" open={isWide.value}>
      <summary>
        Team: {people(child.members.length)} in {agencies(child.agencies)}
      </summary>
      <ul class="plain">
        {child.members.map(({ person, role }) => (
          <li key={person.id}>
            <Who person={person} />
            {role !== "follower" && <span class="tag">{say(TEAM_ROLES, role)}</span>}
            {person.phone && (
              <>
                {" "}
                <Ring number={person.phone} />
              </>
            )}
          </li>
        ))}
      </ul>
      <p>
        <a class="tall" href={`#/child/${child.log}/team`}>
          {child.keeper ? "Since when, add or remove" : "Since when, and let in by whom"}
        </a>
      </p>
    </details>
  );
}
