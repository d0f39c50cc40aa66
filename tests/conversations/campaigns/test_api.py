"""/api/v1/campaigns/"""

from typing import Any

import pytest

from conversations.actions.campaigns import running
from conversations.left_out import COMPLAINT_OPEN
from conversations.models import Campaign
from crm.models import Case
from tenants.permissions import Permission
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, key_for
from tests.factories.tenants import Business


@pytest.fixture
def api(business: Business) -> Api:
    return Api(key_for(business))


def body(made: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "name": "Revisión de invierno",
        "include": [str(made["segment"].pk)],
        "channels": [str(made["channel"].pk)],
        "letters": [{"template_id": str(made["template"].pk)}],
        **more,
    }


def test_campaign_goes_its_way_over_the_api(business: Business, made: dict[str, Any], api: Api) -> None:
    answer = api.post("campaigns/", body(made))
    assert answer.status_code == 201, answer.content
    one = f"campaigns/{answer.json()['id']}/"
    assert [letter["letter"] for letter in answer.json()["letters"]] == ["A"]
    changed = api.patch(one, {"hold_out_percent": 0, "per_minute": 60})
    assert (changed.json()["per_minute"], len(changed.json()["letters"])) == (60, 1)

    check = api.get(f"{one}check/").json()
    assert (check["obstacle"], check["audience"], check["getting"], check["is_exact"]) == ("", 4, 3, True)
    assert [(row["reason"], row["people"]) for row in check["left_out"]] == [(COMPLAINT_OPEN, 1)]
    foreseen = api.get(f"{one}foreseen/", {"reason": COMPLAINT_OPEN, "limit": 1}).json()["data"]
    assert [row["customer_id"] for row in foreseen] == [str(made["people"][0].pk)]
    assert api.post(f"{one}test-sends/", {"member_id": str(business.owner.pk)}).status_code == 202

    assert api.post(f"{one}submission/").json()["state"] == "scheduled"
    with tenant_scope(business.tenant.id):
        running.look(Campaign.objects.get().pk)
    out = api.get(f"{one}recipients/", {"state": "left_out", "reason": COMPLAINT_OPEN}).json()["data"]
    assert [row["customer_id"] for row in out] == [str(made["people"][0].pk)]
    assert out[0]["sentence"]
    found = api.get(f"{one}results/").json()
    assert (found["audience"], sum(row["people"] for row in found["states"])) == (4, 4)
    assert api.post(f"{one}pause/").json()["braked"] == "by_hand"
    assert api.post(f"{one}pause/").status_code == 409
    assert api.patch(one, {"name": "Otra"}).status_code == 409
    assert api.post(f"{one}resumption/").json()["state"] == "sending"
    assert api.post(f"{one}settlement/", {"arrived": True}).status_code == 200
    assert api.post(f"{one}cancellation/").json()["state"] == "cancelled"
    copy = api.post(f"{one}copy/").json()
    assert api.delete(f"campaigns/{copy['id']}/").status_code == 204
    assert api.delete(one).status_code == 409


def test_refusals_name_their_field(business: Business, made: dict[str, Any], api: Api) -> None:
    for wrong, field in (
        ({"include": [str(made["template"].pk)]}, "include"),
        ({"channels": [str(made["segment"].pk)]}, "channels"),
        ({"letters": [{"template_id": str(made["segment"].pk)}]}, "letters"),
    ):
        answer = api.post("campaigns/", body(made, **wrong))
        assert answer.status_code == 422, answer.content
        assert field in str(answer.json())
    empty = api.post("campaigns/", {"name": "Vacía"}).json()
    assert api.post(f"campaigns/{empty['id']}/submission/").status_code == 422
    assert api.get(f"campaigns/{empty['id']}/check/").json()["obstacle"]
    assert api.get(f"campaigns/{empty['id']}/foreseen/").json()["data"] == []


def test_keys_do_what_their_scopes_allow_and_strangers_find_nothing(
    business: Business, other: Business, made: dict[str, Any], api: Api
) -> None:
    one = f"campaigns/{api.post('campaigns/', body(made)).json()['id']}/"
    writer = Api(key_for(business, [Permission.CAMPAIGNS_READ, Permission.CAMPAIGNS_WRITE]))
    assert writer.patch(one, {"name": "Otra"}).status_code == 200
    assert writer.post(f"{one}submission/").status_code == 403
    stranger = Api(key_for(other))
    assert stranger.get(one).status_code == stranger.get(f"{one}recipients/").status_code == 404
    assert stranger.post(f"{one}submission/").status_code == 404
    with tenant_scope(business.tenant.id):
        Case.objects.all().delete()
        assert Campaign.objects.get().state == Campaign.State.DRAFT
