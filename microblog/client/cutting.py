"""A text too long for one post, cut into parts that together are exactly it (PROTOCOL.md 7.6)."""

from collections.abc import Sequence
from dataclasses import replace

from microblog.protocol.post import MAX_NOTES, MAX_TEXT, Post

_SEEK = 80  # characters before the limit among which a good place for a cut is sought


def cut_post(whole: Post) -> list[Post]:
    """Return a post as it is if it fits one, else its parts; its marks stand in the first alone."""
    texts = cut_text(whole.text)
    notes = _cut_notes((whole.source, whole.original, whole.reason))
    count = max(len(texts), len(notes))
    if count == 1:
        return [whole]
    rest = replace(
        whole, sure="", scale="", side="", how="", outcome="", review="", refers=()
    )  # fmt: skip
    parts = []
    for at in range(count):
        source, original, reason = notes[at] if at < len(notes) else ("", "", "")
        parts.append(replace(
            rest if at else whole,
            text=texts[at] if at < len(texts) else "",
            source=source, original=original, reason=reason, part=at + 1, parts=count,
        ))  # fmt: skip
    return parts


def cut_text(text: str) -> list[str]:
    """Return a text in pieces of at most 280 characters.

    It is cut after a sentence or a line, else after a word, else anywhere.
    """
    pieces = []
    while len(text) > MAX_TEXT:
        end = _cut_at(text)
        pieces.append(text[:end])
        text = text[end:]
    return [*pieces, text]


def _cut_at(text: str) -> int:
    word = 0
    for length in range(MAX_TEXT, MAX_TEXT - _SEEK, -1):
        before, last = text[length - 2], text[length - 1]
        if last == "\n" or (last == " " and before in ".!?"):
            return length
        if last == " " and not word:
            word = length
    return word or MAX_TEXT


def _cut_notes(notes: Sequence[str]) -> list[list[str]]:
    """Return source, original and reason in pieces: they share what a post has room for."""
    left = list(notes)
    pieces: list[list[str]] = []
    while not pieces or any(left):
        room, row = MAX_NOTES, []
        for at, note in enumerate(left):
            row.append(note[:room])
            left[at] = note[room:]
            room -= len(row[-1])
        pieces.append(row)
    return pieces
