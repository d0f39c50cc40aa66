"""What rules of segments can ask about ratings."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy, ngettext_lazy

from crm.segments import records
from crm.segments.params import Choice, Whole
from crm.segments.registry import Condition, Context, Values, register
from feedback.models import Invitation, Response
from tenants.permissions import Permission

READ = Permission.FEEDBACK_READ
GROUP = "ratings"
SCORE = Whole(name="n", label=gettext_lazy("Stars"), least=1, most=5, default=2)
SCORE_OPS = Choice(
    name="op", label=gettext_lazy("How many"), options=records.COUNT_OPS, default="at_most"
)  # of stars
LOOKUPS = {"at_least": "gte", "at_most": "lte", "exactly": "exact"}


def _last(context: Context) -> QuerySet[Any]:
    """The last answer of each customer."""
    newer = Response.objects.filter(customer_id=OuterRef("customer_id"))
    newer = newer.filter(
        Q(created_at__gt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), pk__gt=OuterRef("pk"))
    )
    return context.rows(Response.objects.filter(~Exists(newer)))


def _last_score(values: Values, context: Context) -> Q:
    rows = _last(context).filter(**{f"score__{LOOKUPS[values['op']]}": values["n"]})
    return records.members(records.within(rows, "created_at", values.get("period"), context))


def _score_of(values: Values, context: Context) -> Mapping[UUID, str]:
    rows = _last(context).values_list("customer_id", "score")
    return {customer: f"{score}/5" for customer, score in rows}


def _rated(values: Values, context: Context) -> QuerySet[Any]:
    return Response.objects.all()


def _unanswered(values: Values, context: Context) -> QuerySet[Any]:
    return Invitation.objects.filter(~Exists(Response.objects.filter(invitation_id=OuterRef("pk"))))


CONDITIONS = [
    Condition(
        "ratings.last",
        GROUP,
        gettext_lazy("Last rating"),
        (SCORE_OPS, SCORE, records.EVER),
        ngettext_lazy(
            "last rating %(op)s %(n)s star %(period)s", "last rating %(op)s %(n)s stars %(period)s", "n"
        ),
        _last_score,
        _score_of,
        READ,
    ),
    Condition(
        "ratings.count",
        GROUP,
        gettext_lazy("Number of ratings"),
        (records.count_op(), records.times(1), records.EVER),
        ngettext_lazy("%(op)s %(n)s rating %(period)s", "%(op)s %(n)s ratings %(period)s", "n"),
        needs=READ,
        **records.how_many(_rated, "created_at"),
    ),
    Condition(
        "ratings.unanswered",
        GROUP,
        gettext_lazy("Asked for a rating, no answer"),
        (records.has_op(), records.EVER),
        {
            "has": gettext_lazy("was asked for a rating and did not answer %(period)s"),
            "has_not": gettext_lazy("left no question for a rating unanswered %(period)s"),
        },
        needs=READ,
        **records.whether(_unanswered, "created_at"),
    ),
]


def register_all() -> None:
    """Called once, when the app starts."""
    register(CONDITIONS)
