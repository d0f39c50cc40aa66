"""What is known of a customer and wanted by the business when the bot decides."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from conversations.bot.balance import Balance, Bought, Circumstances, History, Standing, mode, stage_of
from conversations.bot.rules import Rules
from conversations.models import Bot, Conversation, Episode
from crm.models import Appointment, Customer, CustomerLabel, Order
from tenants.actors import Actor
from tenants.queries import own

if TYPE_CHECKING:
    from conversations.bot.dialogue import Setting
    from conversations.bot.understand import Understanding

LATELY = timedelta(days=90)
ORDERS = 50  # of a customer that are looked at
TALKS = 2  # more do not count


def setting_of(conversation: Conversation, bot: Bot, understood: "Understanding | None") -> "Setting":
    """The circumstances of a decision: at most four queries, of which none is made for nothing."""
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
        talks = Conversation.objects.filter(customer_id=customer_id)
        stage = stage_of(History(orders, _talks(talks)), now).stage.value
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
    """Where a customer stands, from what somebody may see of him: two queries."""
    talks = Conversation.objects.visible_to(by).filter(customer_id=customer.pk)
    return stage_of(History(_orders(customer.pk), _talks(talks)), timezone.now())


def worth_of(orders: tuple[Bought, ...], currency: str, at: datetime) -> float:
    """The largest order of the 90 days before a moment, in a currency."""
    lately = (one.total for one in orders if one.currency == currency and at - LATELY <= one.placed_at <= at)
    return max(lately, default=0.0)


def bought(rows: QuerySet[Order]) -> list[tuple[UUID, Bought]]:
    """Orders as the stage and the rules look at them, with their customers."""
    names = ("customer_id", "number", "status", "placed_at", "changed_at", "total", "currency")
    return [
        (customer_id, Bought(number, status, placed_at, changed_at, float(total), currency))
        for customer_id, number, status, placed_at, changed_at, total, currency in rows.values_list(*names)
    ]


def _labels(customer_id: UUID) -> frozenset[str]:
    links = CustomerLabel.objects.filter(customer_id=customer_id).values_list("label_id", flat=True)
    return frozenset(map(str, links))


def _orders(customer_id: UUID) -> tuple[Bought, ...]:
    newest = Order.objects.filter(customer_id=customer_id).order_by("-placed_at")[:ORDERS]
    return tuple(order for _customer, order in bought(newest))


def _talks(conversations: QuerySet[Conversation]) -> int:
    return int(Episode.objects.filter(conversation__in=conversations).order_by()[:TALKS].count())


def _comes_today(customer_id: UUID) -> bool:
    start, end = day_of(timezone.now())
    expected = (Appointment.Status.BOOKED, Appointment.Status.CONFIRMED)
    theirs = Appointment.objects.filter(customer_id=customer_id, status__in=expected)
    return bool(theirs.filter(starts_at__gte=start, starts_at__lt=end).exists())


def day_of(moment: datetime) -> tuple[datetime, datetime]:
    """The business's day in which a moment lies."""
    start = moment.astimezone(own().zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + timedelta(days=1)
