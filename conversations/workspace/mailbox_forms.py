"""How a business's mail reaches us from its provider: by IMAP, or by the provider's webhooks."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.channels.email.connections import GRANT, PASSWORD
from conversations.channels.email.webhooks import PROVIDERS
from conversations.models import Channel
from tenants.kit.text import one_line

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?")
# What the large providers use; others are guessed from the address.
_KNOWN = {
    "gmail.com": ("imap.gmail.com", "smtp.gmail.com", 465),
    "icloud.com": ("imap.mail.me.com", "smtp.mail.me.com", 587),
    "yahoo.com": ("imap.mail.yahoo.com", "smtp.mail.yahoo.com", 465),
    "zoho.com": ("imap.zoho.com", "smtp.zoho.com", 465),
    "fastmail.com": ("imap.fastmail.com", "smtp.fastmail.com", 465),
    "uol.com.br": ("imap.uol.com.br", "smtps.uol.com.br", 587),
}
_SECRET = forms.PasswordInput(attrs={"autocomplete": "new-password"})


class MailboxForm(forms.Form):
    """A mailbox at a mail provider."""

    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=254,
        help_text=gettext_lazy("Mostly the address itself."),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=500,
        required=False,
        strip=False,
        widget=_SECRET,
        help_text=gettext_lazy(
            "With Gmail, iCloud and Yahoo an app password, made in their security settings. Kept encrypted"
            " and never shown; left empty, the one we have stays."
        ),
    )
    host = forms.CharField(label=gettext_lazy("Server for receiving (IMAP)"), max_length=253)
    port = forms.IntegerField(
        label=gettext_lazy("Port for receiving"),
        min_value=1,
        max_value=65_535,
        help_text=gettext_lazy("993 nearly everywhere. Only encrypted connections are made."),
    )
    folder = forms.CharField(label=gettext_lazy("Folder"), max_length=200)
    smtp_host = forms.CharField(
        label=gettext_lazy("Server for sending (SMTP)"),
        max_length=253,
        required=False,
        help_text=gettext_lazy("Left empty, answers leave by the mail server of this installation."),
    )
    smtp_port = forms.IntegerField(
        label=gettext_lazy("Port for sending"),
        min_value=1,
        max_value=65_535,
        required=False,
        help_text=gettext_lazy("465, or 587 where that is refused."),
    )

    def __init__(self, data: Any, *, channel: Channel) -> None:
        self.has_password = bool(channel.secrets.get(PASSWORD) or channel.secrets.get(GRANT))
        super().__init__(data, initial=channel.settings.get("mailbox") or _guess(channel.address))

    def clean_username(self) -> str:
        return one_line(self.cleaned_data["username"], 254)

    def clean_folder(self) -> str:
        return one_line(self.cleaned_data["folder"], 200)

    def clean_host(self) -> str:
        return _host(self.cleaned_data["host"])

    def clean_smtp_host(self) -> str:
        return _host(self.cleaned_data["smtp_host"]) if self.cleaned_data["smtp_host"].strip() else ""

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not password and not self.has_password:
            raise ValidationError(_("Enter the password."))
        if not password.isprintable():
            raise ValidationError(_("This password holds what cannot be typed."))
        return password

    def mailbox(self) -> dict[str, Any]:
        """What `connect_mailbox` keeps."""
        kept = {name: self.cleaned_data[name] for name in ("host", "port", "username", "folder", "smtp_host")}
        return kept | {"smtp_port": self.cleaned_data["smtp_port"] or 465}


def _host(typed: str) -> str:
    host = one_line(typed, 253).lower()
    if not _HOST.fullmatch(host):
        raise ValidationError(_("“%(host)s” is not the name of a server.") % {"host": host})
    return host


def _guess(address: str) -> dict[str, Any]:
    domain = address.rpartition("@")[2]
    if domain == settings.MAIL_DOMAIN:  # the address we gave: the mailbox is another one
        return {"port": 993, "folder": "INBOX", "smtp_port": 465}
    imap, smtp, smtp_port = _KNOWN.get(domain, (f"imap.{domain}", f"smtp.{domain}", 465))
    return {
        "username": address,
        "host": imap,
        "port": 993,
        "folder": "INBOX",
        "smtp_host": smtp,
        "smtp_port": smtp_port,
    }


class GrantForm(forms.Form):
    """Whose mailbox is entered by permission instead of password."""

    username = forms.EmailField(label=gettext_lazy("Address of the mailbox"), max_length=254)

    def __init__(self, data: Any, *, channel: Channel) -> None:
        mailbox = channel.settings.get("mailbox") or {}
        username = mailbox.get("username") or _guess(channel.address).get("username", "")
        super().__init__(data, initial={"username": username}, prefix="grant")


class ProviderForm(forms.Form):
    """A provider that brings mail and reports by webhooks."""

    provider = forms.ChoiceField(
        label=gettext_lazy("Provider"),
        choices=[("", "—"), *((slug, provider.title) for slug, provider in PROVIDERS.items())],
        required=False,
    )
    signing_key = forms.CharField(
        label=gettext_lazy("Key of its signatures"),
        max_length=1_000,
        required=False,
        widget=_SECRET,
        help_text=gettext_lazy(
            "Mailgun's HTTP webhook signing key, or SendGrid's verification key. Then what it signs needs"
            " no token. Left empty, the one we have stays."
        ),
    )
    provider_key = forms.CharField(
        label=gettext_lazy("API key"),
        max_length=1_000,
        required=False,
        widget=_SECRET,
        help_text=gettext_lazy("Brevo keeps attached files: its API key fetches them."),
    )

    def __init__(self, data: Any, *, channel: Channel) -> None:
        super().__init__(data, initial={"provider": channel.settings.get("provider", "")})

    def _key(self, name: str) -> str:
        key = self.cleaned_data[name].strip()
        if not (key.isascii() and key.isprintable()):
            raise ValidationError(_("A key has only letters, digits and signs."))
        return str(key)

    def clean_signing_key(self) -> str:
        return self._key("signing_key")

    def clean_provider_key(self) -> str:
        return self._key("provider_key")
