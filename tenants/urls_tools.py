"""Addresses inside a business."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_urlconf, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from tenants.kit.text import clean
from tenants.requests import BusinessRequest

ADDRESS_AT_MOST = 2_000  # characters
_PLACES = [UUID(int=number) for number in range(1, 5)]


def back_to(request: HttpRequest, otherwise: str) -> HttpResponse:
    """Back to the page of ours that a form names in `next`, as it stands; elsewhere when it names none."""
    there = clean(request.POST.get("next", ""), ADDRESS_AT_MOST)
    try:
        ours = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    except ValueError:  # half of an address of IPv6
        ours = False
    return HttpResponseRedirect(there if ours and there.startswith("/") else otherwise)


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
