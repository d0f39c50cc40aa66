"""Imports and exports by page and by API: owner, teammate, stranger, and one who sees only his own."""

import io
from typing import Any

import pytest
from django.test import Client

from crm.exports import engine as export_engine
from crm.models import Customer, Export, Import
from tenants.permissions import Role, Sees
from tenants.scoping import tenant_scope
from tests.crm.imports.helpers import bring_in, export, take, work
from tests.factories.crm import make_customer
from tests.factories.tenants import Business

FILE = "Nombre,Teléfono\nAna,3312345678\nMala,12\n"


def upload(client: Client, business: Business, content: bytes | str = FILE, **fields: Any) -> Any:
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = "clientes.csv"
    data = {"target": "customers", "file": file, **fields}
    return client.post(f"{business.base}customers/imports/new/", data)


def last(business: Business) -> Import:
    with tenant_scope(business.tenant.id):
        return Import.objects.latest("id")


def test_four_steps_by_page(business: Business, owner_client: Client) -> None:
    assert owner_client.get(f"{business.base}customers/imports/new/").status_code == 200
    answer = upload(owner_client, business)
    job = last(business)
    path = f"{business.base}customers/imports/{job.pk}/"
    assert (answer.status_code, answer.url, job.state) == (302, path, "reading")
    assert "hx-trigger" in owner_client.get(path).content.decode()
    assert work(business, job).state == "ready"
    page = owner_client.get(path)
    assert [column["code"] for column in page.context["columns"]] == ["name", "phone"]
    given = {"column-0": "name", "column-1": "phone", "key": "phone", "mode": "good"}
    assert owner_client.post(f"{path}columns/", given).url == path
    assert work(business, job).checked == {"created": 1, "changed": 0, "same": 0, "refused": 1, "repeated": 0}
    page = owner_client.get(path)
    assert [(row.outcome, row.name) for row in page.context["preview"]] == [
        ("created", "Ana"),
        ("refused", "Mala"),
    ]
    problems = owner_client.get(f"{path}problems/")
    assert b"Mala,12," in b"".join(problems.streaming_content)
    with tenant_scope(business.tenant.id):
        assert Customer.objects.count() == 0
    owner_client.post(f"{path}start/")
    assert work(business, job).state == "done"
    assert owner_client.get(path).context["can_undo"] is True
    owner_client.post(f"{path}undoing/")
    assert work(business, job).state == "undone"
    assert owner_client.get(path).status_code == 200
    with tenant_scope(business.tenant.id):
        assert Customer.objects.count() == 0
    assert [
        row["job"].pk for row in owner_client.get(f"{business.base}customers/imports/").context["rows"]
    ] == [job.pk]


def test_file_is_read_in_another_way(business: Business, owner_client: Client) -> None:
    job = take(business, "nombre|tel\nAna|3312345678\n", delimiter=",")
    path = f"{business.base}customers/imports/{job.pk}/"
    assert job.columns == ["nombre|tel"]
    owner_client.post(f"{path}reading/", {"delimiter": "|", "encoding": "utf-8", "header": "1"})
    assert work(business, job).columns == ["nombre", "tel"]
    owner_client.post(f"{path}cancellation/")
    assert last(business).state == "cancelled"


@pytest.mark.parametrize(
    "tail", ["", "reading/", "columns/", "start/", "cancellation/", "undoing/", "problems/"]
)
def test_strangers_and_agents_find_nothing(
    business: Business, other: Business, stranger_client: Client, teammate_client: Client, tail: str
) -> None:
    job = take(business, FILE)
    for client, base, status in (
        (stranger_client, business.base, 404),
        (stranger_client, other.base, 404),
        (teammate_client, business.base, 403),
    ):
        path = f"{base}customers/imports/{job.pk}/{tail}"
        answer = client.get(path) if tail in {"", "problems/"} else client.post(path)
        assert answer.status_code == status


def test_narrowed_member_imports_exports_and_sees_his_own_alone(business: Business) -> None:
    member = business.add_member(Role.SUPERVISOR, Sees.OWN)
    job = take(business, FILE)
    client = business.client(member)
    assert client.get(f"{business.base}customers/imports/{job.pk}/").status_code == 404
    with tenant_scope(business.tenant.id):
        make_customer("Ajena", phone="3312345678")
    by = business.actor(member)
    assert export(business, by=by).decode().count("\n") == 1
    own = take(business, "Nombre,Teléfono\nAna,3312345678\nBeto,3387654321\n", by=by)
    client.post(
        f"{business.base}customers/imports/{own.pk}/columns/", {"column-0": "name", "column-1": "phone"}
    )
    own = work(business, own)
    assert own.checked == {"created": 1, "changed": 0, "same": 0, "refused": 1, "repeated": 0}
    page = client.get(f"{business.base}customers/imports/{own.pk}/").content.decode()
    assert "Ajena" not in page


def test_too_large_a_file_is_refused_before_it_lands(
    business: Business, owner_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenants.kit.uploads.LARGEST", 1_000)
    answer = upload(owner_client, business, b"a,b\n" * 1_000)
    assert (answer.status_code, "100" in answer.content.decode()) == (422, True)
    with tenant_scope(business.tenant.id):
        assert Import.objects.count() == 0


def test_export_is_given_to_the_one_who_asked(
    business: Business, owner_client: Client, stranger_client: Client
) -> None:
    bring_in(business, FILE)
    answer = owner_client.post(
        f"{business.base}customers/exports/",
        {"target": "customers", "format": "csv", "columns": ["name", "phone"]},
    )
    assert answer.status_code == 302
    with tenant_scope(business.tenant.id):
        made = Export.objects.get()
    path = f"{business.base}customers/exports/{made.pk}/file/"
    assert owner_client.get(path).status_code == 404
    export_engine.advance(business.tenant.id, made.pk)
    export_engine.advance(business.tenant.id, made.pk)
    assert owner_client.get(f"{business.base}customers/exports/").status_code == 200
    content = b"".join(owner_client.get(path).streaming_content).decode()
    assert content == "\ufeffFull name,Phone\r\nAna,+52 33 1234 5678\r\n" or "Ana,+52 33 1234 5678" in content
    colleague = business.client(business.add_member(Role.ADMIN))
    assert (colleague.get(path).status_code, stranger_client.get(path).status_code) == (404, 404)
