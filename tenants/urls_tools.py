"""Addresses inside a business."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.urls import get_urlconf, reverse

from tenants.requests import BusinessRequest

_PLACES = [UUID(int=number) for number in range(1, 5)]


def burl(request: BusinessRequest, name: str, *args: Any) -> str:
    """Reverse a name inside the request's business; the slug need not be said."""
    return reverse_inside(request.tenant.slug, name, *args)


def reverse_inside(slug: str, name: str, *args: Any) -> str:
    """Reverse a name inside a business. Pages show dozens that differ in identifiers only."""
    if not all(type(arg) is UUID for arg in args):
        return reverse(name, args=[slug, *args])
    address = _pattern(get_urlconf(), slug, name, len(args))
    for place, arg in zip(_PLACES, args, strict=False):
        address = address.replace(str(place), str(arg), 1)
    return address


@lru_cache(maxsize=4_096)
def _pattern(urlconf: str | None, slug: str, name: str, count: int) -> str:
    """The address with a stand-in for each identifier. Raises `NoReverseMatch`."""
    return reverse(name, urlconf, args=[slug, *_PLACES[:count]])
