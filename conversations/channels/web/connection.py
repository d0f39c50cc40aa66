"""Opening a web chat: one line on the business's site, and how it greets."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.channels.connection import Connection, ConnectionForm
from conversations.channels.web.identity import SECRET
from conversations.models import Channel
from tenants.kit.text import clean

PRECHAT = [
    ("name", gettext_lazy("Name")),
    ("email", gettext_lazy("E-mail")),
    ("phone", gettext_lazy("Phone")),
    ("reason", gettext_lazy("What it is about")),
]
MOST_ORIGINS = 50
_HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


class WebForm(ConnectionForm):
    """The chat on the business's site."""

    greeting = forms.CharField(
        label=gettext_lazy("Greeting"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The first thing a visitor reads. Left empty, we greet in his language."),
    )
    prechat = forms.MultipleChoiceField(
        label=gettext_lazy("Ask before the first message"),
        choices=PRECHAT,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Every question costs visitors. Nobody we know already is asked again."),
    )
    origins = forms.CharField(
        label=gettext_lazy("Sites that may carry it"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "https://www.example.com"}),
        help_text=gettext_lazy(
            "One address a line, such as https://shop.example.com. Left empty, every site may."
        ),
    )

    def initial_of(self, channel: Channel) -> dict[str, Any]:
        settings = channel.settings
        return super().initial_of(channel) | {
            "greeting": settings.get("greeting", ""),
            "prechat": settings.get("prechat", ["name", "email"]),
            "origins": "\n".join(settings.get("origins") or []),
        }

    def clean_greeting(self) -> str:
        return clean(self.cleaned_data["greeting"], 300)

    def clean_origins(self) -> list[str]:
        lines = [line.strip() for line in clean(self.cleaned_data["origins"]).splitlines() if line.strip()]
        if len(lines) > MOST_ORIGINS:
            raise ValidationError(_("At most %(most)s sites.") % {"most": MOST_ORIGINS})
        return list(dict.fromkeys(_origin(line) for line in lines))

    def changes(self) -> dict[str, Any]:
        chosen = {name: self.cleaned_data[name] for name in ("greeting", "prechat", "origins")}
        return super().changes() | {"settings": chosen}


def _origin(line: str) -> str:
    """Scheme, host and port of an address as typed. Raises `ValidationError`."""
    typed = line if "://" in line else f"https://{line}"
    try:
        parts = urlsplit(typed.lower())
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        parts, port = urlsplit(""), ""
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        raise ValidationError(_("“%(line)s” is not the address of a site.") % {"line": line})
    return f"{parts.scheme}://{host}{port}"


class WebConnection(Connection):
    """The chat needs nobody's permission: one line of HTML."""

    form = WebForm
    summary = gettext_lazy("A chat on your own site: one line to copy.")
    card = "conversations/channels/web.html"

    def page(self, channel: Channel) -> dict[str, Any]:
        script = f"{settings.BASE_URL}/widget.js"
        snippet = f'<script src="{script}" data-channel="{channel.pk}" async></script>'
        return {"snippet": snippet, "has_identity_secret": bool(channel.secrets.get(SECRET))}
