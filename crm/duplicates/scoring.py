"""How sure it is that two customers are one person: the evidence of each field added up (Fellegi and Sunter).

Each field speaks in bits: how much likelier its agreement is among two records of one person than among two
people who merely share a key. What two fields say together is their sum, and the sum is a probability.
Only similarity of text comes from a library; the rest are numbers a person can read and argue about.
docs/one-customer.md has what they are measured at.
"""

from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from crm.duplicates import names
from crm.duplicates.portraits import Address, Portrait, is_verified

PRIOR = -9.0  # of two who share a key, about one pair in 500 is one person
SUGGESTED = 60  # from this score on a colleague is asked
SURE = 98

PHONE, NEAR_PHONE, OTHER_PHONE = 13.0, 5.5, -1.0
EMAIL, NEAR_EMAIL, SAME_LOCAL, OTHER_EMAIL = 14.0, 9.0, 6.0, -1.0
DOCUMENT, NEAR_DOCUMENT, OTHER_DOCUMENT = 14.0, 9.0, -5.0
BIRTH, NEAR_BIRTH, OTHER_BIRTH = 9.0, 5.0, -4.0
ORDER = 11.0
COMPANY, CITY, OTHER_CITY = 3.0, 2.5, -0.5
POSTCODE, OTHER_POSTCODE = 4.0, -0.5
ADDRESS, NEAR_ADDRESS, OTHER_ADDRESS = 7.0, 4.0, -1.0
GENERIC_TEXT = """
info contacto contato contact ventas vendas sales admin hola oi hello hi mail correo email ayuda soporte
suporte support help office oficina compras facturacion faturamento billing noreply no-reply gerencia
"""
GENERIC = frozenset(GENERIC_TEXT.split())  # names of mailboxes that every shop has


class Reason(NamedTuple):
    """A field that speaks for it."""

    why: str
    value: str
    bits: float


class Verdict(NamedTuple):
    """How sure it is, from 0 to 100, and why."""

    score: int
    reasons: list[Reason]
    is_certain: bool  # they share an address that was shown to be theirs

    @property
    def is_worth_asking(self) -> bool:
        return self.score >= SUGGESTED


def judge(one: Portrait, other: Portrait) -> Verdict:
    """Compare two customers, field by field."""
    parts = [
        *_phones(one, other),
        *_emails(one, other),
        *_documents(one, other),
        *_names(one, other),
        *_birth(one, other),
        *_orders(one, other),
        *_places(one, other),
    ]
    bits = PRIOR + sum(part.bits for part in parts)
    score = round(100 / (1 + 2 ** -max(-60.0, min(60.0, bits))))
    reasons = sorted((part for part in parts if part.bits > 0 and part.why), key=lambda part: -part.bits)
    return Verdict(score, reasons, _is_certain(one, other))


def _is_certain(one: Portrait, other: Portrait) -> bool:
    return any(
        is_verified([mine[key], theirs[key]])
        for mine, theirs in (
            (one.phones, other.phones),
            (one.emails, other.emails),
            (one.documents, other.documents),
        )
        for key in mine.keys() & theirs.keys()
    )


def _shared(mine: dict[str, Address], theirs: dict[str, Address]) -> str | None:
    key = min(mine.keys() & theirs.keys(), default=None)
    return mine[key].shown if key is not None else None


def _near(mine: Iterable[str], theirs: Iterable[str], shortest: int) -> bool:
    """Whether one slip of the finger makes one of the other."""
    return any(
        min(len(a), len(b)) >= shortest and OSA.distance(a, b, score_cutoff=1) == 1
        for a in mine
        for b in theirs
    )


def _phones(one: Portrait, other: Portrait) -> list[Reason]:
    if not one.phones or not other.phones:
        return []
    if (shown := _shared(one.phones, other.phones)) is not None:
        return [Reason("phone", shown, PHONE)]
    tails = {key[-8:] for key in one.phones} & {key[-8:] for key in other.phones}
    if tails or _near(one.phones, other.phones, 8):
        return [Reason("near_phone", _both(one.phones, other.phones), NEAR_PHONE)]
    return [Reason("", "", OTHER_PHONE)]


