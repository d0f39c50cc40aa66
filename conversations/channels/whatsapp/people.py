"""Who a customer is, as WhatsApp names him.

Source: developers.facebook.com/docs/whatsapp/cloud-api/business-scoped-user-ids (Cloud API v24.0).
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from conversations.channels.base import Unreadable
from conversations.channels.meta.values import mapping, mappings, text
from crm.identities import InvalidIdentity, canonical
from crm.models import Identity

NO_SENDER = gettext_noop("The sender's address is none that one could answer.")


@dataclass(frozen=True, slots=True)
class Person:
    """A customer, as the vendor names him: a number, an id of his own for this business, or both."""

    wa_id: str
    user_id: str
    name: str

    @property
    def identity(self) -> str:
        return self.wa_id or self.user_id

    @property
    def aliases(self) -> tuple[tuple[str, str], ...]:
        if not self.wa_id:
            return ()
        phone = f"+{self.wa_id.lstrip('+')}"
        known = [(str(Identity.Kind.WHATSAPP), self.user_id)] if self.user_id else []
        if _is_address(Identity.Kind.PHONE, phone):
            known.append((str(Identity.Kind.PHONE), phone))
        return tuple(known)


def find(item: dict[str, Any], value: dict[str, Any], number_name: str, user_name: str) -> Person:
    """The customer of a message or echo; the event's only contact where the message names him badly.

    Raises `Unreadable`.
    """
    contacts = list(mappings(value.get("contacts")))
    wa_id = number_of(item.get(number_name))
    user_id = id_of(item.get(user_name))
    theirs = [
        contact
        for contact in contacts
        if (wa_id and number_of(contact.get("wa_id")) == wa_id)
        or (user_id and id_of(contact.get("user_id")) == user_id)
    ]
    contact = theirs[0] if theirs else (contacts[0] if len(contacts) == 1 and not (wa_id or user_id) else {})
    wa_id = wa_id or number_of(contact.get("wa_id"))
    user_id = user_id or id_of(contact.get("user_id"))
    if not (wa_id or user_id):
        raise Unreadable(NO_SENDER)
    profile = mapping(contact.get("profile"))
    return Person(wa_id, user_id, text(profile.get("name"), 150) or text(profile.get("username"), 150))


def number_of(value: Any) -> str:
    """A number, or '' for what is none. Short ones get a plus: they would pass for a local number."""
    digits = text(value, 40)
    if not (digits.isascii() and digits.isdigit()):
        return ""
    found = digits if len(digits) > 10 else f"+{digits}"
    return found if _is_address(Identity.Kind.WHATSAPP, found) else ""


def id_of(value: Any) -> str:
    """A person's id for this business, or '' for what is none."""
    found = text(value, 200)
    has_country = found[:2].isalpha() and found[2:3] == "."
    return found if has_country and _is_address(Identity.Kind.WHATSAPP, found) else ""


def _is_address(kind: str, value: str) -> bool:
    try:
        canonical(kind, value, "")
    except InvalidIdentity:
        return False
    return True
