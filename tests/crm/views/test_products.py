"""The list of products: owner, agent who reads, stranger."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm.actions.products import write_product
from crm.models import Product
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business
from tests.factories.undo import press_undo

FORM: dict[str, Any] = {
    "name": "Casco Sierra",
    "sku": "CS-1",
    "price": "$1,150.00",
    "currency": "MXN",
    "stock": "4",
    "aliases": "casco negro\ncasco de ruta",
    "url": "",
    "is_active": "on",
}


def url(business: Business, tail: str = "") -> str:
    return f"{business.base}settings/products/{tail}"


def kept(business: Business) -> list[tuple[Any, ...]]:
    with tenant_scope(business.tenant.id):
        return list(Product.objects.order_by("name").values_list("name", "price", "stock", "is_active"))


@pytest.fixture
def product(business: Business) -> Product:
    with tenant_scope(business.tenant.id):
        return write_product(by=business.actor(), name="Cámara 29", price="129", stock=0)


def test_owner_writes_changes_deletes_and_brings_back(business: Business, owner_client: Client) -> None:
    assert "Escribir el primer producto" in owner_client.get(url(business)).text
    assert owner_client.post(url(business, "new/"), FORM).status_code == 302
    assert [(name, f"{price}", stock) for name, price, stock, _ in kept(business)] == [
        ("Casco Sierra", "1150.00", 4)
    ]
    with tenant_scope(business.tenant.id):
        found = Product.objects.get()
    assert found.aliases == ["casco negro", "casco de ruta"]
    owner_client.post(url(business, f"{found.pk}/"), {**FORM, "stock": "", "price": ""})
    assert kept(business) == [("Casco Sierra", None, None, True)]
    press_undo(owner_client, owner_client.post(url(business, f"{found.pk}/removal/")))
    assert kept(business) == [("Casco Sierra", None, None, True)]


def test_form_says_what_is_wrong(business: Business, owner_client: Client) -> None:
    for field, value in {
        "price": "mucho",
        "stock": "1.5",
        "url": "javascript:alert(1)",
        "currency": "X",
    }.items():
        refused = owner_client.post(url(business, "new/"), {**FORM, field: value})
        assert (refused.status_code, kept(business)) == (422, []), field


def test_list_is_searched_and_narrowed(business: Business, product: Product, owner_client: Client) -> None:
    assert "Cámara 29" in owner_client.get(url(business), {"q": "CAMARA"}).text
    assert "Cámara 29" in owner_client.get(url(business), {"state": "out"}).text
    assert "Cámara 29" not in owner_client.get(url(business), {"state": "gone"}).text


def test_file_is_looked_at_and_imported_and_the_same_again_changes_nothing(
    business: Business, product: Product, owner_client: Client
) -> None:
    text = 'Código,Producto,Precio,Existencia\nCS-1,Casco Sierra,"$1,150",3\n,Cámara 29,139,x\n'
    looked = owner_client.post(
        url(business, "import/"), {"op": "look", "file": SimpleUploadedFile("p.csv", text.encode())}
    )
    assert (looked.context["done"].counts, len(kept(business))) == (
        {"created": 1, "changed": 0, "unchanged": 0, "refused": 1}, 1,
    )  # fmt: skip
    send = {"op": "import", "only_good": "1", "rows": looked.context["rows_json"]}
    assert owner_client.post(url(business, "import/"), send).status_code == 302
    assert len(kept(business)) == 2
    again = owner_client.post(
        url(business, "import/"), {"op": "look", "file": SimpleUploadedFile("p.csv", text.encode())}
    )
    assert again.context["done"].counts["unchanged"] == 1


def test_agent_reads_and_writes_nothing_and_stranger_finds_nothing(
    business: Business, product: Product, teammate_client: Client, stranger_client: Client
) -> None:
    assert teammate_client.get(url(business)).status_code == 200
    assert teammate_client.post(url(business, f"{product.pk}/removal/")).status_code == 403
    assert stranger_client.get(url(business)).status_code == 404
    assert len(kept(business)) == 1
