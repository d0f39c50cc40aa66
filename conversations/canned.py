"""Canned replies: fixed names in double braces, with words to fall back on. No code, no attributes.

Hola {{ customer.first_name | buen día }}, te atiende {{ agent.name }}.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.models import Conversation
from tenants.kit.text import INSIDE
from tenants.models import Membership, Tenant

NAMES = {
    "customer.name": gettext_lazy("the customer's full name"),
    "customer.first_name": gettext_lazy("the customer's first name"),
    "customer.company": gettext_lazy("the customer's company"),
    "agent.name": gettext_lazy("your full name"),
    "agent.first_name": gettext_lazy("your first name"),
    "business.name": gettext_lazy("the name of the business"),
    "conversation.subject": gettext_lazy("the subject of the conversation"),
}
_HOLE = re.compile(r"\{\{(" + INSIDE + r")\}\}")
_LOOSE = re.compile(r"\{\{|\}\}")


class BadTemplate(ValueError):
    """A text with a name we do not know, or braces that do not close. Says what to change."""


@dataclass(frozen=True, slots=True)
class Hole:
    """One place to fill in."""

    name: str
    fallback: str


def _hole(inside: str) -> Hole:
    name, _bar, fallback = inside.partition("|")
    return Hole(name.strip(), fallback.strip())


def check(text: str) -> None:
    """Raise `BadTemplate` when the text cannot be filled in."""
    for inside in _HOLE.findall(text):
        hole = _hole(inside)
        if hole.name not in NAMES:
            raise BadTemplate(
                _("There is nothing called “%(name)s”. You can use: %(known)s.")
                % {"name": hole.name, "known": ", ".join(NAMES)}
            )
    if _LOOSE.search(_HOLE.sub("", text)):
        raise BadTemplate(_("A pair of braces is not closed: write names as {{ customer.name }}."))


def values_for(conversation: Conversation, member: Membership | None, tenant: Tenant) -> dict[str, str]:
    """What the names stand for in one conversation; without a member there is no agent."""
    customer = conversation.customer
    return values_of(
        member, tenant, name=customer.name, company=customer.company, subject=conversation.subject
    )


def values_of(
    member: Membership | None, tenant: Tenant, *, name: str, company: str = "", subject: str = ""
) -> dict[str, str]:
    """What the names stand for with a customer of that name."""
    return {
        "customer.name": name,
        "customer.first_name": _first(name),
        "customer.company": company,
        "agent.name": member.user.name if member else "",
        "agent.first_name": _first(member.user.name) if member else "",
        "business.name": tenant.name,
        "conversation.subject": subject,
    }


def fill(text: str, values: dict[str, str]) -> str:
    """The text with every name replaced; by its fallback, or nothing, where the value is empty."""

    def value(match: re.Match[str]) -> str:
        hole = _hole(match[1])
        return values.get(hole.name, "") or hole.fallback

    filled = _HOLE.sub(value, text)
    return _tidy(filled) if filled != text else text


def missing(text: str, values: dict[str, str]) -> Iterable[str]:
    """The names in a text that have neither value nor fallback."""
    holes = (_hole(inside) for inside in _HOLE.findall(text))
    return [hole.name for hole in holes if not values.get(hole.name) and not hole.fallback]


def _first(name: str) -> str:
    return next(iter(name.split()), "")


def _tidy(text: str) -> str:
    """What an empty place leaves behind: a space before a comma, two spaces."""
    return re.sub(r"[ \t]+([,.!?;:])", r"\1", re.sub(r"[ \t]{2,}", " ", text))
