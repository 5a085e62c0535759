"""Long texts: a row brought in that does not fit one post is several, which read as one."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from microblog.client.shown import Post

_READ = ("shown", "withdrawn")


def whole_posts(posts: Iterable[Post]) -> list[Post]:
    """Return posts with the parts of each row as one: that of its first part.

    It stands where the first of them stood; its `part` is 0, and `parts` how many it has. Parts
    belong together if one person brought them in for one row, and they are all shown or all
    withdrawn; each number counts once. A part that is not among them is said to be missing.
    """
    rows: dict[tuple[str, str, str, int, str], dict[int, Post]] = {}
    places: list[Post | dict[int, Post]] = []
    for post in posts:
        if not is_part(post):
            places.append(post)
            continue
        key = (post.log, post.author.id, post.row, post.parts, post.state)
        if key not in rows:
            rows[key] = {}
            places.append(rows[key])
        # The first in the order of the log counts, whatever the order here.
        other = rows[key].get(post.part)
        if other is None or post.seq < other.seq:
            rows[key][post.part] = post
    return [_join(place) if isinstance(place, dict) else place for place in places]


def is_part(post: Post) -> bool:
    """Return whether a post is one of several that read as one."""
    return post.state in _READ and bool(post.row) and post.part > 0


def _join(found: Mapping[int, Post]) -> Post:
    parts = [found[number] for number in sorted(found)]
    return replace(
        parts[0],
        part=0,
        text=_text(found, parts[0].parts),
        source="".join(part.source for part in parts),
        original="".join(part.original for part in parts),
        reason="".join(part.reason for part in parts),
        nudge=any(part.nudge for part in parts),
        unread=any(part.unread for part in parts),
        newer=any(part.newer for part in parts),
        doubtful=any(part.doubtful for part in parts),
        odd_time=any(part.odd_time for part in parts),
        replies=tuple(reply for part in parts for reply in part.replies),
    )


def _text(found: Mapping[int, Post], count: int) -> str:
    text, after = "", 1
    for number in sorted(found):
        if number > after:
            text = f"{_on_new_line(text)}{_missing(after, number - 1, count)}\n"
        text += found[number].text
        after = number + 1
    return text if after > count else _on_new_line(text) + _missing(after, count, count)


def _missing(start: int, end: int, count: int) -> str:
    if start == end:
        return f"[part {start} of {count} is missing]"
    return f"[parts {start} to {end} of {count} are missing]"


def _on_new_line(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"
