"""That somebody looked."""

from django.db.models import F, Q
from django.utils import timezone

from conversations.actions import receipts
from conversations.models import Conversation, Message
from tenants.actors import Actor
from tenants.kit import events
from tenants.permissions import Permission


def mark_seen(*, conversation: Conversation, by: Actor) -> bool:
    """Note that those who answer it looked: the assignee, or anyone while it has none.

    Returns whether that is news; then the visitor and the other pages hear it too.
    """
    answers = by.can(Permission.CONVERSATIONS_WRITE) and conversation.assignee_id in (None, by.membership_id)
    if not answers or conversation.last_inbound_at is None:
        return False
    unseen = Conversation.objects.filter(pk=conversation.pk, last_inbound_at__isnull=False)
    unseen = unseen.filter(Q(seen_at=None) | Q(seen_at__lt=F("last_inbound_at")))
    if not unseen.update(seen_at=timezone.now()):
        return False
    receipts.ring(receipts.SAW, conversation)
    last = (
        conversation.messages.filter(kind=Message.Kind.INBOUND)
        .order_by("-id")
        .values_list("id", flat=True)
        .first()
    )
    events.publish(
        "seen",
        {"conversation": str(conversation.pk), "upto": str(last or "")},
        team_id=conversation.team_id,
        assignee_id=conversation.assignee_id,
        visitor=conversation.customer_id,
        audience="both",
    )
    return True
