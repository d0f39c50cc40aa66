"""What is known of a customer and wanted by the business when the bot decides."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from conversations.bot.balance import Balance, Bought, Circumstances, History, Standing, mode, stage_of
from conversations.bot.rules import Rules
from conversations.models import Bot, Conversation, Episode
from crm import queries as crm
from crm.models import Appointment, Case, Customer, CustomerLabel, Order
from tenants.actors import Actor
from tenants.db.prepared import prepared
from tenants.queries import own

if TYPE_CHECKING:
    from conversations.bot.dialogue import Setting
    from conversations.bot.understand import Understanding

LATELY = timedelta(days=90)
ORDERS = 50  # of a customer that are looked at
TALKS = 2  # more do not count
GRIEVANCES = (Case.Kind.COMPLAINT, Case.Kind.WARRANTY, Case.Kind.RETURN)


def setting_of(conversation: Conversation, bot: Bot, understood: "Understanding | None") -> "Setting":
    """The circumstances of a decision: at most five queries, of which none is made for nothing."""
    from conversations.bot.dialogue import Setting  # noqa: PLC0415 -- brings numpy

    rules, balance = Rules.of(bot.rules), Balance.of(bot.balance)
    customer_id = conversation.customer_id
    has_labels = bool(rules.vip_labels) or balance.asks("label")
    labels = _labels(customer_id) if has_labels else frozenset()
    has_orders = rules.high_value is not None or balance.asks("worth", "stage")
    orders = _orders(customer_id) if has_orders else ()
    now, worth = timezone.now(), 0.0
    if has_orders:
        worth = worth_of(orders, own().currency, now)
    stage = ""
    if balance.asks("stage"):
        stage = stage_of(_history(customer_id, orders, Actor.system()), now).stage.value
    around = Circumstances(
        stage=stage,
        category=understood.category if understood else "",
        channel_kind=conversation.way.channel.kind,
        labels=labels,
        worth=worth,
    )
    return Setting(
        mode=mode(balance, around)[0],
        rules=rules,
        is_vip=not labels.isdisjoint(rules.vip_labels),
        worth=worth,
        has_appointment_today=rules.appointment_today and _comes_today(customer_id),
        hand_off_harmless=bot.harmless == Bot.Harmless.HAND_OFF,
    )


def standing_of(customer: Customer, by: Actor) -> Standing:
    """Where a customer stands, from what somebody may see of him: three queries."""
    return stage_of(_history(customer.pk, _orders(customer.pk), by), timezone.now())


def worth_of(orders: tuple[Bought, ...], currency: str, at: datetime) -> float:
    """The largest order of the 90 days before a moment, in a currency."""
    lately = (one.total for one in orders if one.currency == currency and at - LATELY <= one.placed_at <= at)
    return max(lately, default=0.0)


def bought(rows: QuerySet[Order]) -> list[tuple[UUID, Bought]]:
    """Orders as the stage and the rules look at them, with their customers."""
    found = rows.values_list("customer_id", *Bought.__dataclass_fields__)
    return [(customer_id, _order(*columns)) for customer_id, *columns in found]


def _order(
    number: str, status: str, placed_at: datetime, changed_at: datetime, total: Decimal, currency: str
) -> Bought:
    return Bought(number, status, placed_at, changed_at, float(total), currency)


class _Order(NamedTuple):
    number: str
    status: str
    placed_at: datetime
    changed_at: datetime
    total: Decimal
    currency: str


class _Case(NamedTuple):
    subject: str


class _Talk(NamedTuple):
    id: UUID


def _labels(customer_id: UUID) -> frozenset[str]:
    links = CustomerLabel.objects.filter(customer_id=customer_id).values_list("label_id", flat=True)
    return frozenset(map(str, links))


def _orders(customer_id: UUID) -> tuple[Bought, ...]:
    return tuple(_order(*row) for row in _newest_orders(customer=customer_id))


@prepared(_Order)
def _newest_orders(*, customer: UUID) -> QuerySet[Order]:
    return Order.objects.filter(customer_id=customer).order_by("-placed_at")[:ORDERS]


def _history(customer_id: UUID, orders: tuple[Bought, ...], by: Actor) -> History:
    cases = _grievances(customer=customer_id, by=by)
    return History(orders, len(_talks(customer=customer_id, by=by)), cases[0].subject if cases else "")


@prepared(_Case)
def _grievances(*, customer: UUID, by: Actor) -> QuerySet[Case]:
    theirs = crm.cases_visible_to(by).filter(customer_id=customer, resolved_at=None, kind__in=GRIEVANCES)
    return theirs.order_by("-pk")[:1]


@prepared(_Talk)
def _talks(*, customer: UUID, by: Actor) -> QuerySet[Episode]:
    seen = Conversation.objects.visible_to(by).filter(customer_id=customer)
    return Episode.objects.filter(conversation__in=seen.values("pk")).order_by()[:TALKS]


def _comes_today(customer_id: UUID) -> bool:
    start, end = day_of(timezone.now())
    expected = (Appointment.Status.BOOKED, Appointment.Status.CONFIRMED)
    theirs = Appointment.objects.filter(customer_id=customer_id, status__in=expected)
    return bool(theirs.filter(starts_at__gte=start, starts_at__lt=end).exists())


def day_of(moment: datetime) -> tuple[datetime, datetime]:
    """The business's day in which a moment lies."""
    start = moment.astimezone(own().zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + timedelta(days=1)
