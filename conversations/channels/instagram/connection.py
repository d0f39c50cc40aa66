"""Connecting an Instagram account (Graph API v24.0). Source: conversations/channels/meta/connecting.py."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy, gettext_noop

from conversations.channels.connection import Checked, Finding
from conversations.channels.meta import connecting, networks, values
from conversations.channels.meta.networks import Account
from conversations.models import Channel

ACCOUNT = gettext_noop("The account")
OTHER_ACCOUNT = gettext_noop("The token belongs to another Instagram account. Enter that account's number.")
NO_ACCOUNT = gettext_noop("No Instagram account is linked to this page. Link it in the page's settings.")
FIELDS = (
    "messages",
    "messaging_postbacks",
    "messaging_seen",
    "messaging_referral",
    "message_reactions",
)
PAGE_FIELDS = ("messages", "messaging_postbacks", "messaging_referrals", "message_reactions")


class InstagramForm(connecting.MetaForm):
    """What Meta's pages show of an account."""

    account_id = forms.CharField(
        label=gettext_lazy("Instagram account ID"), validators=[connecting.digits], max_length=30
    )
    page_id = forms.CharField(
        label=gettext_lazy("Page ID"),
        validators=[connecting.digits],
        max_length=30,
        required=False,
        help_text=gettext_lazy("Only where you log in by the Facebook page that the account is linked to."),
    )
    meta_app_secret = forms.CharField(
        label=gettext_lazy("App secret at Meta"),
        validators=[connecting.printable],
        max_length=1_000,
        required=False,
        help_text=gettext_lazy("Of “App settings, Basic”: Meta may sign with this one or with Instagram's."),
    )
    secret_fields: ClassVar[tuple[str, ...]] = ("access_token", "app_secret", "meta_app_secret")
    field_order = ("name", "account_id", "page_id", "access_token", "app_secret", "meta_app_secret")

    def clean(self) -> None:
        if self.cleaned_data.get("meta_app_secret") and not self.cleaned_data.get("app_secret"):
            self.cleaned_data["app_secret"] = self.cleaned_data["meta_app_secret"]
        super().clean()


class InstagramConnection(connecting.MetaConnection):
    """An account whose messages and comments come here."""

    form = InstagramForm
    network = networks.INSTAGRAM
    summary = gettext_lazy("Your Instagram account: its messages, story replies, and comments.")
    steps = (
        gettext_lazy("On Instagram, make the account a professional one, and allow access to messages."),
        gettext_lazy("Open your app at Meta for Developers and add the product Instagram."),
        gettext_lazy("Under “API setup with Instagram login”, add your account and generate its token."),
        gettext_lazy(
            "Copy the Instagram app secret from the same page, and the app secret of “App settings, Basic”."
        ),
        gettext_lazy(
            "When the channel is open here, give your app its callback URL and verify token, and choose the"
            " fields messages, messaging_postbacks, messaging_seen, message_reactions and comments."
        ),
        gettext_lazy("To answer up to seven days later, ask for the feature Human Agent in the app review."),
    )

    def check(self, channel: Channel) -> Checked:
        """Read the account, subscribe our app to what happens on it, and ask until when the token lives."""
        account = networks.account_of(channel)
        own = str(channel.settings.get("account_id") or "")
        if account.by_page:
            return self._check_page(account, own)
        told = connecting.known(account, "me", "user_id,id,username,name")
        shown = f"@{values.text(told.get('username'), 60)}"
        if own not in {values.text(told.get("user_id"), 60), values.text(told.get("id"), 60)}:
            return Checked([Finding(ACCOUNT, False, OTHER_ACCOUNT)])
        found = values.text(told.get("user_id"), 60) or own  # events name it so
        findings = [Finding(ACCOUNT, True, shown), *connecting.subscribed(account, FIELDS, "comments")]
        return Checked(findings, address=shown, settings={"account_id": found})

    def _check_page(self, account: Account, own: str) -> Checked:
        told = connecting.known(account, account.id, "name,instagram_business_account{id,username}")
        linked: Any = values.mapping(told.get("instagram_business_account"))
        if not linked:
            return Checked([Finding(ACCOUNT, False, NO_ACCOUNT)])
        if values.text(linked.get("id"), 60) != own:
            return Checked([Finding(ACCOUNT, False, OTHER_ACCOUNT)])
        shown = f"@{values.text(linked.get('username'), 60)}"
        findings = [Finding(ACCOUNT, True, shown), *connecting.subscribed(account, PAGE_FIELDS, "feed")]
        return Checked(findings, address=shown, token_expires_at=connecting.expiry(account))
