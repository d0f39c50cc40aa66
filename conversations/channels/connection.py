"""How a business connects a kind of channel: what it enters, what it copies, how it is tried."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy

from tenants.kit.text import one_line

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from conversations.models import Channel


class Address(NamedTuple):
    """A vendor's address in the directory, such as a phone-number id: it leads to one channel."""

    kind: str
    key: str


class Copied(NamedTuple):
    """Something to be copied from Puente into the vendor's own pages."""

    label: _StrPromise | str
    text: str


class Finding(NamedTuple):
    """One thing that was tried, and whether it works. Both sentences are msgids, for a person."""

    what: str
    works: bool
    said: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What trying a channel showed; what the vendor told of it is kept with the channel."""

    findings: list[Finding]
    address: str = ""  # as customers see it
    settings: dict[str, Any] = field(default_factory=dict)
    token_expires_at: datetime | None = None

    @property
    def problem(self) -> str:
        """Why nothing goes out; '' when all works."""
        return next((finding.said for finding in self.findings if not finding.works), "")


class ConnectionForm(forms.Form):
    """What every channel has. `secret_fields` are write-only: left empty, what we have stays."""

    secret_fields: ClassVar[tuple[str, ...]] = ()

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    is_active = forms.BooleanField(
        label=gettext_lazy("Active"),
        required=False,
        help_text=gettext_lazy("Switched off, nobody can write on it."),
    )

    def __init__(self, data: Any, *, channel: Channel) -> None:
        super().__init__(data, initial=self.initial_of(channel))
        self.kept = {name: channel.secrets.get(name, "") for name in self.secret_fields}
        if channel._state.adding:
            del self.fields["is_active"]
        for name in self.secret_fields:
            self._guard(self.fields[name], is_kept=bool(self.kept[name]))

    @staticmethod
    def _guard(secret: forms.Field, *, is_kept: bool) -> None:
        """A secret never comes back to the page; an empty one keeps what is there."""
        secret.widget = forms.PasswordInput(attrs={"autocomplete": "off"})
        secret.strip = True  # type: ignore[attr-defined]
        if is_kept:
            secret.required = False
            secret.widget.attrs["placeholder"] = gettext_lazy("Kept. Enter a new one to replace it.")

    def initial_of(self, channel: Channel) -> dict[str, Any]:
        """What stands in the fields that are no secrets."""
        plain = {
            name: channel.settings.get(name, "")
            for name in self.base_fields
            if name not in self.secret_fields
        }
        return plain | {"name": channel.name, "is_active": channel.is_active, "address": channel.address}

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"], 80)

    def changes(self) -> dict[str, Any]:
        """What `create_channel` and `update_channel` take: name, is_active, address, settings, secrets."""
        own = {"name", "is_active", "address"} & self.cleaned_data.keys()
        settings = self.cleaned_data.keys() - own - set(self.secret_fields)
        secrets = {name: value for name in self.secret_fields if (value := self.cleaned_data.get(name))}
        return {
            **{name: self.cleaned_data[name] for name in own},
            "settings": {name: self.cleaned_data[name] for name in settings},
            "secrets": secrets,
        }


class Connection:
    """The guided page of a kind of channel."""

    form: type[ConnectionForm] = ConnectionForm
    summary: _StrPromise | str = ""  # one line below the kind's title where one chooses
    steps: tuple[_StrPromise | str, ...] = ()  # what to do at the vendor, in order; shown before the fields
    vendor_page: str = ""  # where that is done
    offered: bool = True  # whether a business opens such a channel by hand
    has_token: bool = False  # whether its webhook asks for a bearer token that we make
    card: str = ""  # a template of its own on the channel's page, with what `page` gives

    def made(self) -> dict[str, str]:
        """Secrets that we make ourselves when the channel is opened, such as a verify token."""
        return {}

    def addresses(self, channel: Channel) -> Collection[Address]:
        """What the vendor calls this channel; none of them may belong to another channel."""
        return ()

    def copied(self, channel: Channel) -> list[Copied]:
        """What the business copies to the vendor: the webhook's address, our verify token."""
        return []

    def page(self, channel: Channel) -> dict[str, Any]:
        """What the template named by `card` shows."""
        return {}

    def can_check(self, channel: Channel) -> bool:
        """Whether there is something to try: by default, whether the kind has a check of its own."""
        return type(self).check is not Connection.check

    def check(self, channel: Channel) -> Checked:
        """Do at the vendor what the channel needs (set the webhook) and try it.

        Run by a worker, outside any scope: the channel is read, nothing else can be. Harmless when run
        twice. A `ChannelError` is shown by the caller as what does not work.
        """
        raise NotImplementedError
