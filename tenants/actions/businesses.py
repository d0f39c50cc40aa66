"""Opening a business."""

from django.utils.text import slugify

from tenants import audit, doors
from tenants.actors import Actor
from tenants.localities import locality
from tenants.models import DirectoryEntry, Membership, Tenant, User
from tenants.permissions import Role
from tenants.scoping import tenant_scope, uuid7
from tenants.signals import business_created

RESERVED = {"new", "api", "admin", "static", "settings"}


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

    Returns the owner's membership; its `tenant` is loaded. Raises `IntegrityError` when two
    businesses took the same address at the same moment.
    """
    place = locality(country)
    tenant_id = uuid7()
    with tenant_scope(tenant_id):
        tenant = Tenant.objects.create(
            id=tenant_id,
            name=name.strip(),
            slug=free_slug(name),
            country=country,
            timezone=timezone or place.timezone,
            currency=currency or place.currency,
            language=language or place.language,
        )
        doors.register(DirectoryEntry.Kind.SLUG, tenant.slug, tenant_id=tenant.id, label=tenant.name)
        membership = Membership.objects.create(tenant=tenant, user=owner, role=Role.OWNER)
        by = Actor.of_membership(membership)
        audit.record("business.created", target=tenant, by=by, name=tenant.name)
        business_created.send(Tenant, tenant=tenant, by=by)
    return membership
