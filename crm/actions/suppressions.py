"""Addresses to which the business does not write, whoever has them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import identities, sending_rules
from crm.models import Customer, Identity, Suppression
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.models import Tenant
from tenants.refusals import Conflicting, Refused

Reason = Suppression.Reason
# What can be suppressed; a web chat's visitor has no address that another could have.
KINDS = (
    Identity.Kind.EMAIL,
    Identity.Kind.PHONE,
    Identity.Kind.TELEGRAM,
    Identity.Kind.INSTAGRAM,
    Identity.Kind.MESSENGER,
)
BREADTH = ("promotion", "unasked", "all")  # the wider last


class CannotLift(Conflicting):
    """It no longer stands."""


@transaction.atomic
def suppress(*, kind: str, value: str, reason: str, covers: str, by: Actor, note: str = "") -> Suppression:
    """Write no more to a canonical address. Once more for the same reason widens what it covers."""
    kind = sending_rules.space_of(kind)
    row: Suppression | None = _standing(kind, value, reason)
    if row is None:
        made = Suppression(
            kind=kind,
            value=value,
            reason=reason,
            covers=covers,
            note=one_line(note, 300),
            added_by_label=by.label[:150],
        )
        try:
            with transaction.atomic():
                made.save()
        except IntegrityError:  # another was faster
            row = _standing(kind, value, reason)
        else:
            if by.membership or by.api_key:
                audit.record("suppression.added", target=made, by=by, reason=reason)
            return made
    assert row is not None
    if BREADTH.index(covers) > BREADTH.index(row.covers):
        row.covers = covers
        row.save(update_fields=["covers"])
    return row


def _standing(kind: str, value: str, reason: str) -> Suppression | None:
    found: Suppression | None = (
        Suppression.objects.standing().filter(kind=kind, value=value, reason=reason).first()
    )
    return found


def add(*, kind: str, raw: str, covers: str, note: str, by: Actor) -> Suppression:
    """Suppress an address that somebody typed, in any spelling. Raises `InvalidIdentity`."""
    address = identities.canonical(kind, raw, Tenant.objects.get().country)
    return suppress(kind=kind, value=address.value, reason=Reason.BY_HAND, covers=covers, by=by, note=note)


@transaction.atomic
def lift(*, suppression: Suppression, why: str, by: Actor) -> Suppression:
    """Write to the address again; who said so and why stays. Raises `CannotLift`, `Refused` without why."""
    why = one_line(why, 300)
    if not why:
        raise Refused(_("Say why this address may be written to again."), "why")
    gone = Suppression.objects.standing().filter(pk=suppression.pk)
    if not gone.update(lifted_at=timezone.now(), lifted_by_label=by.label[:150], lifted_why=why):
        raise CannotLift(_("This address is not suppressed any more."))
    suppression.refresh_from_db()
    audit.record("suppression.lifted", target=suppression, by=by, why=why, reason=suppression.reason)
    return suppression


@transaction.atomic
def restore(*, suppression: Suppression, by: Actor) -> Suppression:
    """Take back that it was lifted. Raises `Conflicting` when the address was suppressed again meanwhile."""
    if _standing(suppression.kind, suppression.value, suppression.reason):
        raise Conflicting(_("This address is suppressed again already."))
    back = Suppression.objects.filter(pk=suppression.pk).exclude(lifted_at=None)
    if back.update(lifted_at=None, lifted_by_label="", lifted_why=""):
        audit.record("suppression.restored", target=suppression, by=by)
    suppression.refresh_from_db()
    return suppression


def lift_unsubscribed(*, customer: Customer, medium: str, by: Actor) -> list[Suppression]:
    """The customer agrees again: what kept his addresses of a medium as unsubscribed ends. Returns those."""
    kinds = sending_rules.KINDS[medium]
    values = customer.identities.filter(kind__in=kinds, is_claimed=False).values_list("value", flat=True)
    stale = Suppression.objects.standing().filter(
        kind=sending_rules.space(medium), value__in=list(values), reason=Reason.UNSUBSCRIBED
    )
    rows = list(stale.select_for_update(of=("self",)))
    now, why = timezone.now(), _("The customer agreed again.")
    for row in rows:
        row.lifted_at, row.lifted_by_label, row.lifted_why = now, by.label[:150], why
    Suppression.objects.bulk_update(rows, ["lifted_at", "lifted_by_label", "lifted_why"])
    return rows


def unlift(lifted: Mapping[UUID, datetime]) -> None:
    """Let stand again what was lifted at these moments, as if it never had been.

    Not what was lifted once more since, nor what was suppressed anew.
    """
    rows = Suppression.objects.select_for_update(of=("self",)).filter(pk__any=list(lifted))
    for row in rows.order_by("id"):
        if row.lifted_at == lifted[row.pk] and not _standing(row.kind, row.value, row.reason):
            row.lifted_at, row.lifted_by_label, row.lifted_why = None, "", ""
            row.save(update_fields=["lifted_at", "lifted_by_label", "lifted_why"])


def find(kind: str, raw: str) -> Any:
    """The standing suppressions of an address in any spelling. Raises `InvalidIdentity`."""
    value = identities.canonical(kind, raw, Tenant.objects.get().country).value
    return Suppression.objects.standing().filter(kind=sending_rules.space_of(kind), value=value)
