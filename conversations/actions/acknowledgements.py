"""Telling a vendor that what waits for an answer was taken in, such as a pressed button."""

from uuid import UUID

import structlog

from conversations.actions.failures import in_short
from conversations.channels.registry import adapter_for
from conversations.models import Channel
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.inbound")


def acknowledge(tenant_id: UUID | str, channel_id: UUID | str, receipt: str) -> None:
    """Say it once: a customer's spinner stops sooner, and nothing is lost when it fails."""
    with tenant_scope(tenant_id):
        channel = Channel.objects.active().filter(pk=channel_id).first()
    if channel is None:
        return
    try:
        adapter_for(channel.kind).acknowledge(channel, receipt)
    except Exception as error:  # noqa: BLE001 -- the message is here; only the customer's spinner turns longer
        log.info("not acknowledged", channel=str(channel_id), error=in_short(error))
