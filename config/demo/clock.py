"""Moments of the past: inside opening hours, never later than now, and identifiers made from them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from tenants.hours import Calendar, day_of, next_opening

MINUTE = timedelta(minutes=1)
SETTLED = timedelta(minutes=20)  # so long after opening and before closing people begin to write


def uuid7_at(moment: datetime, random: Random) -> UUID:
    """An identifier as made at a moment (RFC 9562 §5.7), so that rows sort by when they came about."""
    milliseconds, micros = divmod(int(moment.timestamp() * 1_000_000), 1_000)
    fraction = micros * 4_096 // 1_000
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random.getrandbits(62))


class Clock:
    """The time of one business, with the seeded randomness of its demo."""

    def __init__(self, now: datetime, calendar: Calendar, random: Random) -> None:
        self.now = now.astimezone(UTC).replace(microsecond=0)
        self.calendar = calendar
        self.random = random

    def id_at(self, moment: datetime) -> UUID:
        return uuid7_at(moment, self.random)

    def days_since(self, made: UUID) -> float:
        """How many days ago something was made: its identifier says it."""
        return (self.now.timestamp() - (made.int >> 80) / 1_000) / 86_400

    def ago(self, minutes: float) -> datetime:
        """A moment so many minutes before now."""
        return (self.now - timedelta(minutes=minutes)).replace(microsecond=0)

    def opening(self, days: float) -> datetime:
        """Some moment of the last day with opening hours that lies at least so many days back."""
        latest = self.now - timedelta(days=days)
        for on in self._back_from(latest.astimezone(self.calendar.zone).date()):
            intervals = day_of(self.calendar, on).intervals
            if intervals:
                start, end = self.random.choice(intervals)
                moment = start + SETTLED + (end - start - 2 * SETTLED) * self.random.random()
                if moment <= latest:
                    return moment.astimezone(UTC).replace(microsecond=0)
        raise AssertionError("a year has open days")

    @staticmethod
    def _back_from(on: date) -> Iterator[date]:
        return (on - timedelta(days=back) for back in range(400))

    def working(self, moment: datetime) -> datetime:
        """The moment itself while open, else a little after the next opening."""
        opening = next_opening(self.calendar, moment) or moment
        if opening == moment:
            return moment
        return (opening + MINUTE * self.random.randint(2, 25)).astimezone(UTC).replace(microsecond=0)

    def at_time(self, days_ahead: int, hour: int) -> datetime:
        """A full hour of a day from today on, in the zone of the business."""
        today = self.now.astimezone(self.calendar.zone).date()
        on = today + timedelta(days=days_ahead)
        return datetime.combine(on, time(hour), self.calendar.zone).astimezone(UTC)
