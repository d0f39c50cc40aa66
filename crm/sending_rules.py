"""Whether a customer may be written to: the one question that every sender in the product asks.

A first `no` counts, in this order: the address is suppressed, the customer withdrew, consent lacks. By
default service goes to everybody who did not object, offers only to those who agreed, surveys as the
business chose.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from crm.models import (
    Consent,
    ConsentPolicy,
    Covers,
    Customer,
    ExclusionEntry,
    Identity,
    Medium,
    Purpose,
    Suppression,
)

Kind = Identity.Kind
NUMBERS = (Kind.PHONE.value, Kind.WHATSAPP.value)
# The kinds of address by which a medium reaches somebody.
KINDS: dict[str, tuple[str, ...]] = {
    Medium.EMAIL: (Kind.EMAIL.value,),
    Medium.WHATSAPP: NUMBERS,
    Medium.SMS: NUMBERS,
    Medium.PHONE: NUMBERS,
    Medium.MESSENGER: (Kind.MESSENGER.value,),
    Medium.INSTAGRAM: (Kind.INSTAGRAM.value,),
    Medium.TELEGRAM: (Kind.TELEGRAM.value,),
    Medium.WEB: (Kind.WEB.value,),
}
# What of a suppression concerns a purpose.
COVERING: dict[str, tuple[str, ...]] = {
    Purpose.SERVICE: (Covers.ALL.value,),
    Purpose.SURVEY: (Covers.ALL.value, Covers.UNASKED.value),
    Purpose.PROMOTION: (Covers.ALL.value, Covers.UNASKED.value, Covers.PROMOTION.value),
}


class Reason(StrEnum):
    """Why somebody may be written to, or may not."""

    ALLOWED = "allowed"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    UNSUBSCRIBED = "unsubscribed"
    BY_HAND = "by_hand"
    EXCLUDED = "excluded"
    WITHDRAWN = "withdrawn"
    NOT_CONFIRMED = "not_confirmed"
    EXPIRED = "expired"
    NOT_GIVEN = "not_given"


# English as it is kept with a message that did not go; translated where it is shown.
SENTENCES: dict[str, str] = {
    Reason.ALLOWED: "",
    Reason.BOUNCE: gettext_noop("Mail to this address comes back. Write on another channel."),
    Reason.COMPLAINT: gettext_noop("The customer reported a mail as spam and is sent nothing unasked."),
    Reason.UNSUBSCRIBED: gettext_noop("The customer unsubscribed from what comes unasked."),
    Reason.BY_HAND: gettext_noop("This address is suppressed. A colleague put it on the list."),
    Reason.EXCLUDED: gettext_noop("This address stands on an exclusion list."),
    Reason.WITHDRAWN: gettext_noop("The customer does not want this here any more."),
    Reason.NOT_CONFIRMED: gettext_noop("The customer was asked and has not confirmed it yet."),
    Reason.EXPIRED: gettext_noop("The customer's consent has run out."),
    Reason.NOT_GIVEN: gettext_noop("The customer has not agreed to this."),
}
# A new message from the customer says that an answer is welcome, and that the address works.
ENDED_BY_A_MESSAGE = (Reason.BOUNCE, Reason.UNSUBSCRIBED, Reason.COMPLAINT, Reason.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it may be sent, why not, and the sentence that says so to a person."""

    allowed: bool
    reason: Reason
    sentence: str
    kept: str = ""  # the sentence in English, to be stored


ALLOWED = Verdict(True, Reason.ALLOWED, "")


def _no(reason: Reason) -> Verdict:
    return Verdict(False, reason, _(SENTENCES[reason]), SENTENCES[reason])


def space(medium: str) -> str:
    """The kind under which a medium's addresses are suppressed: phone numbers are one, whatever uses them."""
    kind = KINDS[medium][0]
    return Kind.PHONE.value if kind in NUMBERS else kind


def space_of(identity_kind: str) -> str:
    """The same for the kind of an identity."""
    return Kind.PHONE.value if identity_kind in NUMBERS else identity_kind


def may_send(
    customer: Customer,
    medium: str,
    purpose: str,
    address: str,
    *,
    at: datetime,
    heard_at: datetime | None = None,
) -> Verdict:
    """Whether a customer may be written to at an address, by a medium, for a purpose, at a moment.

    `address` is canonical (crm/identities.py). `heard_at` is when he last wrote from there: who writes
    after he said no may be answered, but is sent nothing unasked.
    """
    return verdicts(customer, medium, [purpose], address, at=at, heard_at=heard_at)[purpose]


def verdicts(
    customer: Customer,
    medium: str,
    purposes: Iterable[str],
    address: str,
    *,
    at: datetime,
    heard_at: datetime | None = None,
) -> dict[str, Verdict]:
    """The same for several purposes at once, in as many queries as for one."""
    purposes = list(purposes)
    suppressing = _suppressing(medium, address, purposes)
    said = Consent.objects.filter(customer=customer, medium=medium, purpose__in=purposes)
    rows = {row.purpose: row for row in said}
    found = {}
    for purpose in purposes:
        against = [
            *((reason, since) for reason, covers, since in suppressing if covers in COVERING[purpose]),
            *_consent(rows.get(purpose), purpose, at),
        ]
        found[purpose] = _judged(against, purpose, heard_at)
    return found


def _judged(against: Iterable[tuple[Reason, datetime]], purpose: str, heard_at: datetime | None) -> Verdict:
    for reason, since in against:
        answered = purpose == Purpose.SERVICE and reason in ENDED_BY_A_MESSAGE
        if not (answered and heard_at and heard_at > since):
            return _no(reason)
    return ALLOWED


