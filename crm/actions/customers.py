"""Writing down who a customer is."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import erased, identities, timeline
from crm.attributes import typed
from crm.models import Customer, CustomerLabel, CustomerNote, Identity, Label, TimelineEntry
from tenants import audit
from tenants.actors import Actor
from tenants.kit import events
from tenants.kit.text import clean, one_line
from tenants.middleware import the_business
from tenants.models import Membership
from tenants.refusals import Refused

MOST_ATTRIBUTES = 100
LONGEST_KEY = 60
LONGEST_VALUE = 1_000
NOTE_SHOWN = 280  # characters of a note that the timeline shows


class InvalidAttributes(Refused):
    """Attributes that are not a flat list of names and plain values."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, "attributes")


class UnknownLanguage(Refused):
    """A language the product does not speak."""


class UnknownZone(Refused):
    """A time zone that is not in the IANA database."""


class EmptyNote(Refused):
    """A note without a word in it."""


def tell(customer_id: UUID) -> None:
    """Let open pages that show a customer read him again."""
    events.publish("customer", {"id": str(customer_id)})


def _country(country: str) -> str:
    return country or the_business()[0].country


@transaction.atomic
def create_customer(
    *,
    name: str = "",
    company: str = "",
    language: str = "",
    timezone_name: str = "",
    attributes: dict[str, Any] | None = None,
    addresses: Iterable[tuple[str, str]] = (),
    labels: Iterable[Label] = (),
    country: str = "",
    by: Actor,
) -> Customer:
    """A new customer with his addresses, given as pairs of kind and text.

    Raises `InvalidIdentity` and `IdentityTaken` (at `identities/<place>/value`), `InvalidAttributes`,
    `UnknownLanguage`, `UnknownZone`.
    """
    name = one_line(name, 150)
    customer = Customer.objects.create(
        name=name,
        name_confirmed=bool(name),
        company=one_line(company, 150),
        language=_language(language),
        timezone=_zone(timezone_name),
        attributes=facts_after({}, attributes or {}),
        created_by=by.membership,
        last_contact_at=timezone.now(),
    )
    country = _country(country)
    for place, (kind, raw) in sorted(enumerate(addresses), key=lambda pair: pair[1]):
        try:
            identity, _created = identities.attach(customer, kind, raw, country=country)
            erased.mind(identity, by=by)
        except Refused as refusal:
            refusal.field = f"identities/{place}/value"
            raise
    _put_labels(customer, labels)
    note_change(customer, by, event="created")
    tell(customer.id)
    return customer


def _language(code: str) -> str:
    code = code.strip().lower().replace("_", "-")
    if code and code not in dict(settings.LANGUAGES):
        raise UnknownLanguage(_("There is no such language: use es, pt-br or en."), "language")
    return code


def _zone(name: str) -> str:
    if name and name not in available_timezones():
        raise UnknownZone(
            _("There is no such time zone: use a name such as America/Mexico_City."), "timezone"
        )
    return name


def facts_after(before: dict[str, Any], given: dict[str, Any], *, machine: bool = True) -> dict[str, Any]:
    """What is kept of a customer after something was given: defined facts in their form, others as they are.

    None or "" forgets one. Raises `InvalidAttributes`, `Unfitting`.
    """
    if not given:
        return dict(before)
    defined, free = typed(given, the_business()[0], machine=machine)
    gone = {*given, *defined, *(one_line(str(key), LONGEST_KEY) for key in free)}
    kept = {key: value for key, value in before.items() if key not in gone}
    kept |= plain_attributes(free) | {key: value for key, value in defined.items() if value is not None}
    if len(kept) > MOST_ATTRIBUTES:
        raise InvalidAttributes(_too_many())
    return kept


def _too_many() -> str:
    return _("A customer can have at most %(count)s attributes.") % {"count": MOST_ATTRIBUTES}


def plain_attributes(attributes: dict[str, Any]) -> dict[str, Any]:
    """Attributes as they are kept: short names, plain values, nothing empty. Raises `InvalidAttributes`."""
    kept: dict[str, Any] = {}
    for key, value in attributes.items():
        name = one_line(str(key), LONGEST_KEY)
        if value is None or value == "":
            continue
        if not name or not isinstance(value, (str, int, float, bool)):
            raise InvalidAttributes(_("Each attribute needs a name and a text, a number, true or false."))
        kept[name] = clean(value, LONGEST_VALUE) if isinstance(value, str) else value
    if len(kept) > MOST_ATTRIBUTES:
        raise InvalidAttributes(_too_many())
    return kept


@transaction.atomic
def update_customer(
    *,
    customer: Customer,
    by: Actor,
    name: str | None = None,
    company: str | None = None,
    language: str | None = None,
    timezone_name: str | None = None,
    attributes: dict[str, Any] | None = None,
    by_machine: bool = True,
) -> Customer:
    """Change what is given and keep the rest. In `attributes`, null or "" removes one.

    `by_machine` is False for attributes as a person wrote them, with the separators of his country.

    A name given here is confirmed: no channel's profile name replaces it. What stays as it was
    leaves no trace. Raises `InvalidAttributes`, `Unfitting`, `UnknownLanguage`, `UnknownZone`.
    """
    customer = Customer.objects.select_for_update().get(pk=customer.pk)
    wanted: dict[str, Any] = {}
    if name is not None:
        wanted |= {"name": one_line(name, 150), "name_confirmed": bool(name.strip())}
    if company is not None:
        wanted["company"] = one_line(company, 150)
    if language is not None:
        wanted["language"] = _language(language)
    if timezone_name is not None:
        wanted["timezone"] = _zone(timezone_name)
    if attributes is not None:
        wanted["attributes"] = facts_after(customer.attributes, attributes, machine=by_machine)
    changed = [field for field, value in wanted.items() if getattr(customer, field) != value]
    if not changed:
        return customer
    for field in changed:
        setattr(customer, field, wanted[field])
    customer.save(update_fields=[*changed, "updated_at"])
    shown = [field for field in changed if field != "name_confirmed"]
    if shown:
        note_change(customer, by, event="changed", fields=shown)
    tell(customer.id)
    return customer


