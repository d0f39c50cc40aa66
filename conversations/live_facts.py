"""What a business can tell at any moment without having written it: its hours, a customer's order …

A fact has an entry that the index finds it by, as it finds articles; its identifier is `fact:` and the kind.
Where an article answers the same, the article is found, and the fact speaks where it knows more: of the day
that is asked for, of the order that is his. A fact with nothing to say answers None, and the bot goes on as
if it did not know it. What belongs to the parts stands in conversations/facts/.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists
from django.utils import timezone, translation

from conversations.bot import language as languages
from conversations.bot import normalise
from conversations.bot.dialogue import Check
from conversations.bot.retrieve import Entry
from conversations.facts import opening, place, records, shelves
from conversations.facts.asking import WAYS, kind_of
from conversations.facts.settling import PREFIX, entry_of
from conversations.facts.wares import asks_for
from crm.models import Appointment, Customer, Order, Payment, Product
from tenants import formats, hours
from tenants.kit.ratelimit import Use, allow_all, is_spent
from tenants.models import SpecialDay, Tenant
from tenants.queries import own

__all__ = [
    "PREFIX", "WAYS", "Asked", "answer", "check", "collected_as", "entries", "kind_of_entry",
    "kind_of_wordings", "kinds",
]  # fmt: skip

PERSONAL = {"order": "identity", "appointment": "identity_appointment", "payment": "identity_payment"}
"""What is a customer's, and the text that asks for its number."""
TRIES, WITHIN = 6, 3_600  # of one customer to show that something is his, within seconds
TRIES_OF_ALL, OF_ALL_WITHIN = 10, 86_400
"""Of everybody together: to show whose one number is, or with one telephone or address."""


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
    """What he was asked before, one of dialogue.CHECKS."""
    number: str = ""
    """Of his order, appointment or payment, as he gave it before."""
    may_prove: bool = False
    """Whether he asks now: what is tried out or played again shows nothing and costs no attempt."""


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
    asked = _asked_of(kind, asked)
    return _told_to_who_is_sure(kind, asked) or _told_to_who_proves(kind, asked)


def _asked_of(kind: str, asked: Asked) -> Asked:
    """Without what was begun to be checked for something else."""
    is_same = asked.checking.startswith(f"{kind}_")
    return asked if is_same else replace(asked, checking="", number="")


def _told_to_who_is_sure(kind: str, asked: Asked) -> str:
    if kind == "order" and (own := records.own_order(asked.customer, asked.text)):
        return own
    if not asked.is_sure or asked.checking:
        return ""
    if kind == "order":
        return records.order(asked.customer)
    if kind == "appointment":
        return records.appointment(asked.customer, asked.at)
    return records.payment(asked.customer)


def _told_to_who_proves(kind: str, asked: Asked) -> str:
    """The status of what is not known as his: by its number and what proves him."""
    number = _number(asked)
    proofs = records.proofs_in(asked.text, number) if number else []
    if len(proofs) != 1 or not asked.may_prove or not allow_all(_uses(asked, number, proofs[0])):
        return ""
    return records.proven(kind, number, proofs[0])


def _number(asked: Asked) -> str:
    if asked.checking.endswith("_owner"):
        return asked.number
    return next(iter(records.numbers_in(asked.text)), "")


def _uses(asked: Asked, number: str, proof: str) -> list[Use]:
    here, ending = own().pk, proof if "@" in proof else proof[-records.ENDING :]
    return [
        Use("proof-by", str(asked.customer.pk), TRIES, WITHIN),
        Use("proof-of", f"{here} {number.upper()}", TRIES_OF_ALL, OF_ALL_WITHIN),
        Use("proof-with", f"{here} {ending}", TRIES_OF_ALL, OF_ALL_WITHIN),
    ]


def collected_as(checking: str) -> str:
    """The fact of a dialogue that holds the number somebody was asked for."""
    return "appointment" if checking.startswith("appointment") else "order"


def check(kind: str, asked: Asked) -> Check | None:
    """What to ask next of somebody to whom nothing of his could be told; None where it is not that.

    Without anything left to ask, `pending` is "": a person looks.
    """
    if kind not in PERSONAL:
        return None
    asked = _asked_of(kind, asked)
    number = _number(asked)
    proofs = records.proofs_in(asked.text, number) if number else []
    is_over = len(proofs) == 1 and asked.may_prove and is_spent(_uses(asked, number, proofs[0]))
    if is_over or not (number or asked.checking or records.has_numbers(kind)):
        return Check()
    if asked.checking != f"{kind}_owner" and number:
        return Check(f"{kind}_owner", "identity_owner", number, collected_as(kind))
    if not asked.checking:
        return Check(f"{kind}_number", PERSONAL[kind])
    if len(proofs) > 1:
        return Check(f"{kind}_owner", "identity_one", is_refused=True)
    return Check(f"{kind}_number", "identity_wrong", is_refused=True)
