"""Opening a business and changing what it is."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from tenants import audit, doors
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.localities import locality
from tenants.models import DirectoryEntry, Membership, SpecialDay, Tenant, User
from tenants.permissions import Role
from tenants.scoping import tenant_scope, uuid7
from tenants.signals import business_created, hours_changed

RESERVED = {"new", "api", "admin", "static", "settings"}
OPENS = {"hours", "timezone", "keeps_holidays", "country", "region"}  # what says when it is open
ATTEMPTS = 3  # at an address that somebody else takes at the same moment


def free_slug(name: str) -> str:
    """An address nobody has, out of a business's name."""
    base = slugify(name)[:50] or "negocio"
    if base in RESERVED:
        base = f"{base}-1"
    slug, number = base, 1
    while doors.slug_taken(slug):
        number += 1
        slug = f"{base}-{number}"
    return slug


def create_business(
    *, name: str, country: str, owner: User, timezone: str = "", currency: str = "", language: str = ""
) -> Membership:
    """Open a business with its first owner; time zone, currency and language follow the country unless given.

    Returns the owner's membership; its `tenant` is loaded. Raises `KeyError` for a country we do not
    serve, `IntegrityError` when its address was taken at the same moment again and again.
    """
    place = locality(country)
    profile = {
        "name": one_line(name, 120),
        "country": country,
        "timezone": timezone or place.timezone,
        "currency": currency or place.currency,
        "language": language or place.language,
    }
    for _attempt in range(ATTEMPTS - 1):
        try:
            return _open(profile, owner)
        except IntegrityError:
            continue
    return _open(profile, owner)


def _open(profile: dict[str, str], owner: User) -> Membership:
    tenant_id = uuid7()
    with tenant_scope(tenant_id):
        tenant = Tenant.objects.create(id=tenant_id, slug=free_slug(profile["name"]), **profile)
        doors.register(DirectoryEntry.Kind.SLUG, tenant.slug, tenant_id=tenant.id, label=tenant.name)
        membership = Membership.objects.create(tenant=tenant, user=owner, role=Role.OWNER)
        by = Actor.of_membership(membership)
        audit.record("business.created", target=tenant, by=by, name=tenant.name)
        business_created.send(Tenant, tenant=tenant, by=by)
    return membership


@transaction.atomic
def update_business(*, tenant: Tenant, by: Actor, **changes: Any) -> Tenant:
    """Change the profile, the weekly hours or the rules; also a look that changes nothing is written down.

    In: fields of `Tenant` with values a form or serializer has checked.
    """
    if "name" in changes:
        changes["name"] = one_line(changes["name"], 120)
    before = {field: getattr(tenant, field) for field in changes}
    for field, value in changes.items():
        setattr(tenant, field, value)
    tenant.save(update_fields=[*changes])
    if before.get("name", tenant.name) != tenant.name:
        doors.rename(tenant.slug, tenant.name, tenant_id=tenant.id)
    changed = {field: [old, changes[field]] for field, old in before.items() if old != changes[field]}
    audit.record("business.updated", target=tenant, by=by, changes=changed)
    if OPENS & set(changed):
        hours_changed.send(Tenant, tenant=tenant)
    return tenant


@transaction.atomic
def set_special_day(*, special_day: SpecialDay, by: Actor) -> SpecialDay:
    """Keep a date with hours of its own, new or changed.

    Raises `IntegrityError` when the date has hours of its own already.
    """
    special_day.name = one_line(special_day.name, 80)
    special_day.save()
    audit.record(
        "special_day.set",
        target=special_day,
        by=by,
        date=special_day.date.isoformat(),
        name=special_day.name,
        hours=special_day.hours,
    )
    hours_changed.send(Tenant, tenant=Tenant.objects.get())
    return special_day


@transaction.atomic
def delete_special_day(*, special_day: SpecialDay, by: Actor) -> None:
    """Let a date be an ordinary day again."""
    audit.record(
        "special_day.deleted",
        target=special_day,
        by=by,
        date=special_day.date.isoformat(),
        name=special_day.name,
    )
    special_day.delete()
    hours_changed.send(Tenant, tenant=Tenant.objects.get())


def dismiss_step(*, tenant: Tenant, step: str, by: Actor) -> None:
    """Put a step of the first ten minutes aside, for everyone in the business."""
    if step not in tenant.dismissed:
        tenant.dismissed = [*tenant.dismissed, step]
        tenant.save(update_fields=["dismissed"])
        audit.record("step.dismissed", target=tenant, by=by, step=step)
