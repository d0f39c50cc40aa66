"""Connecting a WhatsApp number that Twilio looks after."""

from django.utils.translation import gettext_lazy

from conversations.channels.connection import Checked
from conversations.channels.twilio import api, connection, hooks
from conversations.models import Channel


class TwilioWhatsAppConnection(connection.TwilioConnection):
    """Puente sets the sender's webhook itself, but for the sandbox."""

    kind = "twilio_whatsapp"
    summary = gettext_lazy("A WhatsApp number that you have at Twilio instead of at Meta.")
    steps = (
        gettext_lazy("In Twilio's console, register a WhatsApp sender, or join the sandbox to try it."),
        gettext_lazy("Copy the account SID and the auth token from the console's first page."),
        gettext_lazy("Enter both here with the number. We let its messages come to Puente."),
    )

    def check(self, channel: Channel) -> Checked:
        address = hooks.incoming_address(self.kind, channel.pk)
        return connection.check_sender(api.account_of(channel), channel, address)
