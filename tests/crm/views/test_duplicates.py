"""Suggestions of who may be one person, and two customers side by side: on pages and by the API."""

import pytest
from django.test import Client

from crm.actions import duplicates
from crm.models import Customer, CustomerMerge, Likeness
from tenants.permissions import Role
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, key_for
from tests.factories.crm import make_customer
from tests.factories.tenants import Business


@pytest.fixture
def pairs(business: Business) -> list[Likeness]:
    """Lupita twice by mailbox, verified; Rocío twice by phone."""
    with tenant_scope(business.tenant.id):
        lupita = make_customer("Lupita Huesca", email="lupita.huesca@gmail.com", attributes={"talla": "S"})
        lupita.identities.update(is_verified=True)
        people = [
            lupita,
            make_customer("Guadalupe Huesca", email="lupitahuesca@gmail.com", attributes={"talla": "M"}),
            make_customer("Rocío Zamudio", phone="3312345678"),
            make_customer("Rocio Zamudio", attributes={"celular": "33 1234 5678"}),
        ]
        duplicates.look_at(people)
        return list(Likeness.objects.select_related("first", "second").order_by("first_id"))


def merged(business: Business) -> int:
    with tenant_scope(business.tenant.id):
        return Customer.objects.exclude(merged_into=None).count()


def test_the_surest_come_first_and_reasons_narrow(
    business: Business, owner_client: Client, stranger_client: Client, pairs: list[Likeness]
) -> None:
    url = f"{business.base}customers/duplicates/"
    page = owner_client.get(url).content.decode()
    assert "Lupita Huesca" in page
    assert "Rocío Zamudio" in page
    phones = owner_client.get(url, {"reason": "phone"}).content.decode()
    assert ("Lupita Huesca" in phones, "Rocío Zamudio" in phones) == (False, True)
    assert owner_client.get(url, {"reason": "nonsense"}).status_code == 200
    assert owner_client.get(url, {"cursor": "nonsense"})["Location"] == url
    assert stranger_client.get(url).status_code == 404
    narrow = business.client(business.add_member(sees="own"))
    seen = narrow.get(url)
    assert (seen.status_code, "Huesca" in seen.content.decode(), "Zamudio" in seen.content.decode()) == (
        200, False, False,
    )  # fmt: skip


def test_half_a_pair_is_nothing(business: Business, pairs: list[Likeness]) -> None:
    member = business.add_member(sees="own")
    narrow = business.client(member)
    with tenant_scope(business.tenant.id):
        Customer.objects.filter(pk=pairs[0].first_id).update(created_by=member)
    one, other = pairs[0].first_id, pairs[0].second_id
    assert narrow.get(f"{business.base}customers/{one}/").status_code == 200
    assert "Huesca" not in narrow.get(f"{business.base}customers/duplicates/").content.decode()
    for url in (f"{one}/merging/{other}/", f"{other}/merging/{one}/"):
        assert narrow.get(f"{business.base}customers/{url}").status_code == 404
        assert narrow.post(f"{business.base}customers/{url}").status_code == 404


def test_side_by_side_says_what_differs_and_merges_as_chosen(
    business: Business, owner_client: Client, stranger_client: Client, pairs: list[Likeness]
) -> None:
    pair = pairs[0]
    url = f"{business.base}customers/{pair.first_id}/merging/{pair.second_id}/"
    page = owner_client.get(url).content.decode()
    assert page.count('name="field:attributes.talla"') == 2
    assert 'name="field:name"' in page
    assert stranger_client.get(url).status_code == 404
    assert business.client(business.add_member(Role.ANALYST)).post(url).status_code == 403
    himself = f"{business.base}customers/{pair.first_id}/"
    assert owner_client.get(f"{himself}merging/{pair.first_id}/")["Location"] == himself
    chosen = {
        "keep": str(pair.second_id),
        "field:name": str(pair.first_id),
        "field:attributes.talla": str(pair.second_id),
        "field:nonsense": "x",
    }
    response = owner_client.post(url, chosen)
    assert response["Location"] == f"{business.base}customers/{pair.second_id}/"
    with tenant_scope(business.tenant.id):
        kept = Customer.objects.get(pk=pair.second_id)
        made = CustomerMerge.objects.get()
        state = Likeness.objects.get(pk=pair.pk).state
    assert (kept.name, kept.attributes["talla"], state) == (pair.first.name, "M", "same")
    owner_client.post(f"{business.base}customers/merges/{made.pk}/undoing/")
    with tenant_scope(business.tenant.id):
        now = {one.pk: (one.name, one.updated_at) for one in Customer.objects.all()}
    assert now[pair.second_id] == (pair.second.name, pair.second.updated_at)
    assert now[pair.first_id] == (pair.first.name, pair.first.updated_at)


def test_only_the_certain_are_merged_at_once_and_taken_back_together(
    business: Business, owner_client: Client, stranger_client: Client, pairs: list[Likeness]
) -> None:
    url = f"{business.base}customers/duplicates/merging/"
    assert stranger_client.post(url).status_code == 404
    assert business.client(business.add_member(Role.ANALYST)).post(url).status_code == 403
    assert (owner_client.post(url).status_code, merged(business)) == (302, 1)
    with tenant_scope(business.tenant.id):
        made = CustomerMerge.objects.get()
    assert made.target_id == pairs[0].first_id
    assert stranger_client.post(url, {"undo": str(made.batch)}).status_code == 404
    assert owner_client.post(url, {"undo": "x\x00"}).status_code == 404
    assert (owner_client.post(url, {"undo": str(made.batch)}).status_code, merged(business)) == (302, 0)


def test_looking_again_is_begun_by_members_who_may_write(
    business: Business, owner_client: Client, stranger_client: Client
) -> None:
    url = f"{business.base}customers/duplicates/looking/"
    assert stranger_client.post(url).status_code == 404
    assert business.client(business.add_member(Role.ANALYST)).post(url).status_code == 403
    narrow = business.client(business.add_member(sees="own"))
    assert narrow.post(url).status_code == 404
    assert owner_client.post(url).status_code == 302
    assert "progress" not in narrow.get(f"{business.base}customers/duplicates/").content.decode()
    assert "progress" in owner_client.get(f"{business.base}customers/duplicates/").content.decode()


def test_api_tells_and_merges_the_same(business: Business, pairs: list[Likeness]) -> None:
    api = Api(key_for(business))
    listed = api.get("customers/likenesses/?reason=phone").json()["data"]
    assert [one["id"] for one in listed] == [str(pairs[1].pk)]
    assert (listed[0]["score"] > 85, listed[0]["is_certain"]) == (True, False)
    wrong = api.post(
        "customers/merges/",
        {
            "source_id": str(pairs[1].first_id),
            "target_id": str(pairs[1].second_id),
            "fields": {"shoe": "source"},
        },
    )
    assert wrong.status_code == 422
    made = api.post(
        "customers/merges/",
        {
            "source_id": str(pairs[1].first_id),
            "target_id": str(pairs[1].second_id),
            "fields": {"name": "source"},
        },
    )
    assert made.status_code == 201
    with tenant_scope(business.tenant.id):
        assert Customer.objects.get(pk=pairs[1].second_id).name == "Rocío Zamudio"
    assert api.post("customers/likenesses/certain/").json()["merged"] == 1
    assert api.post("customers/likenesses/looking/").json()["total"] == 2
    assert api.get("customers/likenesses/looking/").json()["looked"] == 0
