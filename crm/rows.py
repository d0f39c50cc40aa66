"""Rows of the list of customers: plain values, so that what they look like can be remembered by them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.safestring import SafeString

from crm.models import CustomerLabel, Identity
from crm.models.customer import NAMELESS
from tenants.requests import BusinessRequest
from tenants.templatetags.ui import timestamp
from tenants.urls_tools import burl

ADDRESSES = 2
FIELDS = ("id", "name", "company", "last_contact_at")


class Row(NamedTuple):
    """All that a row shows."""

    url: str
    name: str
    about: str  # company and addresses
    labels: tuple[tuple[str, str], ...]  # text and colour
    last_contact: SafeString


def rows_of(request: BusinessRequest, found: Sequence[Any], labels: Iterable[Any]) -> list[Row]:
    """Customers, read as `FIELDS`, as rows: two queries, however many."""
    ids = [one.id for one in found]
    addresses = _grouped(
        Identity.objects.filter(customer_id__in=ids).order_by("id").values_list("customer_id", "display")
    )
    own = _grouped(CustomerLabel.objects.filter(customer_id__in=ids).values_list("customer_id", "label_id"))
    return [
        Row(
            url=burl(request, "crm:customer", one.id),
            name=one.name or str(NAMELESS),
            about=" · ".join(filter(None, [one.company, *addresses[one.id][:ADDRESSES]])),
            labels=tuple((label.name, label.color) for label in labels if label.id in own[one.id]),
            last_contact=timestamp(one.last_contact_at),
        )
        for one in found
    ]


def _grouped(pairs: Iterable[tuple[UUID, Any]]) -> defaultdict[UUID, list[Any]]:
    """What belongs to each customer, in the order given."""
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for customer_id, value in pairs:
        found[customer_id].append(value)
    return found
