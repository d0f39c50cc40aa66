"""What the audit page calls each act. Apps above add theirs when they start."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.models import AuditEvent
from tenants.permissions import Role, Sees

_words: dict[str, Any] = {
    "business.created": _("Business opened"),
    "business.updated": _("Business profile saved"),
    "special_day.set": _("Special day set"),
    "special_day.deleted": _("Special day removed"),
    "step.dismissed": _("Step of the first ten minutes put aside"),
    "member.updated": _("Member changed"),
    "member.available": _("Member available"),
    "member.away": _("Member away"),
    "member.deactivated": _("Member's access ended"),
    "member.reactivated": _("Member's access given back"),
    "team.created": _("Team created"),
    "team.updated": _("Team changed"),
    "team.deleted": _("Team deleted"),
    "invite.created": _("Colleague invited"),
    "invite.resent": _("Invitation sent again"),
    "invite.revoked": _("Invitation revoked"),
    "invite.accepted": _("Invitation accepted"),
    "api_key.created": _("API key created"),
    "api_key.revoked": _("API key revoked"),
}

_details: dict[str, Any] = {
    "name": _("name"),
    "email": _("e-mail"),
    "role": _("role"),
    "sees": _("sees"),
    "capacity": _("open conversations at once"),
    "scopes": _("allowed to"),
    "date": _("date"),
    "hours": _("hours"),
    "step": _("step"),
    "kind": _("kind"),
    "before": _("before"),
    "country": _("country"),
    "region": _("state or province"),
    "timezone": _("time zone"),
    "currency": _("currency"),
    "language": _("language"),
    "keeps_holidays": _("closed on public holidays"),
    "assignment": _("assignment"),
    "reopen_hours": _("reopening window in hours"),
    "accent": _("colour"),
}


def register(words: Mapping[str, Any]) -> None:
    """Name further acts."""
    _words.update(words)


def word(action: str) -> str:
    """The name of an act; an unnamed one shows its code."""
    return str(_words.get(action, action))


def choices() -> list[tuple[str, str]]:
    """Code and name of every act, by name."""
    return sorted(((action, str(name)) for action, name in _words.items()), key=lambda pair: pair[1])


def lines(event: AuditEvent) -> list[str]:
    """What an event says about its act, one fact per line; changes read as before → after."""
    found = []
    for key, value in event.details.items():
        if key == "changes":
            found += [f"{_detail(name)}: {_plain(old)} → {_plain(new)}" for name, (old, new) in value.items()]
        elif value not in ("", None, []):
            found.append(f"{_detail(key)}: {_plain(value)}")
    return found


def _detail(key: str) -> str:
    return str(_details.get(key, key.replace("_", " ")))


def _plain(value: Any) -> str:
    """A value of JSON as a person reads it."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return (
            ", ".join("–".join(map(str, item)) if isinstance(item, list) else str(item) for item in value)
            or "–"
        )
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items())
    named = {**dict(Role.choices), **dict(Sees.choices)}
    return str(named.get(str(value), value)) or "–"
