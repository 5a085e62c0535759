"""When a round-up falls due, by the practice's clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from microblog.service.rounds import Choice

# A weekly one may be put off by up to six quiet days.
_DAYS = 14


def last_due(choice: Choice, zone: ZoneInfo, now: int) -> int | None:
    """Return the newest moment, up to now, at which someone's round-up was to come; None: never.

    What a change to summer time skips comes an hour later; what it repeats comes the first time.
    A weekly one on a quiet day comes on the next day that is none. Milliseconds since 1970.
    """
    if choice.every == "off":
        return None
    today = datetime.fromtimestamp(now / 1000, zone).date()
    for back in range(_DAYS):
        day = today - timedelta(days=back)
        if _comes_on(choice, day):
            moment = moment_of(day, choice.at, zone)
            if moment <= now:
                return moment
    return None


def moment_of(day: date, minutes: int, zone: ZoneInfo) -> int:
    """Return the moment of a day at which its clock shows so many minutes after midnight."""
    local = datetime.combine(day, time(*divmod(minutes, 60)), zone)
    return int(local.astimezone(UTC).timestamp()) * 1000


def _comes_on(choice: Choice, day: date) -> bool:
    if day.weekday() in choice.quiet:
        return False
    if choice.every == "daily":
        return True
    # Back over the quiet days just before, to the day of the week that it is for.
    while day.weekday() != choice.weekday:
        day -= timedelta(days=1)
        if day.weekday() not in choice.quiet:
            return False
    return True
