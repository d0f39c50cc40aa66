"""What connecting Messenger and Instagram has in common (Graph API v24.0).

Source: developers.facebook.com/docs/messenger-platform/webhooks ("Connect your app"), …/graph-api/reference/
page/subscribed_apps, …/graph-api/reference/debug_token, …/documentation/instagram-platform/
webhooks ("Enable subscriptions"), …/instagram-api-with-instagram-login/get-started.
"""

import secrets
from collections.abc import Collection
from datetime import UTC, datetime
from typing import ClassVar
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy, gettext_noop

from conversations.channels.base import ChannelError
from conversations.channels.connection import Address, Connection, ConnectionForm, Copied, Finding
from conversations.channels.meta import errors, graph, values
from conversations.channels.meta.networks import Account, Network
from conversations.models import Channel

EVENTS = gettext_noop("Receiving messages")
COMMENTS = gettext_noop("Receiving comments")
WORKS = gettext_noop("Works")
NO_COMMENTS = gettext_noop(
    "The token may not read comments. Messages work; ask for the permission if you want them."
)
LATEST = 32_503_680_000  # the year 3000
digits = RegexValidator(r"^[0-9]{5,30}$", gettext_lazy("This is a number of digits only."))
printable = RegexValidator(r"^[!-~]{8,1000}$", gettext_lazy("A key has only letters, digits and signs."))


class MetaForm(ConnectionForm):
    """The token and the app's secret."""

    secret_fields: ClassVar[tuple[str, ...]] = ("access_token", "app_secret")

    access_token = forms.CharField(
        label=gettext_lazy("Access token"),
        validators=[printable],
        max_length=1_000,
        help_text=gettext_lazy("Of the page or account. Kept encrypted, never shown."),
    )
    app_secret = forms.CharField(
        label=gettext_lazy("App secret"),
        validators=[printable],
        max_length=1_000,
        required=False,
        help_text=gettext_lazy("Proves that events come from Meta. Kept encrypted, never shown."),
    )

    def clean(self) -> None:
        super().clean()
        given = self.cleaned_data.get("app_secret") or self.kept.get("app_secret")
        if not given and not settings.META_APP_SECRET:
            self.add_error("app_secret", gettext_lazy("Enter the secret of your app at Meta."))


class MetaConnection(Connection):
    """A page or account, by the business's own app or by this installation's."""

    form = MetaForm
    vendor_page = "https://developers.facebook.com/apps/"
    network: Network

    def made(self) -> dict[str, str]:
        return {"verify_token": secrets.token_urlsafe(24)}

    def addresses(self, channel: Channel) -> Collection[Address]:
        key = str(channel.settings.get(self.network.account) or "")
        return [Address(self.network.kind, key)] if key else []

    def copied(self, channel: Channel) -> list[Copied]:
        if not channel.secrets.get("app_secret"):
            return []  # the installation's app calls one address for all
        hook = f"{settings.BASE_URL}/hooks/{self.network.kind}/{channel.pk}/"
        return [
            Copied(gettext_lazy("Callback URL"), hook),
            Copied(gettext_lazy("Verify token"), str(channel.secrets.get("verify_token", ""))),
        ]


def known(account: Account, path: str, fields: str) -> dict[str, object]:
    """What Meta says of a page or account. Raises `ChannelError`."""
    query = urlencode({"fields": fields})
    return graph.read(f"{path}?{query}", account.token, errors.refusal, account.api)


def subscribed(account: Account, fields: Collection[str], comments: str) -> list[Finding]:
    """Let our app hear of messages and comments; without the permission for comments, of messages alone."""
    path = f"{account.id}/subscribed_apps"

    def ask(named: Collection[str]) -> None:
        data = {"subscribed_fields": ",".join(named)}
        graph.order(path, account.token, data, errors.refusal, account.api)

    try:
        ask([*fields, comments])
    except ChannelError as error:
        if error.channel_broken and error.reason == errors.TOKEN:
            return [Finding(EVENTS, False, error.reason)]
    else:
        return [Finding(EVENTS, True, WORKS), Finding(COMMENTS, True, WORKS)]
    try:
        ask(fields)
    except ChannelError as error:
        return [Finding(EVENTS, False, error.reason)]
    return [Finding(EVENTS, True, WORKS), Finding(COMMENTS, True, NO_COMMENTS)]


def expiry(account: Account) -> datetime | None:
    """When Meta stops accepting the token; None where it never does or does not say."""
    query = urlencode({"input_token": account.token})
    try:
        answer = graph.read(f"debug_token?{query}", account.token, errors.refusal)
    except ChannelError:  # only the app's own people may ask
        return None
    told = values.mapping(answer.get("data"))
    ends = values.number(told.get("expires_at")) or values.number(told.get("data_access_expires_at"))
    return datetime.fromtimestamp(ends, UTC) if ends and 0 < ends < LATEST else None
