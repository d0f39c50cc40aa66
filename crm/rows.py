"""Rows of the list of customers: plain values, so that what they look like can be remembered by them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from crm import queries
from crm.listing import columns as cols
from crm.listing.columns import Cell, Column
from crm.models.customer import NAMELESS
from crm.queries import ListedCustomer, ListedLabel
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

ADDRESSES = 2


class Row(NamedTuple):
    """All that a row shows."""

    id: str
    url: str
    name: str
    about: str  # company and addresses, where they have no columns of their own
    cells: tuple[Cell, ...]


def rows_of(
    request: BusinessRequest,
    found: Sequence[ListedCustomer],
    columns: Sequence[Column],
    labels: Iterable[ListedLabel],
) -> list[Row]:
    """Customers as rows with some columns: a query or two for each, however many rows."""
    if not found:
        return []
    addresses = queries.addresses_of([one.id for one in found])
    cells = cols.cells_of(found, columns, labels, addresses)
    own = {column.name for column in columns}
    base = burl(request, "crm:customers")
    nameless = str(NAMELESS)
    return [
        Row(
            id=str(one.id),
            url=f"{base}{one.id}/",
            name=one.name or nameless,
            about=" · ".join(
                [
                    *([one.company] if one.company and "company" not in own else []),
                    *(addresses[one.id][:ADDRESSES] if "addresses" not in own else []),
                ]
            ),
            cells=cells[one.id],
        )
        for one in found
    ]
