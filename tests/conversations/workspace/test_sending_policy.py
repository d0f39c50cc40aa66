"""settings/sending/"""

from typing import Any

import pytest
from django.test import Client

from conversations.models import SendingPolicy
from tenants.models import AuditEvent
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business

FILLED: dict[str, Any] = {
    "quiet_from": "21:30", "quiet_until": "08:15", "weekdays": ["0", "4"], "keeps_holidays": "on",
    "cap_count": "1", "cap_days": "10", "pause_days": "3", "rating_days": "0", "rating_most": "3",
    "tracking_host": "https://Enlaces.Mirasol.example/",
    "canary_percent": "10", "most_opt_outs": "1.5", "most_complaints": "0.2", "most_bounces": "4",
    "most_wishes": "3", "busy_from": "15",
}  # fmt: skip


def url(business: Business) -> str:
    return f"/b/{business.tenant.slug}/settings/sending/"


def test_owner_changes_it_on_the_page(business: Business, owner_client: Client) -> None:
    assert owner_client.get(url(business)).status_code == 200
    assert owner_client.post(url(business), FILLED).status_code == 302
    with tenant_scope(business.tenant.id):
        policy = SendingPolicy.objects.get()
        assert (policy.weekdays, policy.tracks, policy.needs_approval) == ([0, 4], False, False)
        assert (str(policy), policy.tracking_host) == ("21:30–08:15", "enlaces.mirasol.example")
        event = AuditEvent.objects.get(action="sending_policy.changed")
        assert event.details["changes"]["quiet_from"] == ["20:00:00", "21:30:00"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"quiet_from": "09:00", "quiet_until": "08:30"}, "quiet_until"),
        ({"tracking_host": "nur_text"}, "tracking_host"),
        ({"most_bounces": "101"}, "most_bounces"),
        ({"cap_count": "0"}, "cap_count"),
    ],
)
def test_what_cannot_be_meant_is_said_beside_the_field(
    business: Business, owner_client: Client, wrong: dict[str, Any], field: str
) -> None:
    response = owner_client.post(url(business), {**FILLED, **wrong})
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    with tenant_scope(business.tenant.id):
        assert not SendingPolicy.objects.exists()


def test_agents_read_and_strangers_see_nothing(
    business: Business, teammate_client: Client, stranger_client: Client
) -> None:
    assert b'name="quiet_from"' in teammate_client.get(url(business)).content
    assert teammate_client.post(url(business), FILLED).status_code == 403
    assert stranger_client.get(url(business)).status_code == 404
