"""From verified state to what may be shown: pure, and the only place where ids become text."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from microblog.client import shown
from microblog.client.family import show_family
from microblog.client.feed import Feed
from microblog.client.glance import Glanced, glance_of
from microblog.client.heads import NOT_VOUCHED, Vouched, is_alarming
from microblog.client.messages import Invitation
from microblog.client.runs import is_quiet
from microblog.client.shown_picture import Glance
from microblog.client.when import today
from microblog.protocol.about import About
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.device import is_doubtful
from microblog.protocol.directory import Directory
from microblog.protocol.entry import Entry
from microblog.protocol.export import Export
from microblog.protocol.naming import two_words
from microblog.protocol.post import NUDGE, QUIET, Post
from microblog.protocol.staff import Invite
from microblog.protocol.witness import good_witnesses

FUTURE_MS = 2 * 60 * 1000
NO_ABOUT = About(sort="child", name="-")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: their id, the directory and streams they hold, what they read, the time.

    `again` are posts that they read and made unread, `vouched` is what witnesses have said of the
    stream that is looked at.
    """

    me: bytes
    directory: Directory
    feeds: Mapping[bytes, Feed]
    read: int
    now: int
    vouched: Vouched = NOT_VOUCHED
    again: Set[int] = frozenset()


# The directory


def show_person(directory: Directory, person: bytes) -> shown.Person:
    """Return a person; a name that is erased, withheld or not verified yet is empty."""
    known = directory.persons.get(person)
    if known is None:
        return _nobody(person)
    return shown.Person(
        id=encode_base64url(known.id),
        name=known.name,
        job=known.job,
        agency=_agency_name(directory, known.agency),
        agency_id=encode_base64url(known.agency),
        role=known.role,
        left=known.left is not None,
        phone=known.phone,
        email=known.email,
        supervisor=encode_base64url(known.supervisor),
        deputies=tuple(map(encode_base64url, known.deputies)),
    )


def _nobody(person: bytes) -> shown.Person:
    return shown.Person(
        id=encode_base64url(person),
        name="",
        job="",
        agency="",
        agency_id="",
        role="practitioner",
        left=False,
        phone="",
        email="",
        supervisor="",
        deputies=(),
    )


def show_people(directory: Directory) -> tuple[shown.Person, ...]:
    """Return everyone who ever joined, by name."""
    people = (show_person(directory, person) for person in directory.persons)
    return tuple(sorted(people, key=lambda person: (person.name, person.id)))


def show_agencies(directory: Directory) -> tuple[shown.Agency, ...]:
    """Return the agencies, by name."""
    agencies = (
        shown.Agency(id=encode_base64url(agency.id), name=agency.name, sort=agency.sort)
        for agency in directory.agencies.values()
    )
    return tuple(sorted(agencies, key=lambda agency: (agency.name, agency.id)))


def show_invites(directory: Directory, now: int) -> tuple[shown.Invite, ...]:
    """Return the invitations, newest first."""
    invites = sorted(directory.invites.values(), key=lambda invite: -invite.seq)
    return tuple(
        shown.Invite(
            id=encode_base64url(invite.id),
            name=invite.name,
            job=invite.job,
            agency=_agency_name(directory, invite.agency),
            role=invite.role,
            expiry=invite.expiry,
            inviter=encode_base64url(invite.inviter),
            state=_invite_state(invite, now),
        )
        for invite in invites
    )


def show_invitation(directory: Directory, invite: Invite) -> Invitation:
    """Return what an invitation offers to whoever holds it."""
    return Invitation(
        practice=practice_name(directory),
        name=invite.name,
        job=invite.job,
        agency=_agency_name(directory, invite.agency),
        role=invite.role,
        inviter=show_person(directory, invite.inviter),
        expiry=invite.expiry,
    )


def show_numbers(directory: Directory) -> tuple[shown.PhoneNumber, ...]:
    """Return the practice's numbers to ring."""
    numbers = directory.policy.numbers if directory.policy else ()
    return tuple(
        shown.PhoneNumber(
            agency_id=encode_base64url(row.agency),
            label=row.label,
            number=row.number,
            hours=row.hours,
        )
        for row in numbers
    )


def practice_name(directory: Directory) -> str:
    """Return the practice's own name."""
    return directory.policy.name if directory.policy else ""


def _agency_name(directory: Directory, agency: bytes) -> str:
    known = directory.agencies.get(agency)
    return known.name if known else ""


