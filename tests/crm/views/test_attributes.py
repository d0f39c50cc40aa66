"""The facts of a business in its settings."""

from typing import Any

import pytest
from django.test import Client

from crm.models import Attribute, Customer
from tenants.permissions import Role, Sees
from tenants.scoping import tenant_scope
from tests.factories.crm import make_customer
from tests.factories.tenants import Business


def kept(business: Business) -> list[tuple[str, str, list[str]]]:
    with tenant_scope(business.tenant.id):
        return list(Attribute.objects.values_list("name", "kind", "options"))


def test_facts_are_defined_changed_moved_and_archived(business: Business, owner_client: Client) -> None:
    path = f"{business.base}settings/facts/"
    assert "empty-title" in owner_client.get(path).content.decode()
    with tenant_scope(business.tenant.id):
        ana = make_customer("Ana", attributes={"Talla": "m"})
        make_customer("Eva", attributes={"Talla": "enorme"})
    new = {"name": "Talla", "kind": "choice", "hint": "", "was": ["", ""], "option": ["S", "M"]}
    page = owner_client.post(f"{path}new/", new, follow=True)
    with tenant_scope(business.tenant.id):
        size = Attribute.objects.get()
    text = page.content.decode()
    assert page.redirect_chain == [(f"{path}{size.id}/", 302)]
    assert (page.context["found"]["unfit"], page.context["found"]["ready"], "enorme" in text) == (1, 1, True)
    owner_client.post(f"{path}{size.id}/conversion/")
    with tenant_scope(business.tenant.id):
        assert [one.attributes["Talla"] for one in Customer.objects.order_by("pk")] == ["M", "enorme"]
    moved = owner_client.post(f"{path}{size.id}/", {**new, "was": ["S", "M"], "op": "down:0"})
    assert [line.now for line in moved.context["options"]] == ["M", "S"]
    assert kept(business) == [("Talla", "choice", ["S", "M"])]
    change = {**new, "was": ["M", "S"], "option": ["Mediana", "S"]}
    assert owner_client.post(f"{path}{size.id}/", change).url == f"{path}{size.id}/"
    assert kept(business) == [("Talla", "choice", ["Mediana", "S"])]
    with tenant_scope(business.tenant.id):
        assert Customer.objects.get(pk=ana.pk).attributes == {"Talla": "Mediana"}
    refused = owner_client.post(f"{path}{size.id}/", {**change, "kind": "number"}, follow=True)
    assert (refused.context["found"]["state"], kept(business)[0][1]) == ("refused", "choice")
    owner_client.post(f"{path}new/", {"name": "Estatura", "kind": "number"})
    owner_client.post(f"{path}{size.id}/place/", {"to": "down"})
    assert [name for name, _kind, _options in kept(business)] == ["Estatura", "Talla"]
    owner_client.post(f"{path}{size.id}/archiving/")
    page = owner_client.get(path)
    assert [[one.name for one in page.context[name]] for name in ("used", "archived")] == [
        ["Estatura"],
        ["Talla"],
    ]
    owner_client.post(f"{path}{size.id}/return/")
    assert owner_client.get(path).context["archived"] == []


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"name": "x", "kind": "plaid"},
        {"name": "x", "kind": "choice"},
        {"name": "x", "kind": "choice", "was": ["", ""], "option": ["Sí", "si"]},
        {"name": "x\x00", "kind": "choices", "was": [""], "option": ["a;b"]},
    ],
)
def test_wrong_facts_are_shown_again(business: Business, owner_client: Client, data: dict[str, Any]) -> None:
    assert owner_client.post(f"{business.base}settings/facts/new/", data).status_code == 422
    assert kept(business) == []


def test_odd_moves_change_nothing(business: Business, owner_client: Client) -> None:
    path = f"{business.base}settings/facts/new/"
    for op in ("up:99", "up:-1", "drop:²", f"up:{10**30}", "x", "\x00"):
        page = owner_client.post(
            path, {"name": "a", "kind": "choice", "was": [""], "option": ["S"], "op": op}
        )
        assert [line.now for line in page.context["options"]] == ["S"]


def test_agents_read_and_strangers_find_nothing(
    business: Business, teammate_client: Client, stranger_client: Client, other: Business
) -> None:
    with tenant_scope(business.tenant.id):
        made = Attribute.objects.create(key="Talla", name="Talla")
    path = f"settings/facts/{made.id}/"
    assert teammate_client.get(f"{business.base}settings/facts/").status_code == 200
    for tail in ("", "place/", "conversion/", "archiving/", "return/"):
        assert teammate_client.post(business.base + path + tail).status_code == 403
        assert stranger_client.post(business.base + path + tail).status_code == 404
        assert stranger_client.post(other.base + path + tail).status_code == 404
    assert kept(business) == [("Talla", "text", [])]


def test_who_sees_only_some_customers_sees_no_counts(business: Business) -> None:
    client = business.client(business.add_member(Role.ADMIN, sees=Sees.OWN))
    with tenant_scope(business.tenant.id):
        make_customer("Ana", attributes={"Talla": "enorme"})
    path = f"{business.base}settings/facts/"
    page = client.post(f"{path}new/", {"name": "Talla", "kind": "number"}, follow=True)
    assert (page.context["found"], "enorme" in page.content.decode()) == (None, False)
