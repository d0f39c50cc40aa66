"""What the audit page calls each act. Apps above add theirs when they start."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

_words: dict[str, Any] = {
    "business.created": _("Business opened"),
    "business.updated": _("Business profile saved"),
    "special_day.set": _("Special day set"),
    "special_day.deleted": _("Special day removed"),
    "step.dismissed": _("Step of the first ten minutes put aside"),
    "member.updated": _("Member changed"),
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


def register(words: Mapping[str, Any]) -> None:
    """Name further acts."""
    _words.update(words)


def word(action: str) -> str:
    """The name of an act; an unnamed one shows its code."""
    return str(_words.get(action, action))


def choices() -> list[tuple[str, str]]:
    """Code and name of every act, by name."""
    return sorted(((action, str(name)) for action, name in _words.items()), key=lambda pair: pair[1])
