"""Connecting a Facebook page (Graph API v24.0). Source: see conversations/channels/meta/connecting.py."""

from django import forms
from django.utils.translation import gettext_lazy, gettext_noop

from conversations.channels.connection import Checked, Finding
from conversations.channels.meta import connecting, networks, values
from conversations.models import Channel

PAGE = gettext_noop("The page")
FIELDS = (
    "messages",
    "message_echoes",
    "message_edits",
    "message_deliveries",
    "message_reads",
    "message_reactions",
    "messaging_postbacks",
    "messaging_referrals",
    "messaging_optins",
    "messaging_policy_enforcement",
)


class MessengerForm(connecting.MetaForm):
    """What Meta's pages show of a page."""

    page_id = forms.CharField(
        label=gettext_lazy("Page ID"),
        validators=[connecting.digits],
        max_length=30,
        help_text=gettext_lazy("On Facebook: your page, About, Page transparency."),
    )
    field_order = ("name", "page_id", "access_token", "app_secret")


class MessengerConnection(connecting.MetaConnection):
    """A page whose messages and comments come here."""

    form = MessengerForm
    network = networks.MESSENGER
    summary = gettext_lazy("Your Facebook page: its messages, and the comments below its posts.")
    steps = (
        gettext_lazy("Open your app at Meta for Developers and add the product Messenger."),
        gettext_lazy("Under “Messenger API settings”, connect your page and generate its token."),
        gettext_lazy("Under “App settings, Basic”, copy the app secret."),
        gettext_lazy(
            "When the channel is open here, give your app its callback URL and verify token, and choose the"
            " fields messages, message_echoes, messaging_postbacks, message_reads and feed."
        ),
        gettext_lazy("To answer up to seven days later, ask for the feature Human Agent in the app review."),
    )

    def check(self, channel: Channel) -> Checked:
        """Read the page, subscribe our app to what happens on it, and ask until when the token lives."""
        account = networks.account_of(channel)
        page = connecting.known(account, account.id, "name,username")
        name = values.text(page.get("name"), 150)
        findings = [
            Finding(PAGE, True, name or connecting.WORKS),
            *connecting.subscribed(account, FIELDS, "feed"),
        ]
        return Checked(findings, address=name, token_expires_at=connecting.expiry(account))
