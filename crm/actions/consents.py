"""What customers allow: each word kept with its proof, and what the last one left.

A word that happened before the one that stands is kept and changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm import asking, consent_texts, sending_rules, timeline
from crm.actions.customers import tell
from crm.actions.privacy import current_notice
from crm.actions.suppressions import lift_unsubscribed, suppress
from crm.models import (
    Consent,
    ConsentEvent,
    Covers,
    Customer,
    Identity,
    Medium,
    Purpose,
    Suppression,
    TimelineEntry,
)
from crm.signals import unasked_ended
from tenants import doors
from tenants.actors import Actor
from tenants.kit.text import clean, one_line
from tenants.models import DirectoryEntry, Tenant
from tenants.refusals import Refused
from tenants.scoping import current_tenant_id

State = Consent.State
Source = ConsentEvent.Source
UNASKED = (Purpose.PROMOTION, Purpose.SURVEY)
ASKED_FOR = timedelta(days=30)  # a link that confirms works so long
HIMSELF = (Source.UNSUBSCRIBE, Source.STOP_WORD, Source.CUSTOMER)
AHEAD = timedelta(minutes=5)  # clocks of other systems may go before ours
DAYS_OF_MONTH = 28
AT_ONCE = 500
# The strictest first.
STRICTNESS = (State.WITHDRAWN, State.EXPIRED, State.ASKED, State.GIVEN)
# Who gives consent by these is asked once more, where the business wants it.
ASKED_TWICE = (Source.FORM, Source.API, Source.AGENT, Source.CUSTOMER)


class CannotAsk(Refused):
    """Nobody can be asked this way; the sentence says why."""


class Outcome(StrEnum):
    """What a word did."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"  # said once more
    LATE = "late"  # kept, but something newer stands


