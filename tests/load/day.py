"""How much people say and look up at what time of a day; a day takes as long as it is told to."""

from __future__ import annotations

from dataclasses import dataclass

HOURS = 24
#: By hour, from midnight: how much is posted, how much is looked up, how many have it open.
POSTS = (1, 1, 1, 1, 1, 2, 4, 12, 45, 95, 100, 90, 55, 50, 85, 90, 80, 55, 20, 10, 8, 5, 3, 2)
LOOKS = (1, 1, 1, 1, 1, 3, 10, 45, 100, 70, 50, 45, 40, 50, 55, 50, 45, 40, 15, 10, 8, 5, 3, 2)
HERE = (3, 3, 3, 3, 3, 4, 8, 30, 85, 100, 100, 100, 90, 95, 100, 100, 95, 70, 25, 15, 12, 8, 5, 3)

#: When conferences end, and how long their people then write up what was said.
CONFERENCE_HOUR, WRITING_HOURS = 15.0, 0.4


@dataclass(frozen=True, slots=True)
class Day:
    """So many seconds, in which so much is posted and looked up; or, `level`, as much in each."""

    seconds: float
    posts: float
    looks: float
    conferences: int = 0
    level: bool = False

    def hour(self, at: float) -> float:
        """Return what the clock shows so many seconds after midnight."""
        return at / self.seconds * HOURS

    def posts_a_second(self, at: float) -> float:
        return self.posts / self.seconds * self._share(POSTS, at)

    def looks_a_second(self, at: float) -> float:
        return self.looks / self.seconds * self._share(LOOKS, at)

    def here(self, at: float) -> float:
        """Return which part of all people have it open."""
        return 1.0 if self.level else HERE[self._index(at)] / 100

    def is_after_conference(self, at: float) -> bool:
        """Return whether those who were at one write."""
        since = self.hour(at) - CONFERENCE_HOUR
        return self.conferences > 0 and 0 <= since < WRITING_HOURS

    @property
    def writing_seconds(self) -> float:
        return WRITING_HOURS / HOURS * self.seconds

    def _share(self, by_hour: tuple[int, ...], at: float) -> float:
        """Return how much more than on average it is."""
        return 1.0 if self.level else by_hour[self._index(at)] * HOURS / sum(by_hour)

    def _index(self, at: float) -> int:
        return min(HOURS - 1, int(self.hour(at)))


class Urge:
    """When somebody next does something that they do at random, however the rate changes."""

    def __init__(self, draw: float) -> None:
        """Begin with a number drawn from the exponential distribution of rate one."""
        self._left = draw

    def grows(self, amount: float, draw: float) -> bool:
        """Return whether, with so much more, it is time; then it begins again with a draw.

        What was more than enough counts for the next time: whoever was held up catches up.
        """
        self._left -= amount
        if self._left > 0:
            return False
        self._left += draw
        return True
