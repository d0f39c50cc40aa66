"""What is said to customers of their things: the sequences, and the messages of a day."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from conversations.confirmations import sentences
from conversations.confirmations.sending import MODELS
from conversations.models import Confirmation, ConfirmationStep, Happening, MessageTemplate
from conversations.right_time import instant
from crm import queries as crm
from crm.models import Appointment, Order, Purpose
from tenants import formats
from tenants.actors import Actor
from tenants.permissions import Sees

State, Said = Confirmation.State, Confirmation.Answer
MOST_TEMPLATES = 500
VIEWS: dict[str, Q] = {
    "waiting": Q(state=State.WAITING),
    "sent": Q(state=State.SENT),
    "left_out": Q(state__in=[State.LEFT_OUT, State.WITHDRAWN]),
    **{str(said): Q(answer=said) for said in Said},
    "silent": Q(state=State.SENT, step__asks=True, answer=""),
}


class Line(NamedTuple):
    """A step as it is read."""

    step: ConfirmationStep
    when: str
    notes: list[str]


class Sequence(NamedTuple):
    """All that is said of one happening, in the order of time."""

    happening: Happening
    lines: list[Line]

    @property
    def is_on(self) -> bool:
        """Whether anything of it is said."""
        return any(line.step.is_on for line in self.lines)


def sequences() -> list[Sequence]:
    """Every happening that anything is said of. One query."""
    steps = list(ConfirmationStep.objects.select_related("template").order_by("minutes", "id"))
    found = []
    for happening in Happening:
        lines = [
            Line(one, sentences.when(one), sentences.notes(one))
            for one in steps
            if one.happening == happening
        ]
        if lines:
            found.append(Sequence(happening, lines))
    return found


def templates() -> list[MessageTemplate]:
    """What a step can say."""
    return list(
        MessageTemplate.objects.kept().filter(purpose=Purpose.SERVICE).order_by("name")[:MOST_TEMPLATES]
    )


def seen(rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    """Those of the customers whom somebody sees."""
    return rows if actor.sees == Sees.ALL else rows.filter(customer__in=crm.customers_visible_to(actor))


def of_day(day: date, zone: ZoneInfo, actor: Actor) -> QuerySet[Confirmation]:
    """What is due on a day by the business's clock, of the customers whom somebody sees."""
    return seen(on_day(Confirmation.objects.all(), day, zone), actor)


def on_day(rows: QuerySet[Confirmation], day: date, zone: ZoneInfo) -> QuerySet[Confirmation]:
    """Those due on a day; none for days that no clock shows."""
    try:
        from_, until = (instant(one, time.min, zone) for one in (day, day + timedelta(days=1)))
    except OverflowError:
        return rows.none()
    return rows.filter(due_at__gte=from_, due_at__lt=until)


def counts(rows: QuerySet[Confirmation]) -> dict[str, int]:
    """How many there are of each view. One query."""
    found: dict[str, int] = rows.aggregate(
        all=Count("pk"), **{name: Count("pk", filter=what) for name, what in VIEWS.items()}
    )
    return found


def subjects(rows: Iterable[Confirmation]) -> dict[UUID, str]:
    """What each is about, in a few words, by the identifier of its thing. A query for each kind of thing."""
    rows, found = list(rows), {}
    for kind, model in MODELS.items():
        if wanted := {one.thing_id for one in rows if one.thing == kind}:
            for thing in model.objects.filter(pk__in=wanted):
                found[thing.pk] = _subject(thing)
    return found


def _subject(thing: Any) -> str:
    match thing:
        case Appointment():
            return thing.service
        case Order():
            return thing.number
    amount, currency = getattr(thing, "amount", None), getattr(thing, "currency", "")
    return formats.money(amount, currency) if amount is not None and currency else ""
