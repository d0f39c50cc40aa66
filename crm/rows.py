"""Rows of the list of customers: plain values, so that what they look like can be remembered by them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.safestring import SafeString

from crm import queries
from crm.models.customer import NAMELESS
from crm.queries import ListedCustomer, ListedLabel
from tenants.requests import BusinessRequest
from tenants.templatetags.ui import timestamp
from tenants.urls_tools import burl

ADDRESSES = 2


class Row(NamedTuple):
    """All that a row shows."""

    url: str
    name: str
    about: str  # company and addresses
    labels: tuple[tuple[str, str], ...]  # text and colour
    last_contact: SafeString


def rows_of(
    request: BusinessRequest, found: Sequence[ListedCustomer], labels: Iterable[ListedLabel]
) -> list[Row]:
    """Customers as rows, with those of `labels` they have: two queries, however many."""
    ids = [one.id for one in found]
    addresses, own = queries.addresses_of(ids), queries.label_ids_of(ids)
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
