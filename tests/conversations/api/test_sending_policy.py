"""sending-policy/: the same form and action as the page."""

from collections.abc import Callable
from typing import Any

from conversations import gate
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.api.test_base import problem
from tests.factories.tenants import Business

PATH = "sending-policy/"
DEFAULTS = {"quiet_from": "20:00", "most_complaints": 0.3, "weekdays": [0, 1, 2, 3, 4, 5]}


def test_the_api_reads_defaults_and_changes_what_is_given(api: Api, business: Business) -> None:
    before = api.get(PATH).json()
    assert {name: before[name] for name in DEFAULTS} == DEFAULTS
    change = {"quiet_from": "22:00", "weekdays": [6, 5], "needs_approval": True, "most_complaints": "0.1"}
    after = api.patch(PATH, change).json()
    assert after == {**before, **change, "weekdays": [5, 6], "most_complaints": 0.1}
    assert api.get(PATH).json() == after
    assert api.patch(PATH, {}).json() == after
    with tenant_scope(business.tenant.id):
        assert gate.policy().needs_approval


BAD_BODIES: list[Any] = [
    {"weekdays": []},
    {"weekdays": [7]},
    {"quiet_from": "later"},
    {"quiet_from": "09:00", "quiet_until": "08:59"},
    {"tracking_host": "localhost"},
    {"canary_percent": 10**12},
    {"most_wishes": "1e99"},
    {"hours": 1},
]


def test_bad_bodies_are_422(api: Api) -> None:
    for body in BAD_BODIES:
        assert problem(api.patch(PATH, body)) == (422, "invalid"), body


def test_a_key_needs_the_scope(limited: Callable[..., Api], stranger: Api, api: Api) -> None:
    reader = limited("campaigns:read")
    assert (reader.get(PATH).status_code, reader.patch(PATH, {"tracks": False}).status_code) == (200, 403)
    assert limited("conversations:read").get(PATH).status_code == 403
    stranger.patch(PATH, {"quiet_from": "23:00"})
    assert api.get(PATH).json()["quiet_from"] == "20:00"
