"""Telling customers that they were read, and that somebody is writing. It may fail, and never blocks."""

from uuid import UUID

import redis
import structlog

from conversations.actions import bells
from conversations.actions.failures import in_short
from conversations.channels.registry import adapter_for
from conversations.models import Conversation, Message
from tenants.kit import valkey
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.receipts")
SAW, TYPING = "saw", "typing"
PAUSE = {SAW: 5, TYPING: 15}  # seconds between two of a kind to one customer


def ring(what: str, conversation: Conversation) -> None:
    """Have a worker tell the customer, where the channel can and it was not just told."""
    can = adapter_for(conversation.channel.kind).capabilities
    if not (can.read_receipts if what == SAW else can.typing) or not conversation.last_inbound_at:
        return
    try:
        key = valkey.key(conversation.tenant_id, "told", what, conversation.pk)
        is_due = valkey.client().set(key, 1, nx=True, ex=PAUSE[what])
    except redis.RedisError:
        return
    if is_due:
        bells.tell_customer(what, conversation.pk)


def tell(tenant_id: UUID | str, what: str, conversation_id: UUID | str) -> None:
    """Tell the vendor; a refusal leaves a line in the log and nothing else."""
    with tenant_scope(tenant_id):
        found = Conversation.objects.select_related("channel", "identity").filter(pk=conversation_id).first()
        newest = (
            found
            and Message.objects.filter(conversation=found, kind=Message.Kind.INBOUND)
            .exclude(provider_id="")
            .order_by("-id")
            .first()
        )
    if not found or not newest or not found.identity or not found.channel.is_active:
        return
    adapter = adapter_for(found.channel.kind)
    act = adapter.saw if what == SAW else adapter.typing
    try:
        act(found.channel, found.identity.value, newest.provider_id)
    except Exception as error:  # noqa: BLE001 -- a courtesy: nobody waits for it
        log.info("customer not told", what=what, conversation=str(conversation_id), error=in_short(error))
