"""Connecting a number for SMS."""

from django import forms
from django.utils.translation import gettext_lazy

from conversations.channels.connection import Checked
from conversations.channels.twilio import api, connection, hooks
from conversations.models import Channel


class SmsForm(connection.TwilioForm):
    """A number, or the messaging service that it belongs to."""

    messaging_service = forms.CharField(
        label=gettext_lazy("Messaging service SID"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Only when several numbers send together; it begins with MG."),
    )

    def clean_messaging_service(self) -> str:
        return self._sid("messaging_service", "MG")


class SmsConnection(connection.TwilioConnection):
    """Puente sets the number's webhook itself."""

    kind = "sms"
    form = SmsForm
    summary = gettext_lazy("Text messages of a number you have at Twilio.")
    steps = (
        gettext_lazy("In Twilio's console, buy a number that takes SMS, or choose one you have."),
        gettext_lazy("Copy the account SID and the auth token from the console's first page."),
        gettext_lazy("Enter both here with the number. We let its messages come to Puente."),
    )

    def check(self, channel: Channel) -> Checked:
        account = api.account_of(channel)
        address = hooks.incoming_address(self.kind, channel.pk)
        if channel.settings.get("messaging_service"):
            return connection.check_service(account, channel, address)
        return connection.check_number(account, channel, address)
