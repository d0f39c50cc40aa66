"""Connecting a phone system: it posts its calls to an address of ours."""

import secrets

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from conversations.channels.connection import Connection, ConnectionForm, Copied
from conversations.models import Channel


class CallsForm(ConnectionForm):
    """How the phone system proves itself."""

    signed_only = forms.BooleanField(
        label=gettext_lazy("Take signed calls only"),
        required=False,
        help_text=gettext_lazy("The token alone is not enough then."),
    )


class CallsConnection(Connection):
    """A phone: calls are written down by hand, or its system tells of them."""

    form = CallsForm
    summary = gettext_lazy("Calls in the same history: written down by hand, or told by your phone system.")
    steps = (
        gettext_lazy("Nothing is needed to write calls down by hand."),
        gettext_lazy("To have your phone system tell of calls, make a token on the next page."),
        gettext_lazy("Let it post each call to the address there, with the token or signed."),
    )
    has_token = True

    def made(self) -> dict[str, str]:
        return {"signing_key": secrets.token_urlsafe(32)}

    def copied(self, channel: Channel) -> list[Copied]:
        return [
            Copied(gettext_lazy("Address for calls"), f"{settings.BASE_URL}/hooks/calls/{channel.pk}/"),
            Copied(gettext_lazy("Key for signatures"), str(channel.secrets.get("signing_key", ""))),
        ]
