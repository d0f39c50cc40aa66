"""What rules of segments can ask about conversations."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy, ngettext_lazy

from conversations.models import Channel, Conversation, ConversationLabel
from crm.segments import records
from crm.segments.params import Choice, Refs, Span
from crm.segments.registry import Condition, Context, Values, register, register_names
from tenants.permissions import Permission

READ = Permission.CONVERSATIONS_READ
GROUP = "conversations"
ACTIVE = [Conversation.Status.OPEN, Conversation.Status.WAITING, Conversation.Status.SNOOZED]


class AnyChannel(Refs):
    """Channels; leaving them out means by whichever."""

    @property
    def is_optional(self) -> bool:
        return True


CHANNELS = AnyChannel(name="channels", label=gettext_lazy("Channel"), what="channel")


def _all(values: Values, context: Context) -> QuerySet[Any]:
    rows = Conversation.objects.exclude(status=Conversation.Status.MERGED)
    return rows.filter(channel_id__any=values["channels"]) if values.get("channels") else rows


def _open(values: Values, context: Context) -> QuerySet[Any]:
    return _all(values, context).filter(status__in=ACTIVE)


def _heard(values: Values, context: Context) -> QuerySet[Any]:
    return _all(values, context).filter(last_inbound_at__isnull=False)


def _waiting(values: Values, context: Context) -> QuerySet[Any]:
    since = context.clock.now - timedelta(seconds=Span.seconds(values["span"]))
    return Conversation.objects.filter(status__in=ACTIVE, waiting_since__lt=since)


def _labelled(values: Values, context: Context) -> Q:
    chosen = ConversationLabel.objects.filter(label_id__any=values["labels"]).values("conversation_id")
    rows = Conversation.objects.exclude(status=Conversation.Status.MERGED).filter(pk__in=chosen)
    rows = records.within(context.rows(rows), "created_at", values.get("period"), context)
    found = records.members(rows)
    return found if values["op"] == records.HAS else ~found


CONDITIONS = [
    Condition(
        "conversations.count",
        GROUP,
        gettext_lazy("Number of conversations"),
        (records.count_op(), records.times(1), CHANNELS, records.EVER),
        ngettext_lazy(
            "%(op)s %(n)s conversation %(channels)s begun %(period)s",
            "%(op)s %(n)s conversations %(channels)s begun %(period)s",
            "n",
        ),
        needs=READ,
        **records.how_many(_all, "created_at"),
    ),
    Condition(
        "conversations.last",
        GROUP,
        gettext_lazy("Last message"),
        (CHANNELS, records.PERIOD),
        gettext_lazy("last message by %(channels)s %(period)s"),
        needs=READ,
        **records.last_time(_heard, "last_inbound_at"),
    ),
    Condition(
        "conversations.open",
        GROUP,
        gettext_lazy("Open conversation"),
        (records.has_op(), CHANNELS),
        {
            "has": gettext_lazy("an open conversation %(channels)s"),
            "has_not": gettext_lazy("no open conversation %(channels)s"),
        },
        needs=READ,
        **records.whether(_open),
    ),
    Condition(
        "conversations.waiting",
        GROUP,
        gettext_lazy("Waits for an answer"),
        (
            records.has_op(),
            Span(name="span", label=gettext_lazy("Longer than"), default={"n": 24, "unit": "hours"}),
        ),
        {
            "has": gettext_lazy("waits for an answer for more than %(span)s"),
            "has_not": gettext_lazy("does not wait for an answer for more than %(span)s"),
        },
        needs=READ,
        **records.whether(_waiting),
    ),
    Condition(
        "conversations.label",
        GROUP,
        gettext_lazy("Conversation with a label"),
        (
            Choice(
                name="op", label=gettext_lazy("Has or has not"), options=records.HAS_OPS, default=records.HAS
            ),
            Refs(name="labels", label=gettext_lazy("Label"), what="label"),
            records.EVER,
        ),
        {
            "has": gettext_lazy("a conversation with the label %(labels)s begun %(period)s"),
            "has_not": gettext_lazy("no conversation with the label %(labels)s begun %(period)s"),
        },
        _labelled,
        needs=READ,
    ),
]


def channels(part: str) -> dict[str, str]:
    """Channels by name."""
    return {str(pk): name for pk, name in Channel.objects.order_by("name").values_list("pk", "name")}


def register_all() -> None:
    """Called once, when the app starts."""
    register(CONDITIONS)
    register_names("channel", channels)