@transaction.atomic
def introduce(*, customer: Customer, name: str, by: Actor) -> Customer:
    """Keep the name by which a customer introduced himself; one that is known already stays."""
    found = Customer.objects.select_for_update().get(pk=customer.pk)
    if found.name or found.name_confirmed:
        return found
    return update_customer(customer=found, name=name, by=by)


def note_change(customer: Customer, by: Actor, **data: Any) -> None:
    """Say in a customer's history what became of him."""
    timeline.record(
        customer=customer,
        kind=TimelineEntry.Kind.CUSTOMER,
        happened_at=timezone.now(),
        object_id=customer.id,
        actor_label=by.label,
        data=data,
    )


@transaction.atomic
def add_identity(*, customer: Customer, kind: str, raw: str, by: Actor, country: str = "") -> Identity:
    """Give a customer an address; one he has already stays as it is.

    Raises `InvalidIdentity`, `IdentityTaken`.
    """
    identity, created = identities.attach(customer, kind, raw, country=_country(country))
    if created:
        erased.mind(identity, by=by)
        note_change(customer, by, event="identity_added", identity_kind=kind, display=identity.display)
        touch(customer)
    return identity


@transaction.atomic
def remove_identity(*, identity: Identity, by: Actor) -> None:
    """Take an address from a customer: the next message from it makes a new one."""
    customer = identity.customer
    note_change(customer, by, event="identity_removed", identity_kind=identity.kind, display=identity.display)
    audit.record("identity.removed", target=customer, by=by, kind=identity.kind, display=identity.display)
    identity.delete()
    touch(customer)


def touch(customer: Customer) -> None:
    """Say that something of a customer changed: to open pages, and to those who ask what changed since."""
    customer.updated_at = timezone.now()
    customer.save(update_fields=["updated_at"])
    tell(customer.id)


@transaction.atomic
def add_note(*, customer: Customer, body: str, by: Actor) -> CustomerNote:
    """Write down what colleagues should know. Raises `EmptyNote`."""
    body = clean(body, 10_000).strip()
    if not body:
        raise EmptyNote(_("Write something first."), "body")
    note = CustomerNote.objects.create(
        customer=customer, body=body, author=by.membership, author_label=by.label[:150]
    )
    _show_note(note)
    return note


def _show_note(note: CustomerNote) -> None:
    timeline.record(
        customer=note.customer,
        kind=TimelineEntry.Kind.NOTE,
        happened_at=note.created_at,
        object_id=note.id,
        actor_label=note.author_label,
        data={"text": one_line(note.body, NOTE_SHOWN)},
    )
    tell(note.customer_id)


@transaction.atomic
def remove_note(*, note: CustomerNote, by: Actor) -> dict[str, Any]:
    """Remove a note, also from the history. Returns what `restore_note` needs."""
    kept = {"id": note.id, "body": note.body, "author_id": note.author_id}
    kept |= {"author_label": note.author_label, "created_at": note.created_at.isoformat()}
    audit.record("note.deleted", target=note.customer, by=by, author=note.author_label)
    timeline.forget(customer=note.customer, kind=TimelineEntry.Kind.NOTE, object_id=note.id)
    note.delete()
    tell(note.customer_id)
    return kept


@transaction.atomic
def restore_note(*, customer: Customer, kept: dict[str, Any], by: Actor) -> CustomerNote:
    """Bring back a note as it was."""
    author = Membership.objects.filter(pk=kept["author_id"]).first() if kept["author_id"] else None
    note = CustomerNote.objects.create(
        id=kept["id"],
        customer=customer,
        body=kept["body"],
        author=author,
        author_label=kept["author_label"],
    )
    note.created_at = datetime.fromisoformat(kept["created_at"])
    note.save(update_fields=["created_at"])
    audit.record("note.restored", target=customer, by=by, author=note.author_label)
    _show_note(note)
    return note


@transaction.atomic
def set_labels(*, customer: Customer, labels: Iterable[Label], by: Actor) -> None:
    """Exactly these labels and no others."""
    labels = list(labels)
    removed, _rows = customer.label_links.exclude(label__in=labels).delete()
    if _put_labels(customer, labels) or removed:
        touch(customer)


def add_label(*, customer: Customer, label: Label, by: Actor) -> None:
    """One label more; one he has already changes nothing."""
    if _put_labels(customer, [label]):
        touch(customer)


def remove_label(*, customer: Customer, label: Label, by: Actor) -> None:
    """One label less."""
    removed, _rows = customer.label_links.filter(label=label).delete()
    if removed:
        touch(customer)


def _put_labels(customer: Customer, labels: Iterable[Label]) -> bool:
    """Whether some label was new to him."""
    labels = list(labels)
    had = set(customer.label_links.values_list("label_id", flat=True)) if labels else set()
    fresh = [CustomerLabel(customer=customer, label=label) for label in labels if label.id not in had]
    CustomerLabel.objects.bulk_create(fresh, ignore_conflicts=True)
    return bool(fresh)


def record_contact(*, customer_id: UUID, at: datetime, channel: str) -> None:
    """Keep when and where a customer last wrote; an older moment changes nothing."""
    newer = Q(last_contact_at__lt=at) | Q(last_contact_channel="", last_contact_at__lte=at)
    Customer.objects.filter(newer, pk=customer_id).update(last_contact_at=at, last_contact_channel=channel)
