"""How long requests take, told by view: neither addresses nor names ever become labels."""

import re
from typing import Any

import pytest
from django.test import Client

from config import metrics
from tests.factories.tenants import Business

pytestmark = pytest.mark.django_db(databases=["default", "ops"])
COUNTED = re.compile(rb'puente_request_seconds_count\{status="(\d+)",view="([^"]*)"\} (\S+)')
HERE = {"REMOTE_ADDR": "127.0.0.1"}


def counted(client: Client) -> dict[tuple[str, str], float]:
    """Requests so far, by view and status."""
    shown = client.get("/metrics", **HERE).content
    return {(view.decode(), status.decode()): float(n) for status, view, n in COUNTED.findall(shown)}


def grown(client: Client, *asked: tuple[Client, str, dict[str, Any]]) -> dict[tuple[str, str], float]:
    """What requests add to the numbers, beside the looks at them."""
    before = counted(client)
    for who, path, extra in asked:
        who.get(path, **extra)
    after = counted(client)
    return {
        key: value - before.get(key, 0)
        for key, value in after.items()
        if value != before.get(key, 0) and key != ("metrics", "200")
    }


def test_every_request_is_counted_by_view_and_status(
    client: Client, owner_client: Client, stranger_client: Client, business: Business
) -> None:
    inbox = business.base + "inbox/"
    assert grown(
        client,
        (owner_client, inbox, {}),
        (stranger_client, inbox, {}),
        (client, "/api/v1/customers/", {}),
        (client, "/nothing/like/this", {}),
    ) == {
        ("conversations:inbox", "200"): 1,
        ("conversations:inbox", "404"): 1,
        ("customer-list", "401"): 1,
        ("none", "404"): 1,
    }


def test_labels_hold_nothing_a_visitor_can_choose(client: Client, db: None) -> None:
    paths = [f"/b/{word}/inbox/" for word in ("una", "dos")] + [f"/invite/{word}/" for word in ("a", "b")]
    new = grown(client, *[(client, path, {}) for path in paths])
    assert sorted(new) == [("conversations:inbox", "302"), ("tenants_public:invite", "410")]


def test_numbers_are_not_public(client: Client, db: None) -> None:
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.5").status_code == 404


def test_measuring_costs_microseconds() -> None:
    """One series per view and status is found again, not made again."""
    assert metrics._series("a", 200) is metrics._series("a", 200)
