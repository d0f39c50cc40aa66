"""What is known of a customer and wanted by the business when the bot decides."""

from datetime import timedelta

from django.db.models import Max
from django.utils import timezone

from conversations.bot.dialogue import Mode, Setting
from conversations.bot.rules import Rules
from conversations.bot.understand import Understanding
from conversations.models import Bot, Conversation
from crm.models import Appointment, CustomerLabel, Order
from tenants.queries import own

LATELY = timedelta(days=90)


def setting_of(conversation: Conversation, bot: Bot, understood: Understanding | None) -> Setting:
    """The circumstances of a decision: at most three queries."""
    rules = Rules.of(bot.rules)
    return Setting(
        mode=Mode(bot.balance.get("default", Mode.AUTOMATION)),
        rules=rules,
        is_vip=bool(rules.vip_labels) and _has_label(conversation, rules.vip_labels),
        worth=_worth(conversation) if rules.high_value is not None else 0.0,
        has_appointment_today=rules.appointment_today and _comes_today(conversation),
        hand_off_harmless=bot.harmless == Bot.Harmless.HAND_OFF,
    )


def _has_label(conversation: Conversation, labels: tuple[str, ...]) -> bool:
    links = CustomerLabel.objects.filter(customer_id=conversation.customer_id, label_id__in=labels)
    return bool(links.exists())


def _worth(conversation: Conversation) -> float:
    orders = Order.objects.filter(customer_id=conversation.customer_id)
    lately = orders.filter(placed_at__gte=timezone.now() - LATELY).order_by()
    return float(lately.aggregate(most=Max("total"))["most"] or 0)


def _comes_today(conversation: Conversation) -> bool:
    now = timezone.now().astimezone(own().zone)
    start = now.replace(hour=0, minute=0, second=0, microsecond=0)
    expected = (Appointment.Status.BOOKED, Appointment.Status.CONFIRMED)
    theirs = Appointment.objects.filter(customer_id=conversation.customer_id, status__in=expected)
    return bool(theirs.filter(starts_at__gte=start, starts_at__lt=start + timedelta(days=1)).exists())
