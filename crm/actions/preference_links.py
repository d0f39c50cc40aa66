"""Renewing the links to a customer's preference centre: the old ones unsubscribe and do nothing else."""

from uuid import UUID

from django.db import transaction
from django.db.models import F

from crm import consent_texts
from crm.models import Customer
from tenants import audit, doors
from tenants.actors import Actor
from tenants.models import DirectoryEntry

RENEWED = "renewed"  # on the door of a link that another took the place of


@transaction.atomic
def renew(*, customer: Customer, by: Actor) -> str:
    """Make a new link, and let those that are out show and change nothing any more; returns the new one.

    What mails carry still unsubscribes (RFC 8058), whoever was merged into him included.
    """
    ids = _all_of(customer)
    doors.mark(DirectoryEntry.Kind.PREFERENCES, RENEWED, tenant_id=customer.tenant_id, target_ids=ids)
    Customer.objects.filter(pk__in=ids).update(links_version=F("links_version") + 1)
    audit.record("preference_links.renewed", target=customer, by=by)
    customer.refresh_from_db(fields=["links_version"])
    return consent_texts.preferences_url(customer)


def _all_of(customer: Customer) -> set[UUID]:
    """A customer and all who turned out to be he, locked."""
    found: set[UUID] = set()
    fresh = {customer.pk}
    while fresh:
        found |= fresh
        rows = Customer.objects.select_for_update(of=("self",)).filter(merged_into__in=fresh)
        fresh = set(rows.values_list("pk", flat=True)) - found
    return found
