"""Labels in the settings."""

import pytest
from django.test import Client

from crm.models import Label
from tenants.permissions import Role
from tenants.scoping import tenant_scope
from tests.factories.crm import make_customer, make_label
from tests.factories.tenants import Business


def names(business: Business) -> list[tuple[str, str]]:
    with tenant_scope(business.tenant.id):
        return list(Label.objects.values_list("name", "color"))


def test_labels_are_made_changed_and_removed(business: Business) -> None:
    client = business.client(business.add_member(Role.SUPERVISOR))
    path = f"{business.base}customers/labels/"
    assert "empty-title" in client.get(path).content.decode()
    assert client.post(f"{path}new/", {"name": "VIP", "color": "teal"}).url == path
    with tenant_scope(business.tenant.id):
        label = Label.objects.get()
        make_customer("Ana").label_links.create(label=label)
    page = client.get(path)
    assert [(found.name, found.customers_count) for found in page.context["labels"]] == [("VIP", 1)]
    assert client.get(f"{path}{label.id}/").status_code == 200
    assert client.post(f"{path}{label.id}/", {"name": "Mayoreo", "color": "red"}).url == path
    assert names(business) == [("Mayoreo", "red")]
    assert client.post(f"{path}{label.id}/removal/").url == path
    assert names(business) == []


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"name": "vip", "color": "teal"},
        {"name": "x", "color": "plaid"},
        {"name": "a\x00", "color": "red"},
    ],
)
def test_wrong_labels_are_shown_again(business: Business, owner_client: Client, data: dict[str, str]) -> None:
    with tenant_scope(business.tenant.id):
        make_label("VIP")
        other_label = make_label("Taller")
    path = f"{business.base}customers/labels/"
    assert owner_client.post(f"{path}new/", data).status_code == 422
    assert owner_client.post(f"{path}{other_label.id}/", data).status_code == 422
    assert names(business) == [("Taller", "teal"), ("VIP", "teal")]


def test_agents_read_and_strangers_find_nothing(
    business: Business, teammate_client: Client, stranger_client: Client, other: Business
) -> None:
    with tenant_scope(business.tenant.id):
        label = make_label("VIP")
    path = f"customers/labels/{label.id}/"
    assert teammate_client.get(f"{business.base}customers/labels/").status_code == 200
    for tail in ("", "removal/"):
        assert teammate_client.post(business.base + path + tail).status_code == 403
        assert stranger_client.post(business.base + path + tail).status_code == 404
        assert stranger_client.post(other.base + path + tail).status_code == 404
    assert stranger_client.get(f"{business.base}customers/labels/").status_code == 404
    assert names(business) == [("VIP", "teal")]
