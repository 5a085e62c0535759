"""Rows brought in one after another: in a stream they are one line, and never unread."""

from collections.abc import Sequence
from dataclasses import replace

from microblog.client.feed import Feed
from microblog.client.shown import Post
from microblog.protocol import post as written


def is_quiet(feed: Feed, seq: int) -> bool:
    """Return whether a post is a row brought in, and so no news.

    Whatever else bears that mark, such as a warning that somebody wants to hide, is a post like any
    other.
    """
    if feed.mark(seq) != written.QUIET:
        return False
    words = feed.words.get(seq, "waiting")
    return bool(words.row) if isinstance(words, written.Post) else words in ("withheld", "waiting")


def run_start(feed: Feed, posts: Sequence[int], at: int) -> int:
    """Return where, among a stream's posts, the rows begin that one person brought in up to `at`.

    Nothing is between them; `at` itself, if that is no such row.
    """
    while is_quiet(feed, posts[at]) and at > 0 and _is_next(feed, posts[at - 1], posts[at]):
        at -= 1
    return at


def run_end(feed: Feed, posts: Sequence[int], at: int) -> int:
    """Return where the rows end of which one stands at `at`; `at`, if that is no such row."""
    last = len(posts) - 1
    while is_quiet(feed, posts[at]) and at < last and _is_next(feed, posts[at + 1], posts[at]):
        at += 1
    return at


def _is_next(feed: Feed, seq: int, other: int) -> bool:
    return feed.targets[seq].author == feed.targets[other].author and is_quiet(feed, seq)


def show_run(newest: Post, feed: Feed, seqs: Sequence[int]) -> Post:
    """Return the line that stands for rows: the newest of them, with how many they are."""
    rows: set[bytes | int] = set()
    sources = set()
    for seq in seqs:
        words = feed.words.get(seq)
        rows.add(words.row if isinstance(words, written.Post) else seq)
        if isinstance(words, written.Post) and words.part < 2:
            sources.add(words.source)
    return replace(
        newest, rows=len(rows), source=sources.pop() if len(sources) == 1 else "", state="shown",
        text="", kind="", sure="", scale="", side="", happened="", refers=(), how="", original="",
        outcome="", reason="", review="", part=0, parts=0, row="", newer=False, withdrawn=None,
        replies=(),
    )  # fmt: skip
