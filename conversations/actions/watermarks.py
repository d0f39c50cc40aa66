"""What vendors say of all messages up to a moment: delivered, or read."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from conversations.actions.messages import announce
from conversations.actions.statuses import RANK
from conversations.channels.base import InboundWatermark
from conversations.models import Channel, Conversation, Delivery
from crm.models import Identity


def apply_watermark(*, channel: Channel, item: InboundWatermark) -> None:
    """Let everything that went to a customer before be delivered or read; nothing ever goes back."""
    rank = RANK.get(item.status, 0)
    lower = [status for status, known in RANK.items() if 0 < known < rank]
    reached = _reached(channel, item).filter(status__in=lower)
    touched = set(reached.values_list("message__conversation_id", flat=True))
    if not touched:
        return
    reached.update(status=item.status, reason="", settled_at=timezone.now())
    for conversation in Conversation.objects.filter(pk__in=touched).order_by("pk"):
        announce(conversation)


def _reached(channel: Channel, item: InboundWatermark) -> QuerySet[Delivery]:
    """What the watermark covers: up to the message it names, else what was handed over before it."""
    person = Identity.objects.filter(kind=item.identity_kind, value=item.identity)
    ways = list(
        Conversation.objects.filter(channel=channel, identity__in=person).values_list("pk", flat=True)
    )
    here = Q(message__came_by=None, message__conversation_id__in=ways) | Q(message__came_by_id__in=ways)
    theirs: QuerySet[Delivery] = Delivery.objects.filter(here, channel=channel)
    if item.last:
        last = theirs.filter(provider_id=item.last[:255]).order_by("-id").values("id")[:1]
        return theirs.filter(id__lte=last)
    return theirs.filter(calling_at__lte=item.until)
