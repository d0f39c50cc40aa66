"""Imports and exports by programs."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from crm.exports import engine as exports
from crm.imports import engine
from crm.models import Customer
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.factories.tenants import Business

FILE = b"Nombre;Tel;Ciudad\nAna;3312345678;Tala\nMala;12;\n"


def send(api: Api, content: bytes = FILE, **fields: Any) -> Any:
    data = {"file": SimpleUploadedFile("clientes.csv", content), "target": "customers", **fields}
    return api.client.post("/api/v1/imports/", data)


def work(business: Business, job_id: str) -> None:
    while engine.advance(business.tenant.id, job_id):
        pass


def test_file_goes_all_the_way_and_back(
    business: Business, api: Api, stranger: Api, limited: Callable[..., Api]
) -> None:
    answer = send(api)
    assert (answer.status_code, answer.json()["state"]) == (201, "reading")
    path = f"imports/{answer.json()['id']}/"
    work(business, answer.json()["id"])
    job = api.get(path).json()
    assert (job["state"], job["columns"], job["mapping"]) == (
        "ready",
        ["Nombre", "Tel", "Ciudad"],
        ["name", "phone", ""],
    )
    assert job["format"] == {
        "kind": "csv", "encoding": "utf-8", "delimiter": ";", "sheet": "", "sheets": [], "has_header": True,
    }  # fmt: skip
    assert api.post(f"{path}columns/", {"mapping": ["name"]}).status_code == 422
    assert (
        api.post(f"{path}columns/", {"mapping": ["name", "phone", "new:text"], "key": "phone"}).status_code
        == 200
    )
    work(business, job["id"])
    counts = {"created": 1, "changed": 0, "same": 0, "refused": 1, "repeated": 0}
    assert api.get(path).json()["checked"] == counts
    for caller, status in ((stranger, 404), (limited("customers:read"), 403)):
        assert caller.get(path).status_code == status
        assert caller.post(f"{path}start/").status_code == status
    assert api.post(f"{path}start/").status_code == 200
    assert api.post(f"{path}start/").status_code == 409
    work(business, job["id"])
    assert api.get(path).json()["counts"] == counts
    problems = b"".join(api.get(f"{path}problems/").streaming_content).decode()
    assert "Mala,12," in problems
    with tenant_scope(business.tenant.id):
        assert Customer.objects.get().attributes == {"Ciudad": "Tala"}
    assert api.post(f"{path}undoing/").json()["state"] == "undoing"
    work(business, job["id"])
    assert api.get(path).json()["state"] == "undone"
    with tenant_scope(business.tenant.id):
        assert Customer.objects.count() == 0
    assert [one["id"] for one in api.get("imports/").json()["data"]] == [job["id"]]


def test_all_or_nothing_imports_nothing(business: Business, api: Api) -> None:
    job = send(api).json()
    work(business, job["id"])
    api.post(f"imports/{job['id']}/columns/", {"mode": "all"})
    work(business, job["id"])
    assert api.post(f"imports/{job['id']}/start/").status_code == 422
    assert api.post(f"imports/{job['id']}/cancellation/").json()["state"] == "cancelled"


def test_odd_files_are_refused(api: Api) -> None:
    assert api.post("imports/", {"target": "customers"}).status_code == 422
    assert send(api, b"").status_code == 422
    assert send(api, target="planets").status_code == 422
    assert send(api, encoding="klingon").status_code == 422
    assert send(api, delimiter="x").status_code == 422


def test_export_is_made_and_taken(business: Business, api: Api, stranger: Api) -> None:
    answer = api.post("exports/", {"target": "customers", "format": "xlsx"})
    assert (answer.status_code, answer.json()["state"]) == (201, "waiting")
    path = f"exports/{answer.json()['id']}/"
    assert api.get(f"{path}file/").status_code == 409
    exports.advance(business.tenant.id, answer.json()["id"])
    assert (api.get(path).json()["state"], stranger.get(path).status_code) == ("done", 404)
    assert b"".join(api.get(f"{path}file/").streaming_content).startswith(b"PK")
    assert api.post("exports/", {"columns": ["nope"]}).status_code == 422
    assert api.post("exports/", {"label_id": answer.json()["id"]}).status_code == 422
