// One child: when last seen, who is on the team, and all that was posted.

import type { Child as Shown } from "../client/shown.ts";
import { Composer } from "./composer.tsx";
import { age, ago, date, moment, momentMs, plural } from "./dates.ts";
import { AboutCard, Home } from "./parts/about-card.tsx";
import { Feed } from "./parts/feed.tsx";
import { Check } from "./parts/field.tsx";
import { Keeping } from "./parts/keeping.tsx";
import { MayStillRead } from "./parts/may-still-read.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { Trouble } from "./parts/trouble.tsx";
import { Ring, Who } from "./parts/who.tsx";
import { draft } from "./state.ts";
import { agencies, called, list, nameOf, people, say, TEAM_ROLES } from "./words.ts";

export function Child({ child }: { child: Shown }) {
  const { birth } = child;
  const heading = (
    <>
      <bdi>{called(child)}</bdi> <span class="age">{age(birth)}</span>
    </>
  );
  const homes = child.households.filter(({ name, to }) => name && !to);
  const more = [...child.siblings, ...homes];
  return (
    <Page title="Child" heading={heading} wide>
      <Facts child={child} />
      <States child={child} />
      <LastSeen child={child} />
      <Columns child={child} more={more} />
    </Page>
  );
}

interface ColumnsProps {
  child: Shown;
  /** Others whose streams may be merged in on demand. */
  more: { log: string; name: string }[];
}

/** The composer, the team and what is known beside what was posted. */
export function Columns({ child, more }: ColumnsProps) {
  const { log, name, sort, myRole, removed, waiting } = child;
  const merged = draft(`merged:${log}`, false);
  return (
    <div class="columns">
      <div class="side">
        {myRole && !waiting && (
          <Composer place={log} heading={name ? `What did you notice about ${name}?` : "What did you notice?"} log={log} />
        )}
        {(sort !== "" || child.shreds.length > 0) && <AboutCard child={child} />}
        {myRole && <Team child={child} />}
      </div>
      <div class="content">
        {more.length > 0 && (
          <Check id="merged" value={merged.value} onInput={(on) => (merged.value = on)}>
            Show posts about <bdi>{list(more.map(({ name: one }) => one))}</bdi> too
          </Check>
        )}
        <Feed
          log={log}
          more={merged.value ? more.map((one) => one.log) : []}
          empty={waiting || removed ? "There is nothing to show." : "Nothing has been posted yet."}
        />
      </div>
    </div>
  );
}

export function Facts({ child }: { child: Shown }) {
  const { knownAs, school, members, log, checked, closed, protectedAddress, myRole } = child;
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
      checked to entry {checked}
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

function LastSeen({ child }: { child: Shown }) {
  const { lastSeen, posts, lastPost, agencies: count, waiting } = child;
  if (waiting) return null;
  return (
    <dl class="figures">
      <div>
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
      </div>
      <div>
        <dt>So far</dt>
        <dd class="figure">{plural(posts, "post")}</dd>
        <dd>{posts > 0 ? `Last ${ago(lastPost)}` : `${agencies(count)} can post`}</dd>
      </div>
    </dl>
  );
}

function Team({ child }: { child: Shown }) {
  return (
    <details class="card fold" open={matchMedia("(min-width: 900px)").matches}>
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
