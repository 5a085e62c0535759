"""Who lives with whom: from the verified descriptions of what I follow, and from nothing else.

A child's description names its households; a household's own says nothing of children. So who lives
in a household is put together here, of the children that I follow. A description holds eight stays
(PROTOCOL.md 7.3): at the ninth the oldest that has ended makes room, and is read from the
descriptions before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from microblog.client.feed import Feed
from microblog.client.shown import Relative, Sibling, Stay
from microblog.protocol.about import MAX_HOUSEHOLDS, About
from microblog.protocol.base64url import encode_base64url

Row: TypeAlias = tuple[bytes, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A child's or household's people, as `shown.Child` has them."""

    relatives: tuple[Relative, ...]
    households: tuple[Stay, ...]
    children: tuple[Stay, ...]
    siblings: tuple[Sibling, ...]
    described: int


def described(feed: Feed) -> tuple[int, About] | None:
    """Return the newest description of a stream that opens, and the seq where it stands."""
    for seq in reversed(feed.abouts):
        about = about_at(feed, seq)
        if about is not None:
            return seq, about
    return None


def about_at(feed: Feed, seq: int) -> About | None:
    """Return what was said of a stream's child or household at a seq, None if it does not open."""
    words = feed.words.get(seq)
    return words if isinstance(words, About) else None


def earlier_stays(feed: Feed) -> tuple[Row, ...]:
    """Return the stays, oldest first, that had to make room in the newest description."""
    earlier: dict[tuple[bytes, str], Row] = {}
    before: tuple[Row, ...] = ()
    for about in filter(None, (about_at(feed, seq) for seq in feed.abouts)):
        now = {row[:2] for row in about.households}
        if len(before) == len(about.households) == MAX_HOUSEHOLDS:
            oldest = oldest_ended(before)
            if oldest and oldest[:2] not in now:
                earlier[oldest[:2]] = oldest
        earlier = {name: row for name, row in earlier.items() if name not in now}
        before = about.households
    return tuple(earlier.values())


def show_family(feed: Feed, feeds: Mapping[bytes, Feed], me: bytes) -> Family:
    """Return a child's or household's people, as one of those whose streams `me` follows."""
    seq, about = described(feed) or (-1, None)
    sort = about.sort if about else ""
    followed = [other for other in feeds.values() if me in other.stream.roles]
    stays = _stays(feed, about)
    return Family(
        relatives=tuple(Relative(name=n, relation=r) for n, r in about.people) if about else (),
        households=tuple(_stay(row, feeds) for row in stays),
        children=_residents(feed.log, followed) if sort == "household" else (),
        siblings=_siblings(feed, stays, followed),
        described=seq,
    )


def _stays(feed: Feed, about: About | None) -> tuple[Row, ...]:
    if about is None or about.sort != "child":
        return ()
    return (*earlier_stays(feed), *about.households)


def _stay(row: Row, feeds: Mapping[bytes, Feed]) -> Stay:
    log, since, until = row
    household = feeds[log].about() if log in feeds else None
    name = household.name if household and household.sort == "household" else ""
    return Stay(log=encode_base64url(log), name=name, since=since, until=until)


def _residents(household: bytes, followed: Sequence[Feed]) -> tuple[Stay, ...]:
    rows = [
        Stay(log=encode_base64url(feed.log), name=about.name, since=since, until=until)
        for feed in followed
        if (about := feed.about()) and about.sort == "child"
        for log, since, until in _stays(feed, about)
        if log == household
    ]
    return tuple(sorted(rows, key=lambda row: (row.name, row.log)))


def _siblings(feed: Feed, homes: Sequence[Row], followed: Sequence[Feed]) -> tuple[Sibling, ...]:
    here = {row[0] for row in homes if is_open(row)}
    rows = [
        Sibling(log=encode_base64url(other.log), name=about.name)
        for other in followed
        if other is not feed and (about := other.about()) and about.sort == "child"
        if here & {row[0] for row in about.households if is_open(row)}
    ]
    return tuple(sorted(rows, key=lambda row: (row.name, row.log)))


def is_open(row: Row) -> bool:
    """Return whether a child still lives in a household."""
    return not row[2]


def oldest_ended(rows: Sequence[Row]) -> Row | None:
    """Return the stay that ended first, None if all last."""
    ended = [row for row in rows if not is_open(row)]
    return min(ended, key=lambda row: (row[2], row[1]), default=None)