def _both(mine: dict[str, Address], theirs: dict[str, Address]) -> str:
    return f"{next(iter(mine.values())).shown} · {next(iter(theirs.values())).shown}"


def _emails(one: Portrait, other: Portrait) -> list[Reason]:
    if not one.emails or not other.emails:
        return []
    if (shown := _shared(one.emails, other.emails)) is not None:
        return [Reason("email", shown, EMAIL)]
    if _near(one.emails, other.emails, 9):
        return [Reason("near_email", _both(one.emails, other.emails), NEAR_EMAIL)]
    mine, theirs = ({key.partition("@")[0] for key in who.emails} for who in (one, other))
    if any(len(local) >= 5 and local not in GENERIC for local in mine & theirs):
        return [Reason("local_part", _both(one.emails, other.emails), SAME_LOCAL)]
    return [Reason("", "", OTHER_EMAIL)]


def _documents(one: Portrait, other: Portrait) -> list[Reason]:
    if not one.documents or not other.documents:
        return []
    if (shown := _shared(one.documents, other.documents)) is not None:
        return [Reason("document", shown, DOCUMENT)]
    if _near(one.documents, other.documents, 7):
        return [Reason("near_document", _both(one.documents, other.documents), NEAR_DOCUMENT)]
    lengths = {len(key) for key in one.documents} & {len(key) for key in other.documents}
    return [Reason("", "", OTHER_DOCUMENT)] if lengths else []


def _names(one: Portrait, other: Portrait) -> list[Reason]:
    if not one.name or not other.name:
        return []
    found = names.compare(one.name, other.name)
    if found.bits <= 0 or not found.shared:
        return [Reason("", "", found.bits)]
    why = "name"
    if found.is_spelt_apart:
        why = "near_name"
    elif found.uses_nickname:
        why = "nickname"
    elif not found.is_whole:
        why = "part_of_name"
    shown = one.shown if one.shown == other.shown else f"{one.shown} · {other.shown}"
    return [Reason(why, shown, found.bits)]


def _birth(one: Portrait, other: Portrait) -> list[Reason]:
    if not one.birth or not other.birth:
        return []
    shown = f"{one.birth[:4]}-{one.birth[4:6]}-{one.birth[6:]}"
    if one.birth == other.birth:
        return [Reason("birth_date", shown, BIRTH)]
    turned = other.birth[:4] + other.birth[6:] + other.birth[4:6]
    if one.birth == turned or OSA.distance(one.birth, other.birth, score_cutoff=1) == 1:
        return [Reason("near_birth_date", shown, NEAR_BIRTH)]
    return [Reason("", "", OTHER_BIRTH)]


def _orders(one: Portrait, other: Portrait) -> list[Reason]:
    shared = min(one.orders.keys() & other.orders.keys(), default=None)
    return [Reason("order", one.orders[shared], ORDER)] if shared is not None else []


def _places(one: Portrait, other: Portrait) -> list[Reason]:
    found = []
    if one.company and one.company == other.company:
        found.append(Reason("company", one.company, COMPANY))
    if one.city and other.city:
        same = fuzz.ratio(one.city, other.city) >= 85
        found.append(Reason("city", one.city, CITY) if same else Reason("", "", OTHER_CITY))
    if one.postcode and other.postcode:
        same = one.postcode == other.postcode
        found.append(Reason("postcode", one.postcode, POSTCODE) if same else Reason("", "", OTHER_POSTCODE))
    if one.address and other.address:
        alike = fuzz.token_sort_ratio(one.address, other.address)
        if alike >= 80:
            found.append(Reason("street", one.address, ADDRESS if alike >= 92 else NEAR_ADDRESS))
        elif alike < 60:
            found.append(Reason("", "", OTHER_ADDRESS))
    return found