def _suppressing(medium: str, address: str, purposes: list[str]) -> list[tuple[Reason, str, datetime]]:
    """What keeps an address from being written to, what it covers, and since when: one query."""
    widest = max(purposes, key=lambda purpose: len(COVERING[purpose]))
    mine = Suppression.objects.standing().filter(
        kind=space(medium), value=address, covers__in=COVERING[widest]
    )
    listed = excluding(widest).filter(value=address)
    rows = mine.values_list("reason", "covers", "added_at").union(
        listed.values_list(
            Value(Reason.EXCLUDED.value, CharField()),
            F("version__exclusion_list__covers"),
            F("version__uploaded_at"),
        )
    )
    found = [(Reason(reason), covers, since) for reason, covers, since in rows]
    return sorted(found, key=lambda one: list(Reason).index(one[0]))


def excluding(purpose: str) -> QuerySet[ExclusionEntry]:
    """The entries of exclusion lists that concern a purpose."""
    return ExclusionEntry.objects.filter(
        version__is_current=True,
        version__exclusion_list__removed_at=None,
        version__exclusion_list__covers__in=COVERING[purpose],
    )


def _consent(row: Consent | None, purpose: str, at: datetime) -> Iterable[tuple[Reason, datetime]]:
    """What of the customer's own words stands against it."""
    is_withdrawn = row is not None and row.state == Consent.State.WITHDRAWN
    reason = _said_no(row, at, needed=is_withdrawn or needs_consent(purpose))
    return [(reason, row.since if row else at)] if reason else []


def _said_no(row: Any, at: datetime, *, needed: bool) -> Reason | None:
    """What of his own words, as a consent has them, is a no, where consent is `needed` or not."""
    if row and row.state == Consent.State.WITHDRAWN:
        return Reason.WITHDRAWN
    if not needed:
        return None
    if row is None:
        return Reason.NOT_GIVEN
    if row.state == Consent.State.ASKED:
        return Reason.NOT_CONFIRMED
    if row.state == Consent.State.EXPIRED or (row.expires_at and row.expires_at <= at):
        return Reason.EXPIRED
    return None


def needs_consent(purpose: str) -> bool:
    """Whether only those who agreed are written to for a purpose."""
    if purpose == Purpose.SURVEY:
        return ConsentPolicy.objects.filter(surveys_need_consent=True).exists()
    return purpose == Purpose.PROMOTION


# --- many at once ---


def addresses(
    customers: QuerySet[Customer], medium: str, purpose: str, *, at: datetime
) -> QuerySet[Identity]:
    """The addresses of some customers at which they may be written to: `may_send` as one query."""
    found = Identity.objects.filter(kind__in=KINDS[medium], is_claimed=False)
    found = found.filter(customer__in=customers.filter(merged_into=None).order_by().values("pk"))
    suppressed = Suppression.objects.standing().filter(
        kind=space(medium), value=OuterRef("value"), covers__in=COVERING[purpose]
    )
    found = found.filter(~Exists(suppressed), ~Exists(excluding(purpose).filter(value=OuterRef("value"))))
    words = Consent.objects.filter(customer=OuterRef("customer"), medium=medium, purpose=purpose)
    return found.filter(_agreeing(words, purpose, at))


def _agreeing(words: QuerySet[Any], purpose: str, at: datetime) -> Any:
    if not needs_consent(purpose):
        return ~Exists(words.filter(state=Consent.State.WITHDRAWN))
    still = Q(expires_at=None) | Q(expires_at__gt=at)
    return Exists(words.filter(still, state=Consent.State.GIVEN))


def refusals(
    addresses: Collection[Identity], medium: str, purpose: str, *, at: datetime
) -> dict[UUID, Reason]:
    """Why some addresses may not be written to, by their ids; who is missing may.

    `verdicts` for many at once, in as many queries as for one. What a later message of the customer ends is
    not asked: nobody is answering him.
    """
    values = {one.value for one in addresses}
    found = _against_addresses(medium, purpose, values)
    people = {one.customer_id for one in addresses}
    words = Consent.objects.filter(medium=medium, purpose=purpose, customer__any=people)
    rows = words.values_list("customer_id", "state", "expires_at", named=True)
    said = {row.customer_id: row for row in rows}
    needed = needs_consent(purpose)
    refused = {}
    for one in addresses:
        reason = found.get(one.value) or _said_no(said.get(one.customer_id), at, needed=needed)
        if reason:
            refused[one.pk] = reason
    return refused


def _against_addresses(medium: str, purpose: str, values: Collection[str]) -> dict[str, Reason]:
    """What stands against some addresses, the strongest reason of each."""
    listed = excluding(purpose).filter(value__any=values).values_list("value", flat=True)
    found = dict.fromkeys(listed, Reason.EXCLUDED)
    standing = Suppression.objects.standing().filter(
        kind=space(medium), value__any=values, covers__in=COVERING[purpose]
    )
    for value, reason in standing.values_list("value", "reason"):
        found[value] = min(found.get(value, Reason.EXCLUDED), Reason(reason), key=list(Reason).index)
    return found


def those_who_may(
    customers: QuerySet[Customer], medium: str, purpose: str, *, at: datetime
) -> QuerySet[Customer]:
    """Of some customers those who have an address at which they may be written to."""
    reached = addresses(Customer.objects.all(), medium, purpose, at=at)
    return customers.filter(Exists(reached.filter(customer=OuterRef("pk"))))
