"""/api/v1/campaigns/"""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from conversations.actions.campaigns import reading, running, steering
from conversations.left_out import COMPLAINT_OPEN
from conversations.models import Campaign, Notification, Recipient
from crm.models import Case
from tenants.actions.api_keys import create_api_key
from tenants.models import ApiKey
from tenants.permissions import Permission
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, key_for
from tests.factories.campaigns import make_policy, make_template
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


def test_key_speaks_for_who_made_it_where_a_second_person_has_to_approve(
    business: Business, made: dict[str, Any]
) -> None:
    with tenant_scope(business.tenant.id):
        make_policy(needs_approval=True)
        ApiKey.objects.all().delete()
        scopes = [Permission.CAMPAIGNS_READ, Permission.CAMPAIGNS_WRITE, Permission.CAMPAIGNS_SEND]
        asking, own, second, orphan = (
            Api(create_api_key(name=name, scopes=scopes, by=business.actor())[1])
            for name in ("asks", "own", "second", "orphan")
        )
        ApiKey.objects.filter(name="second").update(created_by=business.agent)
        ApiKey.objects.filter(name="orphan").update(created_by=None)
    one = f"campaigns/{asking.post('campaigns/', body(made)).json()['id']}/"
    assert asking.post(f"{one}submission/").json()["state"] == "waiting"
    for key in (asking, own, orphan):
        answer = key.post(f"{one}approval/")
        assert answer.status_code == 422, answer.content
        assert len(answer.json()["detail"].split()) > 5
    with tenant_scope(business.tenant.id):
        campaign = Campaign.objects.get()
        assert (campaign.state, campaign.asked_by) == (Campaign.State.WAITING, business.owner)
        with pytest.raises(steering.NeedsAnother):
            steering.approve(campaign=campaign, by=business.actor())
        assert Notification.objects.filter(membership=business.owner).count() == 0
        type(business.agent).objects.filter(pk=business.agent.pk).update(is_active=False)
    assert second.post(f"{one}approval/").status_code == 422
    with tenant_scope(business.tenant.id):
        type(business.agent).objects.filter(pk=business.agent.pk).update(is_active=True)
    assert second.post(f"{one}approval/").json()["state"] == "scheduled"
    with tenant_scope(business.tenant.id):
        assert Campaign.objects.get().approved_by == business.agent


def test_start_that_has_passed_is_refused_or_asked_about(
    business: Business, made: dict[str, Any], api: Api
) -> None:
    past = (timezone.now() - timedelta(days=1)).isoformat()
    refused = api.post("campaigns/", body(made, starts_at=past))
    assert (refused.status_code, "starts_at" in str(refused.json())) == (422, True)
    one = f"campaigns/{api.post('campaigns/', body(made)).json()['id']}/"
    assert api.patch(one, {"starts_at": past}).status_code == 422
    soon = (timezone.now() + timedelta(hours=1)).isoformat()
    assert api.patch(one, {"starts_at": soon}).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=2)):  # it lay there until its hour was over
        assert "pas" in api.get(f"{one}check/").json()["obstacle"]
        answer = api.post(f"{one}submission/")
        assert (answer.status_code, "starts_at" in str(answer.json())) == (422, True)
    with tenant_scope(business.tenant.id):
        make_policy(needs_approval=True)
    assert api.post(f"{one}submission/").json()["state"] == "waiting"
    with tenant_scope(business.tenant.id), time_machine.travel(timezone.now() + timedelta(hours=3)):
        campaign = Campaign.objects.get()
        approved = steering.approve(campaign=campaign, by=business.actor(business.agent))
        assert (approved.state, approved.approved_by) == (Campaign.State.OVERDUE, business.agent)
        assert Notification.objects.filter(data__why="overdue").exists()
        assert running.look(campaign.pk) is None
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        assert api.post(f"{one}start/", {"starts_at": soon}).status_code == 422
        assert api.post(f"{one}start/", {}).json()["state"] == "scheduled"


def test_texts_are_looked_at_as_any_customer_and_read_for_all(
    business: Business, other: Business, made: dict[str, Any], api: Api
) -> None:
    with tenant_scope(business.tenant.id):
        bare = make_template("Sin red", "Hola {{ customer.first_name }}, ¿vienes con {{ customer.company }}?")
    letters = [{"template_id": str(made["template"].pk)}, {"template_id": str(bare.pk)}]
    one = f"campaigns/{api.post('campaigns/', body(made, letters=letters)).json()['id']}/"
    ana = str(made["people"][1].pk)

    said = api.post(f"{one}preview/", {"customer_id": ana}).json()
    assert (said["letter"], said["medium"], said["subject"], said["why"]) == (
        "A",
        "email",
        "Tu bici, Ana1",
        "",
    )
    assert ["Hola Ana1" in said[part] for part in ("text", "html")] == [True, True]
    nothing = api.post(f"{one}preview/", {"customer_id": ana, "letter": "B"}).json()
    assert (nothing["text"], bool(nothing["why"])) == ("", True)
    assert {row["code"] for row in nothing["problems"]} >= {"bare"}
    example = api.post(f"{one}preview/", {"channel_id": str(made["channel"].pk)})
    assert example.json()["subject"]
    for wrong in ({"letter": "Z"}, {"channel_id": ana}, {"customer_id": "x"}):
        assert api.post(f"{one}preview/", wrong).status_code == 422
    assert api.post(f"{one}preview/", {"customer_id": str(bare.pk)}).status_code == 404

    assert api.get(f"{one}reading/").json()["asked"] is False
    begun = api.post(f"{one}reading/")
    assert (begun.status_code, begun.json()["asked"]) == (202, True)
    with tenant_scope(business.tenant.id):
        reading.read_on()
    found = api.get(f"{one}reading/").json()
    assert (found["done"], found["seen"], found["nothing"], found["problem"]) == (True, 3, 0, "")
    [lack] = found["lacks"]
    assert (lack["name"], lack["people"], ana in lack["customer_ids"]) == ("customer.company", 3, True)
    api.patch(one, {"name": "Otra"})
    assert api.get(f"{one}reading/").json()["asked"] is False
    stranger = Api(key_for(other))
    assert (
        stranger.post(f"{one}preview/", {}).status_code == stranger.get(f"{one}reading/").status_code == 404
    )
    empty = f"campaigns/{api.post('campaigns/', {'name': 'Vacía'}).json()['id']}/"
    assert api.post(f"{empty}preview/", {}).status_code == 404
    with tenant_scope(business.tenant.id):
        assert not Recipient.objects.exists()
