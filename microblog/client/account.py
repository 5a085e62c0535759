"""What the posts of some streams say as they now stand: corrected, answered, and who says so.

Only what may be read counts: what was withdrawn, erased or destroyed does not. A post that its
author corrected is one, and says what the newest correction says; somebody else's correction stands
beside it, for nobody changes another's words. "I see this too" adds a voice to a post and is none
of its own. A row brought in speaks for its original author.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from microblog.client.columns import split_original, was_taken_back
from microblog.client.shown import Person, Post
from microblog.client.shown_picture import When
from microblog.client.when import when_of

#: Where a row brought in stands that does not say who wrote it.
RECORDS = "From records"

_UNREAD = ("void", "withheld", "waiting")
_SPACES = re.compile("[ \t\n\r\u00a0]+")
_MINUTE = len("T00:00")


@dataclass(frozen=True, slots=True)
class Said:
    """A post as it now stands: corrected, and set against others."""

    post: Post
    when: When
    corrected: bool
    differs: bool


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who says so.

    `who` tells voices apart; `to` is the id of what it is about: its own post, or the one it agrees
    with. `day` is when it was said here, of a row brought in when it happened; empty: not known.
    """

    who: str
    post: Post
    to: str
    day: str


@dataclass(frozen=True, slots=True)
class Account:
    """All that can be read of some streams, in their order, as it stood on a day.

    `about` is, by a post's id, the id of what it is about.
    """

    today: str
    shown: tuple[Post, ...]
    about: Mapping[str, str]
    said: tuple[Said, ...]
    voices: tuple[Voice, ...]
    unreadable: int


def account_of(posts: Sequence[Post], today: str) -> Account:
    """Return what whole posts say."""
    shown = tuple(
        post for post in posts if post.state == "shown" and not was_taken_back(post.row, post.text)
    )
    stands, about = _links(shown)
    stand = _standing(shown, stands)
    corrected = _targets(shown, about, "correction")
    differing = _targets(shown, about, "different")
    differing.update(post.id for post in shown if post.how == "different")
    said = tuple(
        Said(post, _when(post, today), post.id in corrected, post.id in differing)
        for post in stand.values()
        if not _is_reply(post)
    )
    voices = _voices(stand.values(), about, today)
    unreadable = sum(post.state in _UNREAD for post in posts)
    return Account(today, shown, about, said, voices, unreadable)


def by_of(post: Post) -> Person:
    """Return who says what a post says.

    It is its author, or, of a row brought in, who wrote it first, or else where it stood.
    """
    if not post.row:
        return post.author
    name, job, agency = split_original(post.original)
    if not (name or job or agency):
        name = post.source or RECORDS
    return Person(
        id="",
        name=name,
        job=job,
        agency=agency,
        agency_id="",
        role="practitioner",
        left=False,
        phone="",
        email="",
        supervisor="",
        deputies=(),
    )


def fold(text: str) -> str:
    """Return a text by which names that were typed by hand are compared."""
    return _SPACES.sub(" ", text).strip(" ").lower()


def _links(shown: Sequence[Post]) -> tuple[dict[str, str], dict[str, str]]:
    """Return, by a post's id, the ids of the post that it is, and of that which it is about.

    The former is itself, or the one that it corrects, the latter that, or the one it agrees with,
    and so on.
    """
    stands: dict[str, str] = {}
    about: dict[str, str] = {}
    known: dict[str, Post] = {}
    for post in shown:
        stands[post.id] = about[post.id] = post.id
        target = known.get(post.refers[0]) if post.refers else None
        if target is not None:
            own = post.how == "correction" and target.author.id == post.author.id
            if own:
                stands[post.id] = stands[target.id]
            if own or _is_reply(post):
                about[post.id] = about[target.id]
        known[post.id] = post
    return stands, about


def _standing(shown: Sequence[Post], stands: Mapping[str, str]) -> dict[str, Post]:
    # Every post but an author's own corrections, with what these say.
    stand: dict[str, Post] = {}
    for post in shown:
        root = stands[post.id]
        stand[root] = _correct(stand[root], post) if root in stand else post
    return stand


def _targets(shown: Sequence[Post], about: Mapping[str, str], way: str) -> set[str]:
    # The ids of what is answered in one way.
    answered = (post.refers[0] for post in shown if post.how == way and post.refers)
    return {about.get(of, of) for of in answered}


def _is_reply(post: Post) -> bool:
    return post.how in ("same", "copied")


def _correct(post: Post, said: Post) -> Post:
    # A correction says what it says; what it leaves open stays, but of what is no visit any more
    # nothing came.
    kind = said.kind or post.kind
    return replace(
        post,
        text=said.text or post.text,
        kind=kind,
        sure=said.sure or post.sure,
        scale=said.scale or post.scale,
        side=said.side or post.side,
        happened=said.happened or post.happened,
        source=said.source or post.source,
        outcome=said.outcome or (post.outcome if kind == "visit" else ""),
        reason=said.reason or post.reason,
        review=said.review or post.review,
    )


def _when(post: Post, today: str) -> When:
    # A clock may be wrong, or lie: nothing was posted later than today.
    when = when_of(post)
    if not when.posted or when.first <= today:
        return when
    return replace(when, at=today + when.at[-_MINUTE:], first=today, last=today)


def _voices(stand: Iterable[Post], about: Mapping[str, str], today: str) -> tuple[Voice, ...]:
    # Copying to the record says nothing.
    voices = []
    for post in stand:
        if post.how != "copied":
            said = post if post.row else replace(post, happened="")
            voices.append(Voice(_who(post), post, about[post.id], _when(said, today).first))
    return tuple(voices)


def _who(post: Post) -> str:
    if post.kind == "told" and post.source:
        return f"told {fold(post.source)}"
    if post.row and post.original:
        return f"original {fold(post.original)}"
    return f"person {post.author.id}"
