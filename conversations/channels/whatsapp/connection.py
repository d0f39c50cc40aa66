"""Connecting a WhatsApp number (Cloud API v24.0).

Source: developers.facebook.com/docs/whatsapp/cloud-api/reference/phone-numbers,
…/whatsapp-business-account/subscribed_apps, …/graph-api/reference/debug_token.
"""

import secrets
from collections.abc import Collection
from datetime import UTC, datetime
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy, gettext_noop

from conversations.channels.base import ChannelError
from conversations.channels.connection import Address, Checked, Connection, ConnectionForm, Copied, Finding
from conversations.channels.meta import graph, values
from conversations.channels.whatsapp import errors
from conversations.models import Channel

NUMBER = gettext_noop("The number")
EVENTS = gettext_noop("Receiving messages")
WORKS = gettext_noop("Works")
_digits = RegexValidator(r"^[0-9]{5,30}$", gettext_lazy("This is a number of digits only."))
_printable = RegexValidator(r"^[!-~]{8,1000}$", gettext_lazy("A key has only letters, digits and signs."))


class WhatsAppForm(ConnectionForm):
    """What Meta's pages show of a number."""

    secret_fields = ("access_token", "app_secret")

    phone_number_id = forms.CharField(
        label=gettext_lazy("Phone number ID"), validators=[_digits], max_length=30
    )
    waba_id = forms.CharField(
        label=gettext_lazy("WhatsApp Business account ID"), validators=[_digits], max_length=30
    )
    access_token = forms.CharField(
        label=gettext_lazy("Access token"),
        validators=[_printable],
        max_length=1_000,
        help_text=gettext_lazy("Of a system user, so that it does not expire. Kept encrypted, never shown."),
    )
    app_secret = forms.CharField(
        label=gettext_lazy("App secret"),
        validators=[_printable],
        max_length=1_000,
        required=False,
        help_text=gettext_lazy("Proves that events come from Meta. Kept encrypted, never shown."),
    )

    def clean(self) -> None:
        super().clean()
        given = self.cleaned_data.get("app_secret") or self.kept.get("app_secret")
        if not given and not settings.META_APP_SECRET:
            self.add_error("app_secret", gettext_lazy("Enter the secret of your app at Meta."))


class WhatsAppConnection(Connection):
    """A number of the Cloud API, by the business's own app or by this installation's."""

    form = WhatsAppForm
    summary = gettext_lazy("Your own WhatsApp number, by Meta's Cloud API.")
    vendor_page = "https://developers.facebook.com/apps/"
    steps = (
        gettext_lazy("Open your app at Meta for Developers and add the product WhatsApp."),
        gettext_lazy("Under “API setup”, copy the phone number ID and the account ID."),
        gettext_lazy(
            "In the business settings, make a system user with the permissions whatsapp_business_messaging"
            " and whatsapp_business_management, and generate its token."
        ),
        gettext_lazy("Under “App settings, Basic”, copy the app secret."),
    )

    def made(self) -> dict[str, str]:
        return {"verify_token": secrets.token_urlsafe(24)}

    def addresses(self, channel: Channel) -> Collection[Address]:
        named = {"whatsapp": "phone_number_id", "whatsapp_account": "waba_id"}
        found = ((kind, str(channel.settings.get(name) or "")) for kind, name in named.items())
        return [Address(kind, key) for kind, key in found if key]

    def copied(self, channel: Channel) -> list[Copied]:
        if not channel.secrets.get("app_secret"):
            return []  # the installation's app calls one address for all
        return [
            Copied(gettext_lazy("Callback URL"), f"{settings.BASE_URL}/hooks/whatsapp/{channel.pk}/"),
            Copied(gettext_lazy("Verify token"), str(channel.secrets.get("verify_token", ""))),
        ]

    def check(self, channel: Channel) -> Checked:
        """Read the number, subscribe our app to the account's events, and ask until when the token lives."""
        token = str(channel.secrets.get("access_token") or "")
        number = channel.settings.get("phone_number_id")
        fields = "display_phone_number,verified_name,quality_rating"
        known = graph.read(f"{number}?{urlencode({'fields': fields})}", token, errors.refusal)
        shown = values.text(known.get("display_phone_number"), 40)
        findings = [Finding(NUMBER, True, shown or WORKS), _subscribed(channel, token)]
        return Checked(findings, address=shown, token_expires_at=_expiry(token))


def _subscribed(channel: Channel, token: str) -> Finding:
    try:
        graph.order(f"{channel.settings.get('waba_id')}/subscribed_apps", token, {}, errors.refusal)
    except ChannelError as error:
        return Finding(EVENTS, False, error.reason)
    return Finding(EVENTS, True, WORKS)


def _expiry(token: str) -> datetime | None:
    """When Meta stops accepting the token; None where it never does or does not say."""
    try:
        answer = graph.read(f"debug_token?{urlencode({'input_token': token})}", token, errors.refusal)
    except ChannelError:  # only the app's own people may ask
        return None
    ends = values.number(values.mapping(answer.get("data")).get("expires_at"))
    return datetime.fromtimestamp(ends, UTC) if ends and 0 < ends < 32_503_680_000 else None
