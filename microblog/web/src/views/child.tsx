// One child: when last seen, who is on the team, and all that was posted.

import type { Child as Shown } from "../client/shown.ts";
import { Composer } from "./composer.tsx";
import { age, ago, date, moment, momentMs, plural } from "./dates.ts";
import { Feed } from "./parts/feed.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { Trouble } from "./parts/trouble.tsx";
import { Ring, Who } from "./parts/who.tsx";
import { agencies, list, nameOf, people, say, TEAM_ROLES } from "./words.ts";

export function Child({ child }: { child: Shown }) {
  const { log, name, birth, myRole, removed, waiting } = child;
  const heading = (
    <>
      <bdi>{name || "Not opened yet"}</bdi> <span class="age">{age(birth)}</span>
    </>
  );
  return (
    <Page title="Child" heading={heading} wide>
      <Facts child={child} />
      <States child={child} />
      <LastSeen child={child} />
      <div class="columns">
        <div class="side">
          {myRole && !waiting && (
            <Composer place={log} heading={`What did you notice about ${name}?`} log={log} />
          )}
          {myRole && <Team child={child} />}
        </div>
        <div class="content">
          <Feed
            log={log}
            empty={
              waiting || removed ? "There is nothing to show." : "Nothing has been posted yet."
            }
          />
        </div>
      </div>
    </Page>
  );
}

function Facts({ child }: { child: Shown }) {
  const { knownAs, school, members, log, checked, closed, myRole } = child;
  return (
    <p class="facts">
      {knownAs.length > 0 && (
        <>
          Also known as <bdi>{list(knownAs)}</bdi> ·{" "}
        </>
      )}
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
      {closed && <span class="tag">Closed</span>}
    </p>
  );
}

/** What stands between this screen and the whole truth. */
function States({ child }: { child: Shown }) {
  const { trouble, waiting, removed, leaving } = child;
  return (
    <>
      {trouble && <Trouble trouble={trouble} of="This is about the posts on this page" />}
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
    </>
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
    <details class="card team-card" open={matchMedia("(min-width: 900px)").matches}>
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
