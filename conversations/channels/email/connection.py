"""Opening an e-mail address: what customers write to; its mailbox is connected on a page of its own."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy, gettext_noop

from conversations.channels.connection import Checked, Connection, ConnectionForm, Finding
from conversations.channels.email import connections, imap, oauth
from conversations.channels.email.connections import Account, MailboxProblem
from conversations.models import Channel
from tenants.kit.text import one_line

RECEIVING = gettext_noop("Receiving mail")
SENDING = gettext_noop("Sending mail")
WORKS = gettext_noop("Works")
BY_INSTALLATION = gettext_noop("Answers leave by the mail server of this installation")


class EmailForm(ConnectionForm):
    """A mailbox of the business."""

    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=254,
        help_text=gettext_lazy("What customers write to, and what our answers come from."),
        widget=forms.EmailInput,
    )
    sender_name = forms.CharField(
        label=gettext_lazy("Sender's name"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Left empty, answers come from the name of the business."),
    )

    def initial_of(self, channel: Channel) -> dict[str, Any]:
        return super().initial_of(channel) | {
            "address": channel.address,
            "sender_name": channel.settings.get("sender_name", ""),
        }

    def clean_address(self) -> str:
        address = one_line(self.cleaned_data["address"], 254).lower()
        validate_email(address)
        return address

    def clean_sender_name(self) -> str:
        return one_line(self.cleaned_data["sender_name"], 100)

    def changes(self) -> dict[str, Any]:
        return super().changes() | {
            "address": self.cleaned_data["address"],
            "settings": {"sender_name": self.cleaned_data["sender_name"]},
        }


class EmailConnection(Connection):
    """Mail is posted to us by a relay, brought by a provider's webhooks, or read from a mailbox."""

    form = EmailForm
    summary = gettext_lazy("An address your customers write to: your own mailbox, or mail forwarded to us.")
    has_token = True
    card = "conversations/channels/email.html"

    def page(self, channel: Channel) -> dict[str, Any]:
        return {"hook": f"{settings.BASE_URL}/hooks/email/{channel.pk}/"}

    def can_check(self, channel: Channel) -> bool:
        return bool(channel.settings.get("mailbox"))

    def check(self, channel: Channel) -> Checked:
        """Log in for receiving and for sending, and say what works. Changes nothing."""
        folder = channel.settings["mailbox"]["folder"]
        findings = [_tried(RECEIVING, lambda: _log_in(connections.receiving(channel), folder))]
        account = connections.sending(channel)
        if account is None:
            return Checked([*findings, Finding(SENDING, True, BY_INSTALLATION)])
        return Checked([*findings, _tried(SENDING, lambda: _log_in_for_sending(account))])


def _tried(what: str, attempt: Any) -> Finding:
    try:
        attempt()
    except MailboxProblem as problem:
        return Finding(what, False, problem.reason)
    return Finding(what, True, WORKS)


def _log_in(account: Account, folder: str) -> None:
    with imap.open_mailbox(oauth.with_token(account), folder):
        pass


def _log_in_for_sending(account: Account) -> None:
    with connections.smtp(oauth.with_token(account)):
        pass
