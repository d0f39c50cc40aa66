"""What a business's model was asked for and what that cost: read for the page and the API."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.actions.model_calls import CHECK, LOST, first_of_month, first_of_next
from conversations.models import ModelCall, ModelEndpoint, ModelUsage, Use
from tenants.kit import cursors

PAGE = 50
ORDER = ("-created_at", "-id")
NAMES: dict[str, str | Promise] = {
    **{use.value: use.label for use in Use},
    CHECK: _("Test of the connection"),
}
Outcome = ModelCall.Outcome


@dataclass(frozen=True, slots=True)
class Month:
    """A month's use, in total and by what it was for."""

    month: date
    ends: date
    """The day on which the next budget begins."""
    rows: tuple[ModelUsage, ...]
    calls: int
    cost: Decimal
    budget: Decimal
    currency: str

    @property
    def share(self) -> int:
        """Of the budget, in percent, at most 100."""
        return min(round(self.cost * 100 / self.budget), 100) if self.budget else 0


def this_month(endpoint: ModelEndpoint | None) -> Month:
    """The current month. Two queries."""
    month = first_of_month()
    rows = tuple(ModelUsage.objects.filter(month=month).order_by("use"))
    return Month(
        month=month,
        ends=first_of_next(month),
        rows=rows,
        calls=sum(row.calls for row in rows),
        cost=sum((row.cost for row in rows), Decimal(0)),
        budget=endpoint.budget if endpoint else Decimal(0),
        currency=endpoint.currency if endpoint else "USD",
    )


def calls(cursor: str = "", limit: int = PAGE) -> cursors.Page:
    """The calls, the latest first. Raises `BadCursor`."""
    found = ModelCall.objects.select_related("membership__user")
    return cursors.page(found, ordering=ORDER, limit=limit, cursor=cursor)


def state(endpoint: ModelEndpoint) -> Outcome | None:
    """Why the model is not asked now; None where it is."""
    if not endpoint.is_on:
        return Outcome.OFF
    if endpoint.spent_up_on == first_of_month():
        return Outcome.BUDGET
    if endpoint.paused_until is not None and endpoint.paused_until > timezone.now():
        return Outcome.PAUSED
    return None


def is_lost(call: ModelCall) -> bool:
    """Whether a call should have come back long ago."""
    return call.is_open and timezone.now() - call.created_at > LOST
