"""A year of weeks that ends today: when in it something was."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

WEEKS = 52
EVENING = time(18)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class Year:
    """Fifty-two weeks up to `now`, by this machine's clock on the wall.

    The weeks are those of the calendar, so that a Monday is a Monday, but for the last: its five
    days are the newest five working days that are over, whatever day today is. Week 0, before the
    first, is for what must be there when the stories begin.
    """

    now: datetime

    def day(self, week: int, day: int) -> date:
        """Return a day by its week (0 to 52) and its place in it (Monday is 0)."""
        last = self._last_days()
        if week == WEEKS:
            return last[day]
        monday = last[0] - timedelta(days=last[0].weekday())
        return monday - timedelta(weeks=WEEKS - week) + timedelta(days=day)

    def moment(self, week: int, day: int, minute: int) -> int:
        """Return a minute of a day as milliseconds since 1970."""
        at = datetime.combine(self.day(week, day), time(minute // 60, minute % 60))
        return int(at.astimezone().timestamp()) * 1000

    def after(self, week: int, day: int, weeks: int) -> date:
        """Return the same day of the week so many weeks later, which may be in time to come."""
        return self.day(week, day) + timedelta(weeks=weeks)

    def birth(self, months: int) -> str:
        """Return the birthday of someone who is so many months old when the year begins."""
        begins = self.day(1, 0)
        month = begins.year * 12 + begins.month - 1 - months
        # Any day will do that every month has.
        return date(month // 12, month % 12 + 1, 1 + months * 11 % 28).isoformat()

    def _last_days(self) -> list[date]:
        days: list[date] = []
        day = self.now.date() if self.now.time() >= EVENING else self.now.date() - timedelta(days=1)
        while len(days) < WORKING_DAYS:
            if day.weekday() < WORKING_DAYS:
                days.insert(0, day)
            day -= timedelta(days=1)
        return days


@dataclass(slots=True)
class Clock:
    """The one clock of the server and all clients, which is set and never goes back."""

    now: int = 0

    def __call__(self) -> int:
        return self.now

    def set(self, now: int) -> None:
        """Go on to a time in milliseconds since 1970; if that is past, a minute on."""
        self.now = max(now, self.now + 60_000)
