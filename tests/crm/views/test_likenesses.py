"""Probably the same person: on the pages and by the API."""

from uuid import uuid4

import pytest
from django.test import Client

from crm import likeness
from crm.models import Customer, CustomerMerge, Likeness
from tenants.permissions import Role
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, key_for
from tests.factories.crm import make_customer
from tests.factories.tenants import Business


@pytest.fixture
def pair(business: Business) -> Likeness:
    with tenant_scope(business.tenant.id):
        first, second = make_customer("Ana Flores", email="ana@example.com"), make_customer("ana")
        likeness.suggest(second, first, likeness.SAME_EMAIL, "ana@example.com")
        found: Likeness = Likeness.objects.select_related("first", "second").get()
    return found


def merged(business: Business) -> int:
    with tenant_scope(business.tenant.id):
        return Customer.objects.exclude(merged_into=None).count()


def test_panel_says_why_and_the_same_person_becomes_one(
    business: Business, owner_client: Client, stranger_client: Client, pair: Likeness
) -> None:
    narrow = business.client(business.add_member(sees="own"))
    analyst = business.client(business.add_member(Role.ANALYST))
    page = f"{business.base}customers/{pair.second_id}/likenesses/"
    same = f"{business.base}customers/likenesses/{pair.pk}/same/"
    assert [one.get(page).status_code for one in (stranger_client, narrow)] == [404, 404]
    assert [one.post(same).status_code for one in (stranger_client, narrow)] == [404, 404]
    assert analyst.post(same).status_code == 403
    assert "ana@example.com" in owner_client.get(page).content.decode()
    response = owner_client.post(same)
    assert (response["Location"], merged(business)) == (f"{business.base}customers/{pair.first_id}/", 1)
    gone = owner_client.get(f"{business.base}customers/{pair.second_id}/")
    assert (gone.status_code, gone["Location"]) == (302, f"{business.base}customers/{pair.first_id}/")
    assert "ana@example.com" in owner_client.get(response["Location"]).content.decode()
    with tenant_scope(business.tenant.id):
        made = CustomerMerge.objects.get()
    undo = f"{business.base}customers/merges/{made.pk}/undoing/"
    assert stranger_client.post(undo).status_code == 404
    refresh = owner_client.post(undo, headers={"HX-Request": "true"})
    assert (refresh.status_code, refresh["HX-Refresh"], merged(business)) == (204, "true", 0)
    assert owner_client.post(undo).status_code == 302


def test_not_the_same_is_remembered_and_taken_back(
    business: Business, owner_client: Client, pair: Likeness
) -> None:
    page = f"{business.base}customers/{pair.first_id}/likenesses/"
    url = f"{business.base}customers/likenesses/{pair.pk}/different/"
    assert f"{pair.pk}/same/" in owner_client.get(page).content.decode()
    owner_client.post(url)
    with tenant_scope(business.tenant.id):
        likeness.suggest(pair.first, pair.second, likeness.SAME_PHONE, "+523312345678")
    assert f"{pair.pk}/same/" not in owner_client.get(page).content.decode()
    owner_client.post(url, {"again": "1"})
    assert f"{pair.pk}/same/" in owner_client.get(page).content.decode()


def test_api(business: Business, other: Business, pair: Likeness) -> None:
    api, stranger = Api(key_for(business)), Api(key_for(other))
    [shown] = api.get("customers/likenesses/").json()["data"]
    assert (shown["id"], shown["reasons"]) == (
        str(pair.pk),
        [{"why": "same_email", "value": "ana@example.com"}],
    )
    assert stranger.get("customers/likenesses/").json()["data"] == []
    assert stranger.post(f"customers/likenesses/{pair.pk}/same/").status_code == 404
    assert api.post(f"customers/likenesses/{pair.pk}/different/").json()["state"] == "different"
    assert api.delete(f"customers/likenesses/{pair.pk}/different/").status_code == 204
    made = api.post(f"customers/likenesses/{pair.pk}/same/")
    assert (made.status_code, merged(business)) == (201, 1)
    undoing = f"customers/merges/{made.json()['id']}/undoing/"
    assert stranger.post(undoing).status_code == 404
    assert api.post(undoing).status_code == 200
    assert api.post(undoing).status_code == 409
    body = {"source_id": str(pair.second_id), "target_id": str(pair.first_id)}
    assert stranger.post("customers/merges/", body).status_code == 422
    assert api.post("customers/merges/", {**body, "source_id": str(uuid4())}).status_code == 422
    assert api.post("customers/merges/", body).status_code == 201
    assert len(api.get("customers/merges/").json()["data"]) == 2
