"""What of a spreadsheet is in a stream already: brought in, or exported from it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from microblog.client.feed import Feed
from microblog.client.importing import Row
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.post import Post


@dataclass(frozen=True, slots=True)
class _Brick:
    """A post that is a row, or a part of one."""

    seq: int
    author: bytes
    post: Post


@dataclass(slots=True)
class Known:
    """The rows that a stream has, whoever brought them in; `me` is who brings in the others."""

    feed: Feed
    me: bytes
    _bricks: dict[bytes, list[_Brick]] = field(default_factory=lambda: defaultdict(list))
    _posts: dict[str, bytes] = field(default_factory=dict)
    _next: int = 0

    def __post_init__(self) -> None:
        self.look()

    def look(self) -> None:
        """Look at what is new in the stream."""
        for seq in range(self._next, self.feed.next_seq):
            entry, said = self.feed.entries[seq], self.feed.words.get(seq)
            if entry.header.kind == "post":
                self._posts[encode_base64url(entry.id)] = entry.id
            if isinstance(said, Post) and said.row:
                self._bricks[said.row].append(_Brick(seq, entry.header.author, said))
        self._next = self.feed.next_seq

    def has(self, row: Row) -> bool:
        """Return whether all of a row is here."""
        return not self.missing(row)

    def missing(self, row: Row) -> list[Post]:
        """Return the parts of a row that I still have to bring in; none if it is all here."""
        if row.id in self._posts:
            return []
        found: dict[bytes, set[int]] = defaultdict(set)
        for brick in self._standing(row):
            found[brick.author].add(brick.post.part)
        if any(parts >= {part.part for part in row.parts} for parts in found.values()):
            return []
        return [part for part in row.parts if part.part not in found[self.me]]

    def id_of(self, row: Row) -> bytes | None:
        """Return the id of what a row became, of its first part."""
        if row.id in self._posts:
            return self._posts[row.id]
        first = (brick.seq for brick in self._standing(row) if brick.post.part < 2)
        seq = next(first, None)
        return None if seq is None else self.feed.entries[seq].id

    def _standing(self, row: Row) -> Iterator[_Brick]:
        for brick in self._bricks.get(row.hash, ()):
            fits = brick.post.parts == row.parts[0].parts
            if fits and not self.feed.targets[brick.seq].withdrawn:
                yield brick