class Recorded(NamedTuple):
    """A word, what it did, what stands now, and the suppressions that it ended."""

    event: ConsentEvent
    outcome: Outcome
    consent: Consent
    lifted: tuple[Suppression, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Where a word comes from: how, when, what was shown, from which address."""

    source: str
    at: datetime | None = None  # now, where nobody says
    text_shown: str = ""
    address: str = ""
    ip: str | None = None
    note: str = ""
    expires_at: datetime | None = None
    mail: str = ""  # what names the mail whose link was followed, for whoever sent it


@transaction.atomic
def give(*, customer: Customer, medium: str, purpose: str, proof: Proof, by: Actor) -> Recorded:
    """Keep that a customer agreed. Where the business asks twice, he is asked to confirm it.

    Without an end of its own, consent to offers runs out as the business said. Raises `Refused` for a
    moment that has not come, `CannotAsk` where he had to be asked and cannot be.
    """
    wanted = consent_texts.policy()
    if proof.source in ASKED_TWICE and medium in wanted.confirmed_media and purpose != Purpose.SERVICE:
        standing = Consent.objects.filter(customer=customer, medium=medium, purpose=purpose).first()
        if standing is None or standing.state != State.GIVEN:
            return ask(customer=customer, medium=medium, purpose=purpose, proof=proof, by=by)
    ends = proof.expires_at
    if ends is None and wanted.months and purpose != Purpose.SERVICE:
        ends = _months_after(proof.at or timezone.now(), wanted.months)
    made = _keep(customer, medium, purpose, State.GIVEN, proof, by, ends)
    if made.outcome != Outcome.LATE and purpose in UNASKED:
        lifted = lift_unsubscribed(customer=customer, medium=medium, by=by)
        made = made._replace(lifted=tuple(lifted))
    return made


@transaction.atomic
def withdraw(*, customer: Customer, medium: str, purpose: str, proof: Proof, by: Actor) -> Recorded:
    """Keep that a customer does not want it any more: at once, everywhere. Raises `Refused`."""
    made = _keep(customer, medium, purpose, State.WITHDRAWN, proof, by, None)
    if purpose in UNASKED and proof.source in HIMSELF:
        unasked_ended.send(
            None,
            customer=customer,
            medium=medium,
            purpose=purpose,
            at=made.event.happened_at,
            mail=proof.mail,
        )
    return made


@transaction.atomic
def ask(*, customer: Customer, medium: str, purpose: str, proof: Proof, by: Actor) -> Recorded:
    """Ask a customer to confirm, by a message with a link (double opt-in). What he gave before stays.

    Raises `CannotAsk` where no message reaches him by this medium.
    """
    identity = _address_for(customer, medium, proof.address)
    tenant = Tenant.objects.get()
    text = proof.text_shown or consent_texts.wording_for(customer, purpose, medium)
    secret = doors.new_secret()
    with translation.override(consent_texts.language_of(customer, tenant)):
        letter = _("Please confirm that this is what you want:\n\n%(text)s\n\n%(url)s") % {
            "text": text,
            "url": settings.BASE_URL + reverse("preferences:confirmation", args=[secret]),
        }
        closing = _("If you did not ask for this, do nothing: nothing will be sent.")
    asking.send(customer=customer, identity=identity, medium=medium, text=f"{letter}\n\n{closing}")
    shown = Proof(
        source=proof.source,
        at=proof.at,
        text_shown=text,
        address=identity.value,
        ip=proof.ip,
        note=proof.note,
    )
    made = _keep(customer, medium, purpose, State.ASKED, shown, by, None)
    doors.register(
        DirectoryEntry.Kind.CONSENT,
        doors.fingerprint(secret),
        tenant_id=current_tenant_id(),
        target_id=made.event.pk,
        expires_at=timezone.now() + ASKED_FOR,
    )
    return made


def _address_for(customer: Customer, medium: str, wanted: str) -> Identity:
    """The address at which a customer is asked: the one he gave, else the one he is known by longest."""
    theirs = customer.identities.filter(kind__in=sending_rules.KINDS[medium], is_claimed=False)
    named = theirs.filter(Q(value=wanted) | Q(display=wanted)).first() if wanted else None
    found = named or theirs.order_by("id").first()
    if found is None:
        raise CannotAsk(_("This customer has no address by which he could be asked to confirm."), "medium")
    return found


@transaction.atomic
def confirm(*, event: ConsentEvent, ip: str | None) -> Recorded:
    """The customer pressed the button behind the link he was sent."""
    proof = Proof(source=Source.CONFIRMATION, text_shown=event.text_shown, address=event.address, ip=ip)
    customer = stands_for(event.customer)
    return give(customer=customer, medium=event.medium, purpose=event.purpose, proof=proof, by=Actor.system())


@transaction.atomic
def unsubscribe(*, customer: Customer, media: Iterable[str], purposes: Iterable[str], proof: Proof) -> None:
    """No more of what comes unasked, by some media: at once, and for whoever has these addresses later."""
    purposes = list(purposes)
    for medium in media:
        for purpose in purposes:
            withdraw(customer=customer, medium=medium, purpose=purpose, proof=proof, by=Actor.system())
        if Purpose.PROMOTION in purposes:
            covers = Covers.UNASKED if Purpose.SURVEY in purposes else Covers.PROMOTION
            _suppress_all(customer, medium, covers)


def _suppress_all(customer: Customer, medium: str, covers: str) -> None:
    kinds = sending_rules.KINDS[medium]
    if medium == Medium.WEB:
        return  # a browser's own number, which nobody else will ever have
    for identity in customer.identities.filter(kind__in=kinds, is_claimed=False):
        suppress(
            kind=sending_rules.space(medium),
            value=identity.value,
            reason=Suppression.Reason.UNSUBSCRIBED,
            covers=covers,
            by=Actor.system(),
        )


def everything(customer: Customer) -> list[str]:
    """The media by which a customer could be written to, or of which he said something."""
    kinds = set(customer.identities.filter(is_claimed=False).values_list("kind", flat=True))
    said = set(Consent.objects.filter(customer=customer).values_list("medium", flat=True))
    return [medium for medium in Medium.values if medium in said or kinds & set(sending_rules.KINDS[medium])]


@transaction.atomic
def expire_due(now: datetime | None = None) -> int:
    """Let run out what has run out, some at a time; harmless when run twice. Returns how many."""
    now = now or timezone.now()
    due = Consent.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        expires_at__lte=now, state=State.GIVEN
    )
    rows = list(due.select_related("customer").order_by("expires_at")[:AT_ONCE])
    for row in rows:
        proof = Proof(source=Source.EXPIRY, at=row.expires_at)
        event = _event(row.customer, row.medium, row.purpose, State.EXPIRED, proof, Actor.system(), None)
        row.state, row.since, row.expires_at = State.EXPIRED, event.happened_at, None
        row.save(update_fields=["state", "since", "expires_at"])
        _tell(event)
    return len(rows)


# --- keeping ---


def stands_for(customer: Customer) -> Customer:
    """Who a customer turned out to be."""
    seen = {customer.pk}
    while customer.merged_into_id and customer.merged_into_id not in seen:
        seen.add(customer.merged_into_id)
        customer = Customer.objects.get(pk=customer.merged_into_id)
    return customer


def _keep(
    customer: Customer,
    medium: str,
    purpose: str,
    state: str,
    proof: Proof,
    by: Actor,
    expires_at: datetime | None,
) -> Recorded:
    if proof.at and proof.at > timezone.now() + AHEAD:
        raise Refused(_("This moment has not come yet."), "happened_at")
    customer = stands_for(Customer.objects.select_for_update(no_key=True, of=("self",)).get(pk=customer.pk))
    row = Consent.objects.filter(customer=customer, medium=medium, purpose=purpose).first()
    if row and _says_nothing_new(row, state, proof, expires_at):
        last = ConsentEvent.objects.filter(customer=customer, medium=medium, purpose=purpose, state=state)
        if event := last.order_by("-happened_at", "-id").first():
            return Recorded(event, Outcome.UNCHANGED, row)
    event = _event(customer, medium, purpose, state, proof, by, expires_at)
    outcome, row = _stand(row, event)
    _tell(event)
    return Recorded(event, outcome, row)


def _says_nothing_new(row: Consent, state: str, proof: Proof, expires_at: datetime | None) -> bool:
    """Whether a machine or a second click repeats what stands: no proof is added."""
    if row.state != state or proof.note:
        return False
    if proof.at:
        return row.since == proof.at and row.expires_at == expires_at
    repeated = (Source.API, Source.UNSUBSCRIBE, Source.STOP_WORD, Source.CUSTOMER, Source.CONFIRMATION)
    return proof.source in repeated and (
        state == State.WITHDRAWN or proof.expires_at in {None, row.expires_at}
    )


def _event(
    customer: Customer,
    medium: str,
    purpose: str,
    state: str,
    proof: Proof,
    by: Actor,
    expires_at: datetime | None,
) -> ConsentEvent:
    made: ConsentEvent = ConsentEvent.objects.create(
        customer=customer,
        medium=medium,
        purpose=purpose,
        state=state,
        happened_at=proof.at or timezone.now(),
        source=proof.source,
        text_shown=clean(proof.text_shown, 5_000),
        address=one_line(proof.address, 255),
        ip=proof.ip,
        note=one_line(proof.note, 500),
        expires_at=expires_at,
        notice=current_notice(),
        made_by=by.membership,
        made_by_label=by.label[:150],
    )
    return made


def _stand(row: Consent | None, event: ConsentEvent) -> tuple[Outcome, Consent]:
    """Let the word stand, unless something newer does; of two at one moment the stricter does."""
    if row is None:
        made = Consent.objects.create(
            customer=event.customer,
            medium=event.medium,
            purpose=event.purpose,
            state=event.state,
            since=event.happened_at,
            expires_at=event.expires_at,
        )
        return Outcome.CHANGED, made
    if event.happened_at < row.since or (
        event.happened_at == row.since and STRICTNESS.index(event.state) > STRICTNESS.index(row.state)
    ):
        return Outcome.LATE, row
    if event.state == State.ASKED and row.state in {State.GIVEN, State.WITHDRAWN}:
        return Outcome.UNCHANGED, row  # to be asked changes nothing: only the answer does
    row.state, row.since, row.expires_at = event.state, event.happened_at, event.expires_at
    row.save(update_fields=["state", "since", "expires_at"])
    return Outcome.CHANGED, row


def _tell(event: ConsentEvent) -> None:
    timeline.record(
        customer=event.customer,
        kind=TimelineEntry.Kind.CONSENT,
        happened_at=event.happened_at,
        object_id=event.pk,
        actor_label=event.made_by_label,
        data={
            "medium": event.medium,
            "purpose": event.purpose,
            "state": event.state,
            "source": event.source,
        },
    )
    tell(event.customer_id)


def _months_after(moment: datetime, months: int) -> datetime:
    """The same day so many months later; a day that no month lacks, for the last ones."""
    years, month = divmod(moment.month - 1 + months, 12)
    day = min(moment.day, DAYS_OF_MONTH)
    return moment.replace(year=min(moment.year + years, 9_999), month=month + 1, day=day)


# --- two customers made one, and two again ---


class Standing(NamedTuple):
    """What stands of one medium and purpose."""

    state: str
    since: datetime
    expires_at: datetime | None


def strictest(one: Standing, other: Standing) -> Standing:
    """Of what two customers said who are one person, what binds the business more.

    Of two that gave it, the sooner end; of two that withdrew, the later word.
    """
    first, second = sorted((one, other), key=lambda each: STRICTNESS.index(each.state))
    if first.state != second.state:
        return first
    if first.state == State.GIVEN:
        ends = [each for each in (first, second) if each.expires_at]
        return (
            min(ends, key=lambda each: each.expires_at or each.since)
            if ends
            else max(first, second, key=lambda each: each.since)
        )
    return max(first, second, key=lambda each: each.since)


def join(source: Customer, target: Customer) -> dict[str, Any]:
    """Before rows move: let the stricter word stand for `target`. Returns what `part` needs, as JSON."""
    rows = {who.pk: list(_rows(who)) for who in (source, target)}
    theirs = {(row.medium, row.purpose): row for row in rows[target.pk]}
    kept: dict[str, Any] = {
        "at": timezone.now().isoformat(),
        "source": [_plain(row) for row in rows[source.pk]],
        "target": [_plain(row) for row in rows[target.pk]],
        "events": [],
    }
    for row in rows[source.pk]:
        mine = theirs.get((row.medium, row.purpose))
        if mine is None:
            continue
        was = Standing(mine.state, mine.since, mine.expires_at)
        stands = strictest(was, Standing(row.state, row.since, row.expires_at))
        if stands != was:
            mine.state, mine.since, mine.expires_at = stands
            mine.save(update_fields=["state", "since", "expires_at"])
            proof = Proof(source=Source.MERGE, at=stands.since)
            event = _event(
                target, mine.medium, mine.purpose, stands.state, proof, Actor.system(), stands.expires_at
            )
            kept["events"].append(str(event.pk))
    return kept


def part(source: Customer, target: Customer, kept: dict[str, Any]) -> None:
    """After rows moved back: what stood for both before, then what each said since.

    A word that names an address of `source` is his.
    """
    ConsentEvent.objects.filter(pk__in=kept["events"]).delete()
    since = datetime.fromisoformat(kept["at"])
    addresses = [text for pair in source.identities.values_list("value", "display") for text in pair]
    later = ConsentEvent.objects.filter(created_at__gt=since).exclude(source=Source.MERGE)
    his = list(later.filter(customer=target, address__in=addresses).values_list("pk", flat=True))
    ConsentEvent.objects.filter(pk__in=his).update(customer=source)
    told = TimelineEntry.objects.filter(customer=target, kind=TimelineEntry.Kind.CONSENT, object_id__in=his)
    told.update(customer=source)
    for who, rows in ((source, kept["source"]), (target, kept["target"])):
        _rows(who).delete()
        Consent.objects.bulk_create(_row(who, row) for row in rows)
        for event in later.filter(customer=who).order_by("created_at", "id"):
            standing = Consent.objects.filter(customer=who, medium=event.medium, purpose=event.purpose)
            _stand(standing.first(), event)


def _rows(customer: Customer) -> Any:
    return Consent.objects.filter(customer=customer).order_by("id")


def _plain(row: Consent) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "medium": row.medium,
        "purpose": row.purpose,
        "state": row.state,
        "since": row.since.isoformat(),
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
    }


def _row(customer: Customer, plain: dict[str, Any]) -> Consent:
    ends = plain["expires_at"]
    return Consent(
        **{
            **plain,
            "customer": customer,
            "since": datetime.fromisoformat(plain["since"]),
            "expires_at": datetime.fromisoformat(ends) if ends else None,
        }
    )
