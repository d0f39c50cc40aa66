"""Rules to start from: questions that shops ask."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from crm.models import Case


class Example(NamedTuple):
    """A rule with its name and what it is good for."""

    key: str
    name: Any
    help: Any
    rule: dict[str, Any]


def _rule(match: str, *nodes: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "where": {match: list(nodes)}}


EXAMPLES = (
    Example(
        "loyal",
        _("Regulars"),
        _("They come back: thank them."),
        _rule(
            "all", {"is": "orders.count", "op": "at_least", "n": 2, "period": {"last": 12, "unit": "months"}}
        ),
    ),
    Example(
        "asleep",
        _("Gone quiet"),
        _("They bought once and have not come back for half a year."),
        _rule("all", {"is": "orders.last", "period": {"before": 6, "unit": "months"}}),
    ),
    Example(
        "fresh",
        _("First order this month"),
        _("Ask how it went while it is new."),
        _rule("all", {"is": "orders.first", "period": {"last": 30, "unit": "days"}}),
    ),
    Example(
        "big",
        _("Best customers"),
        _("Those who spent most this year."),
        _rule(
            "all",
            {"is": "orders.sum", "op": "at_least", "amount": "20000", "period": {"during": "this_year"}},
        ),
    ),
    Example(
        "offers",
        _("May have offers by WhatsApp"),
        _("They agreed, and no complaint of theirs is open."),
        _rule(
            "all",
            {"is": "consent", "op": "given", "medium": "whatsapp", "purpose": "promotion"},
            {"is": "cases.open", "op": "has_not", "kind": Case.Kind.COMPLAINT.value},
        ),
    ),
    Example(
        "missed",
        _("Missed an appointment"),
        _("And none is booked since: offer another day."),
        _rule(
            "all",
            {"is": "appointments.missed", "op": "at_least", "n": 1, "period": {"last": 3, "unit": "months"}},
            {"is": "appointments.next", "op": "has_not"},
        ),
    ),
    Example(
        "unpaid",
        _("Payment overdue"),
        _("More than a week late: a friendly word helps."),
        _rule("any", {"is": "payments.overdue", "op": "has", "n": 7}),
    ),
)


def find(key: str) -> Example | None:
    """The example with a key."""
    return next((one for one in EXAMPLES if one.key == key), None)
