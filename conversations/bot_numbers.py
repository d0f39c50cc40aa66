"""How the bot did of late, in numbers: one query each."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from conversations.bot.balance import Numbers
from conversations.models import Decision

BACK = timedelta(days=30)
Action = Decision.Action


class Lately(NamedTuple):
    """The last 30 days."""

    heard: int
    answered: int
    handed_over: int
    helped: int
    not_helped: int

    @property
    def helped_share(self) -> int | None:
        """Per cent of the answers that somebody judged; None where nobody did."""
        said = self.helped + self.not_helped
        return round(100 * self.helped / said) if said else None


COUNTS = {
    "heard": Count("pk"),
    "answered": Count("pk", filter=Q(action=Action.ANSWER)),
    "handed_over": Count("pk", filter=Q(action=Action.HAND_OFF)),
    "yes": Count("pk", filter=Q(helped=True)),
    "no": Count("pk", filter=Q(helped=False)),
}


def lately() -> Lately:
    """All messages of the last 30 days, those read together counted once."""
    return Lately(**_named(_decisions().aggregate(**COUNTS)))


def by_category() -> list[Numbers]:
    """The same for each category."""
    rows = _decisions().exclude(category="").order_by("category").values("category").annotate(**COUNTS)
    return [Numbers(**_named(row)) for row in rows]


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    return {{"yes": "helped", "no": "not_helped"}.get(name, name): value for name, value in row.items()}


def _decisions() -> QuerySet[Decision]:
    since = timezone.now() - BACK
    found: QuerySet[Decision] = Decision.objects.filter(created_at__gte=since).exclude(action=Action.JOINED)
    return found.order_by()