def _invite_state(invite: Invite, now: int) -> str:
    if invite.spent:
        return invite.spent
    return "expired" if invite.expiry < now else "open"


# A stream


def show_child(feed: Feed, viewer: Viewer) -> shown.Child:
    """Return a child or household; what could not be opened is empty."""
    directory, found = viewer.directory, feed.about()
    about = found or NO_ABOUT
    members = show_members(feed, directory)
    family = show_family(feed, viewer.feeds, viewer.me)
    # Bringing rows in is no news.
    times = [row.time for seq, row in feed.targets.items() if not is_quiet(feed, seq)]
    glance = glance_at(feed, viewer)
    seen = glance.seen
    return shown.Child(
        log=encode_base64url(feed.log),
        sort=found.sort if found else "",
        name=found.name if found else "",
        known_as=about.known_as,
        birth=about.birth,
        school=about.school,
        relatives=family.relatives,
        households=family.households,
        children=family.children,
        siblings=family.siblings,
        described=family.described,
        protected_address=about.protected,
        closed=about.closed,
        words=two_words(feed.log),
        weeks=glance.weeks,
        concern=glance.concern,
        members=members,
        agencies=len({member.person.agency_id for member in members}),
        my_role=feed.stream.roles.get(viewer.me, ""),
        keeper=viewer.me in feed.stream.keepers(),
        checked=feed.next_seq,
        posts=sum(not target.withdrawn for target in feed.targets.values()),
        unread=sum(_is_unread(feed, seq, viewer) for seq in feed.targets),
        last_post=max(times, default=0),
        last_seen=shown.LastSeen(time=seen.when.at, by=seen.by) if seen else None,
        waiting=viewer.me in feed.admissions and feed.is_waiting(),
        leaving=_show_sorted(feed.leavers(directory), directory),
        changing=_show_sorted(feed.losses(directory) - feed.leavers(directory), directory),
        removed=_removed(feed, viewer),
        vouched=viewer.vouched.time,
        may_still_read=_may_still_read(feed, viewer),
        exports=_exports(feed, directory),
        trouble=feed.trouble,
    )


def glance_at(feed: Feed, viewer: Viewer) -> Glance:
    """Return what is seen of a stream at a glance.

    It is asked for at every change, of every stream: so it is kept until something in that stream,
    the directory or the day is another.
    """
    head, day = b"".join(viewer.directory.ids[-1:]), today(viewer.now)
    opened = sum(isinstance(feed.words.get(seq), Post) for seq in feed.targets)
    known = feed.glanced
    if known is None or not known.is_of(feed.stream, head, opened, day):
        glance = glance_of(show_posts(feed, feed.targets, viewer), day)
        known = Glanced(feed.stream, head, opened, day, glance)
        feed.glanced = known
    return known.glance


def _show_sorted(persons: Iterable[bytes], directory: Directory) -> tuple[shown.Person, ...]:
    return tuple(show_person(directory, person) for person in sorted(persons))


def show_members(feed: Feed, directory: Directory) -> tuple[shown.Member, ...]:
    """Return exactly those to whom the next post is sealed, in the order they were let in."""
    rows = []
    for person, role in feed.recipients(directory):
        seq = feed.admissions[person]
        header = feed.entries[seq].header
        member = shown.Member(
            person=show_person(directory, person),
            role=role,
            since=header.time,
            by=show_person(directory, header.author),
            why=feed.why(seq),
            via=_via(feed, seq),
        )
        rows.append((seq, member))
    return tuple(member for _, member in sorted(rows, key=lambda row: row[0]))


def _via(feed: Feed, seq: int) -> str:
    words = feed.words.get(seq)
    return encode_base64url(words[1]) if isinstance(words, tuple) else ""


def show_posts(feed: Feed, seqs: Iterable[int], viewer: Viewer) -> list[shown.Post]:
    """Return these posts of a stream."""
    replies = _replies(feed, viewer.directory)
    return [_post(feed, seq, replies, viewer) for seq in seqs]


