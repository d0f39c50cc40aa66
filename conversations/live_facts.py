"""What a business can tell at any moment without having written it: its hours, a customer's order …

A fact has an entry that the index finds it by, as it finds articles; its identifier is `fact:` and the kind.
Where an article answers the same, the article is found, and the fact speaks where it knows more: of the day
that is asked for, of the order that is his. A fact with nothing to say answers None, and the bot goes on as
if it did not know it. What belongs to the parts stands in conversations/facts/.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists
from django.utils import timezone, translation

from conversations.bot import language as languages
from conversations.bot import normalise
from conversations.bot.retrieve import Entry
from conversations.facts import opening, place, records, shelves
from conversations.facts.asking import WAYS, kind_of
from conversations.facts.settling import PREFIX, entry_of
from conversations.facts.wares import asks_for
from crm.models import Appointment, Customer, Order, Payment, Product
from tenants import formats, hours
from tenants.kit.ratelimit import allow
from tenants.models import SpecialDay, Tenant
from tenants.queries import own

__all__ = [
    "CHECKS", "PREFIX", "WAYS", "Asked", "answer", "check", "entries", "kind_of_entry", "kind_of_wordings",
    "kinds",
]  # fmt: skip

PERSONAL = frozenset({"order", "appointment", "payment"})
NUMBER, OWNER = "order_number", "order_owner"
CHECKS = {NUMBER: "identity", OWNER: "identity_owner"}
"""What is asked of somebody who is not surely the customer, and the text that asks it."""
TRIES, WITHIN = 6, 3_600  # of one customer to name somebody's order, within seconds


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and what he wrote."""

    text: str
    language: str
    customer: Customer
    is_sure: bool
    """Whether it is certain enough who he is to speak of what is his."""
    at: datetime
    checking: str = ""
    """What he was asked before, one of CHECKS."""
    number: str = ""
    """The order's number he gave."""


def kinds() -> frozenset[str]:
    """What there is something to say of in this business. One query."""
    rows = {"order": Order, "appointment": Appointment, "payment": Payment}
    found = Tenant.objects.annotate(
        **{f"has_{kind}": Exists(model.objects.all()) for kind, model in rows.items()},
        has_product=Exists(Product.objects.sold()),
    ).get()
    told = {kind for kind in (*rows, "product") if getattr(found, f"has_{kind}")}
    if any(found.hours.values()):
        told.add("hours")
    if found.address:
        told.add("place")
    return frozenset(told)


def entries(language: str, among: frozenset[str] = frozenset(WAYS)) -> list[Entry]:
    """What facts are found by, in a language. Products are found by their names alone (facts/wares.py)."""
    spoken = language if language in languages.LANGUAGES else "es"
    return [entry_of(kind, spoken) for kind in WAYS if kind in among and kind != "product"]


def kind_of_entry(entry: str) -> str:
    """The kind of a fact's own entry; "" for an article's."""
    return entry.removeprefix(PREFIX) if entry.startswith(PREFIX) else ""


def kind_of_wordings(question: str, phrasings: list[str], language: str) -> str:
    """The fact that an article answers, too: most of its wordings ask for it and nothing besides."""
    spoken = language.partition("-")[0]
    kind = _kind(question, spoken)
    if not kind:
        return ""
    same = sum(_kind(one, spoken) == kind for one in phrasings)
    return kind if 2 * same >= len(phrasings) else ""


def _kind(text: str, language: str) -> str:
    return kind_of(normalise.expanded(normalise.tokens(text), language), language)


def answer(kind: str, asked: Asked, written: str = "") -> str | None:
    """What there is to say now, in the asker's language; None for nothing.

    `written` is the business's own answer to the same, given where the fact knows no more.
    """
    tenant = own()
    spoken = {"pt": "pt-br"}.get(asked.language, asked.language)
    with translation.override(spoken), timezone.override(tenant.zone), formats.written_in(tenant.country):
        return _told(kind, asked, written, tenant) or written or None


def _told(kind: str, asked: Asked, written: str, tenant: Tenant) -> str:
    if kind == "hours":
        calendar = hours.calendar_of(tenant, SpecialDay.objects.all())
        return opening.told(calendar, asked.at, asked.text, asked.language, written)
    if kind == "place":
        return place.told(tenant, written)
    if kind == "product":
        named = asks_for(shelves.shelf(asked.language), asked.text, asked.language)
        return shelves.told(named) if named and named.is_sure else ""
    return _told_of_him(kind, asked)


def _told_of_him(kind: str, asked: Asked) -> str:
    if kind == "order":
        own = records.own_order(asked.customer, asked.text)
        if not own and asked.is_sure and not asked.checking:
            own = records.order(asked.customer)
        return own or _proven_order(asked)
    if not asked.is_sure:
        return ""
    if kind == "appointment":
        return records.appointment(asked.customer, asked.at)
    return records.payment(asked.customer)


def _proven_order(asked: Asked) -> str:
    """The status of an order that is not known as his: by its number and what proves him."""
    numbers = [asked.number] if asked.checking == OWNER else records.numbers_in(asked.text)
    if not numbers or not records.proves(asked.text, numbers[0]):
        return ""
    if not allow("order-proof", str(asked.customer.pk), limit=TRIES, seconds=WITHIN):
        return ""
    return records.proven_order(numbers[0], asked.text)


def check(kind: str, asked: Asked) -> tuple[str, str]:
    """What to ask next of somebody of whom no order is known, one of CHECKS, and the number he gave.

    Both "" where nothing is left to ask.
    """
    if kind != "order" or asked.checking == OWNER:
        return "", ""
    numbers = records.numbers_in(asked.text)
    if numbers:
        return OWNER, numbers[0]
    return ("", "") if asked.checking else (NUMBER, "")
