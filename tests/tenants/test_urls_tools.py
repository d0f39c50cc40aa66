"""Addresses inside a business."""

from uuid import uuid4

import pytest
from django.urls import NoReverseMatch, reverse

from tenants.urls_tools import reverse_inside


@pytest.mark.parametrize(
    ("name", "count"), [("conversations:inbox", 0), ("crm:customer", 1), ("crm:customer-identity-removal", 2)]
)
def test_address_is_what_django_says(name: str, count: int) -> None:
    for _again in range(2):
        ids = [uuid4() for _ in range(count)]
        for slug in ("bicis", "cafe"):
            assert reverse_inside(slug, name, *ids) == reverse(name, args=[slug, *ids])


def test_other_arguments_are_reversed_as_they_are() -> None:
    one = str(uuid4())
    assert reverse_inside("bicis", "crm:customer", one) == reverse("crm:customer", args=["bicis", one])


def test_unknown_name_raises() -> None:
    with pytest.raises(NoReverseMatch):
        reverse_inside("bicis", "crm:nobody", uuid4())