def _post(
    feed: Feed, seq: int, replies: dict[bytes, list[shown.Reply]], viewer: Viewer
) -> shown.Post:
    entry, words = feed.entries[seq], feed.words.get(seq)
    header = entry.header
    said = words if isinstance(words, Post) else Post(text="", kind="")
    return shown.Post(
        log=encode_base64url(feed.log),
        seq=seq,
        id=encode_base64url(entry.id),
        author=show_person(viewer.directory, header.author),
        time=header.time,
        odd_time=_is_odd(feed, entry, viewer.now),
        doubtful=is_doubtful(viewer.directory.devices[header.device], header.time),
        nudge=feed.mark(seq) == NUDGE,
        mine=header.author == viewer.me,
        unread=_is_unread(feed, seq, viewer),
        state=_post_state(feed, seq),
        newer=said.newer,
        text=said.text,
        kind=said.kind,
        sure=said.sure,
        scale=said.scale,
        side=said.side,
        happened=said.happened,
        written=said.written,
        refers=tuple(map(encode_base64url, said.refers)),
        how=said.how,
        source=said.source,
        original=said.original,
        outcome=said.outcome,
        reason=said.reason,
        review=said.review,
        part=said.part,
        parts=said.parts,
        row=encode_base64url(said.row),
        quiet=feed.mark(seq) == QUIET,
        rows=0,
        withdrawn=_withdrawn(feed, seq, viewer.directory),
        replies=tuple(replies.get(entry.id, ())),
    )


def _post_state(feed: Feed, seq: int) -> str:
    target, words = feed.targets[seq], feed.words.get(seq, "waiting")
    if seq in feed.destroyed:
        return "destroyed"
    if target.erased:
        return "erased"
    if not isinstance(words, Post):
        return words if isinstance(words, str) else "void"
    return "withdrawn" if target.withdrawn else "shown"


def _withdrawn(feed: Feed, seq: int, directory: Directory) -> shown.Withdrawn | None:
    by = feed.withdrawals.get(seq)
    if by is None:
        return None
    header = feed.entries[by].header
    author = show_person(directory, header.author)
    return shown.Withdrawn(by=author, time=header.time, why=feed.why(by))


def _replies(feed: Feed, directory: Directory) -> dict[bytes, list[shown.Reply]]:
    """Return the posts that answer another, by its id; one withdrawn counts no more."""
    replies: dict[bytes, list[shown.Reply]] = defaultdict(list)
    for seq, target in feed.targets.items():
        words = feed.words.get(seq)
        if not isinstance(words, Post) or target.withdrawn:
            continue
        # Whoever brought a row in does not say what is in it: only what is corrected is shown.
        borrowed = bool(words.row) and words.how != "correction"
        if words.how and words.refers and not borrowed:
            author = show_person(directory, target.author)
            entry_id = encode_base64url(feed.entries[seq].id)
            reply = shown.Reply(
                how=words.how, author=author, seq=seq, id=entry_id, time=target.time
            )
            replies[words.refers[0]].append(reply)
    return replies


def _is_unread(feed: Feed, seq: int, viewer: Viewer) -> bool:
    return (seq > viewer.read or seq in viewer.again) and is_news(feed, seq, viewer.me)


def is_news(feed: Feed, seq: int, me: bytes) -> bool:
    """Return whether a post is another's, and still there to be read; a row is no news."""
    target = feed.targets[seq]
    return target.author != me and not target.erased and not is_quiet(feed, seq)


def _is_odd(feed: Feed, entry: Entry, now: int) -> bool:
    header = entry.header
    before = feed.entries[header.seq - 1].header.time
    return header.time < before or header.time > now + FUTURE_MS


def _removed(feed: Feed, viewer: Viewer) -> shown.Removed | None:
    seq = feed.removals.get(viewer.me)
    if seq is None:
        return None
    header = feed.entries[seq].header
    return shown.Removed(by=show_person(viewer.directory, header.author), time=header.time)


def _exports(feed: Feed, directory: Directory) -> tuple[shown.Export, ...]:
    found = []
    for seq in sorted(feed.words, reverse=True):
        said, header = feed.words[seq], feed.entries[seq].header
        if isinstance(said, Export):
            by = show_person(directory, header.author)
            found.append(shown.Export(
                by=by, time=header.time, format=said.format, start=said.start, end=said.end,
                why=said.why,
            ))  # fmt: skip
    return tuple(found)


def _may_still_read(feed: Feed, viewer: Viewer) -> tuple[shown.MayStillRead, ...]:
    """Return who was taken off the team without a witness having seen that yet."""
    directory, now = viewer.directory, viewer.now
    if viewer.me not in feed.admissions or not good_witnesses(directory):
        return ()
    unseen = sorted((seq, who) for who, seq in feed.removals.items() if seq > viewer.vouched.seq)
    found = []
    for seq, who in unseen:
        since = feed.entries[seq].header.time
        alarm = is_alarming(directory, since, now)
        person = show_person(directory, who)
        found.append(shown.MayStillRead(person=person, since=since, alarm=alarm))
    return tuple(found)
