"""Phone calls: told of by people, by integrations and by phone systems. Nothing is sent to a phone."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy, gettext_noop

from conversations.channels.base import Adapter, Capabilities, ChannelError, Inbound
from conversations.channels.calls import incoming
from conversations.channels.calls.connection import CallsConnection
from conversations.models import Channel, Delivery, InboundEvent

SPOKEN = gettext_noop("Nobody can write on this channel. Choose another one.")


class SpokenAdapter(Adapter):
    """Where people speak with each other: there is nothing to write on."""

    capabilities = Capabilities(text_limit=0, attachments=False)

    def reaches(self, identity_kind: str) -> bool:
        return False

    def prepare(self, delivery: Delivery) -> Any:
        raise ChannelError(SPOKEN, permanent=True)


class CallsAdapter(SpokenAdapter):
    """A business's phone."""

    kind = "phone"
    title = gettext_lazy("Phone")
    icon = "phone"
    connection = CallsConnection()

    def parse(self, event: InboundEvent, channel: Channel) -> list[Inbound]:
        return incoming.read(event, channel)


adapter = CallsAdapter()
