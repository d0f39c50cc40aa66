"""The counter: there is nothing to connect."""

from django.utils.translation import gettext_lazy

from conversations.channels.connection import Connection


class VisitsConnection(Connection):
    """Opened with the first visit that is written down."""

    summary = gettext_lazy("Visits at the counter, written down by hand.")
    offered = False
