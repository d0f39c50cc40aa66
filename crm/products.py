"""Reading what the business sells: a page of the list, and the names it is found by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from crm.models import Product
from tenants.kit import cursors
from tenants.kit.text import bare_words

ORDER = ("name", "id")
PAGE = 50
MOST_WORDS = 6
STATES = ("sold", "out", "gone")


@dataclass(frozen=True, slots=True)
class Narrow:
    """What narrows the list."""

    q: str = ""
    state: str = ""


def products(narrow: Narrow) -> QuerySet[Product]:
    """Products that fit, in no order; those no longer sold only when they are asked for."""
    found: QuerySet[Product] = Product.objects.filter(is_active=narrow.state != "gone")
    if narrow.state == "out":
        found = found.filter(stock__lte=0)
    return by_words(found, narrow.q)


def by_words(found: QuerySet[Product], q: str) -> QuerySet[Product]:
    """Those among some that have all words in what they are found by."""
    for word in bare_words(q).split()[:MOST_WORDS]:
        found = found.filter(words__contains=word)
    return found


def page(narrow: Narrow, cursor: str = "") -> cursors.Page:
    """A page by name. Raises `BadCursor`."""
    return cursors.page(products(narrow), ordering=ORDER, limit=PAGE, cursor=cursor)


def counts() -> dict[str, int]:
    """How many are sold, are out of stock, and are no longer sold. One query."""
    found: dict[str, int] = Product.objects.order_by().aggregate(
        sold=Count("id", filter=Q(is_active=True)),
        out=Count("id", filter=Q(is_active=True, stock__lte=0)),
        gone=Count("id", filter=Q(is_active=False)),
    )
    return found


def stamp() -> datetime | None:
    """Changes when something comes, is called otherwise or is sold no more; not when a product is deleted."""
    latest: datetime | None = Product.objects.order_by("-named_at").values_list("named_at", flat=True).first()
    return latest


def names() -> list[tuple[UUID, str, list[str], str]]:
    """Identifier, name, aliases and code of all that is sold."""
    return list(Product.objects.sold().order_by("id").values_list("id", "name", "aliases", "sku"))


def some(ids: Sequence[UUID]) -> list[Product]:
    """Products in the order of their identifiers as given."""
    found = {one.pk: one for one in Product.objects.sold().filter(pk__in=ids)}
    return [found[one] for one in ids if one in found]
