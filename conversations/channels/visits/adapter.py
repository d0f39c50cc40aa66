"""Visits at the counter, written down by hand or by an integration."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, gettext_noop

from conversations.channels.base import Inbound, Unreadable
from conversations.channels.calls.adapter import SpokenAdapter
from conversations.channels.visits.connection import VisitsConnection
from conversations.models import Channel, InboundEvent

NO_EVENTS = gettext_noop("Nothing comes in by itself at a counter.")


class VisitsAdapter(SpokenAdapter):
    """The counter."""

    kind = "visit"
    title = gettext_lazy("Counter")
    icon = "store"
    connection = VisitsConnection()

    def parse(self, event: InboundEvent, channel: Channel) -> list[Inbound]:
        raise Unreadable(NO_EVENTS)


adapter = VisitsAdapter()
