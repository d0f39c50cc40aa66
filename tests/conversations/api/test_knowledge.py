"""The business's answers for integrators: write, publish, versions, import."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from conversations import knowledge
from conversations.actions import readings
from conversations.models import Article
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.factories.knowledge import HOURS, make_article
from tests.factories.tenants import Business


@pytest.fixture
def article(business: Business) -> Article:
    with tenant_scope(business.tenant.id):
        return make_article(business)


def answers(business: Business) -> list[str]:
    with tenant_scope(business.tenant.id):
        return [one.answer for one in knowledge.published()]


def problem(response: Any) -> tuple[int, str]:
    """Status and the place of the first error."""
    errors = response.json().get("errors") or [{}]
    return response.status_code, errors[0].get("pointer", "")


def test_article_is_written_changed_published_and_rolled_back(business: Business, api: Api) -> None:
    made = api.post("knowledge/", {**HOURS, "buttons": [{"title": "Mapa"}]}, key="uno").json()
    assert api.post("knowledge/", {**HOURS, "buttons": [{"title": "Mapa"}]}, key="uno").json() == made
    said = made["published"]
    assert (made["draft"], said["version"], said["buttons"], said["source"]) == (
        None, 1, [{"title": "Mapa"}], "api",
    )  # fmt: skip
    at = f"knowledge/{made['id']}/"
    changed = api.patch(at, {"answer": "De 9 a 18 h.", "publish": False}).json()
    assert (changed["published"]["version"], changed["draft"]["question"]) == (1, HOURS["question"])
    assert answers(business) == [HOURS["answer"]]
    assert api.post(f"{at}publish/").json()["published"]["version"] == 2
    assert problem(api.post(f"{at}publish/"))[0] == 409
    assert api.post(f"{at}roll-back/", {"version": 1}).json()["published"]["version"] == 1
    assert problem(api.post(f"{at}roll-back/", {"version": 7})) == (409, "/version")
    assert [one["state"] for one in api.get(f"{at}versions/").json()["data"]] == ["past", "published"]
    assert api.get(at).json()["published"]["answer"] == HOURS["answer"]


def test_draft_is_discarded_by_the_api(business: Business, api: Api, article: Article) -> None:
    at = f"knowledge/{article.pk}/"
    api.patch(at, {"answer": "x", "publish": False})
    assert [api.delete(f"{at}draft/").status_code, api.delete(f"{at}draft/").status_code] == [204, 409]


def test_deleted_article_is_in_the_archive_and_comes_back(
    business: Business, api: Api, article: Article
) -> None:
    at = f"knowledge/{article.pk}/"
    assert (api.delete(at).status_code, answers(business)) == (204, [])
    assert api.get("knowledge/").json()["data"] == []
    assert [one["id"] for one in api.get("knowledge/?state=archived").json()["data"]] == [str(article.pk)]
    assert problem(api.patch(at, {"answer": "x"}))[0] == 409
    assert api.post(f"{at}restoration/").json()["archived_at"] is None
    assert len(answers(business)) == 1


def test_list_is_filtered_and_goes_on_by_cursor(business: Business, api: Api) -> None:
    for number in range(3):
        api.post("knowledge/", {"question": f"¿Envían {number}?", "answer": "Sí", "category": "sales"})
    api.post("knowledge/", HOURS)
    first = api.get("knowledge/?q=envian&limit=2").json()
    rest = api.get("knowledge/", {"q": "envian", "limit": 2, "cursor": first["next_cursor"]}).json()
    asked = [one["published"]["question"] for one in first["data"] + rest["data"]]
    assert asked == ["¿Envían 2?", "¿Envían 1?", "¿Envían 0?"]
    assert len(api.get("knowledge/?category=general&language=es").json()["data"]) == 1
    assert api.get("knowledge/?state=odd").status_code == 400


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"question": "¿Abren?", "answer": " "}, "/answer"),
        ({"question": "¿Abren?"}, "/answer"),
        ({**HOURS, "language": "fr"}, "/language"),
        ({**HOURS, "channel_kinds": ["fax"]}, "/channel_kinds"),
        ({**HOURS, "buttons": [{"title": "x" * 21}]}, "/buttons"),
        ({**HOURS, "colour": "red"}, "/colour"),
    ],
)
def test_content_that_cannot_be_kept_is_a_problem(
    business: Business, api: Api, body: dict[str, Any], pointer: str
) -> None:
    assert problem(api.post("knowledge/", body)) == (422, pointer)
    assert answers(business) == []


def test_import_is_tried_and_then_written(business: Business, api: Api, article: Article) -> None:
    rows = [
        {"question": "a que hora abren", "answer": "De 9 a 18 h."}, {"question": "¿Envían?", "answer": "Sí"},
        7,
    ]  # fmt: skip
    tried = api.post("knowledge/import/", {"rows": rows, "dry_run": True, "only_good": True}).json()
    assert [one["outcome"] for one in tried["results"]] == ["changed", "created", "refused"]
    assert (tried["written"], tried["results"][2]["row"], bool(tried["results"][2]["reason"])) == (
        False, 3, True,
    )  # fmt: skip
    assert api.post("knowledge/import/", {"rows": rows}).json()["written"] is False
    assert answers(business) == [HOURS["answer"]]
    assert api.post("knowledge/import/", {"rows": rows, "only_good": True}).json()["written"] is True
    assert answers(business) == ["De 9 a 18 h.", "Sí"]
    assert problem(api.post("knowledge/import/", {"rows": [{}] * 1_001})) == (422, "/rows")
    assert problem(api.post("knowledge/import/", {"rows": []})) == (422, "/rows")


def test_key_that_only_reads_writes_nothing(limited: Callable[..., Api], article: Article) -> None:
    reader, blind = limited("knowledge:read"), limited("conversations:read")
    at = f"knowledge/{article.pk}/"
    assert (reader.get(at).status_code, blind.get(at).status_code) == (200, 403)
    refused = [
        reader.post("knowledge/", HOURS), reader.patch(at, {"answer": "x"}), reader.delete(at),
        reader.post(f"{at}publish/"), reader.delete(f"{at}draft/"),
        reader.post(f"{at}roll-back/", {"version": 1}), reader.post(f"{at}restoration/"),
        reader.post("knowledge/import/", {"rows": [HOURS]}),
    ]  # fmt: skip
    assert [one.status_code for one in refused] == [403] * 8


def test_article_of_another_business_does_not_exist(stranger: Api, article: Article) -> None:
    at = f"knowledge/{article.pk}/"
    answered = [
        stranger.get(at), stranger.get(f"{at}versions/"), stranger.patch(at, {"answer": "x"}),
        stranger.delete(at), stranger.post(f"{at}publish/"), stranger.delete(f"{at}draft/"),
        stranger.post(f"{at}roll-back/", {"version": 1}), stranger.post(f"{at}restoration/"),
    ]  # fmt: skip
    assert [one.status_code for one in answered] == [404] * 8
    assert stranger.get("knowledge/").json()["data"] == []


def test_files_of_an_answer_are_versioned_by_the_api(
    business: Business, api: Api, stranger: Api, limited: Callable[..., Api], article: Article
) -> None:
    at = f"knowledge/{article.pk}/"
    body = {"name": "precios.txt", "content": b64encode(b"Precios").decode()}
    made = api.post(f"{at}files/", body).json()
    assert (made["name"], made["size"]) == ("precios.txt", 7)
    one = f"{at}files/{made['id']}/"
    said = api.get(at).json()["published"]
    assert (said["version"], said["file_ids"], said["source"]) == (2, [made["id"]], "api")
    assert api.get(f"{one}content/").getvalue() == b"Precios"
    assert api.delete(f"{one}?publish=false").status_code == 204
    assert (api.get(at).json()["published"]["file_ids"], api.get(at).json()["draft"]["file_ids"]) == (
        [made["id"]], [],
    )  # fmt: skip
    assert api.post(f"{at}publish/").status_code == 200
    assert problem(api.delete(one)) == (422, "/file")
    assert [row["id"] for row in api.get(f"{at}files/").json()["data"]] == [made["id"]]
    assert api.get(one).json() == made
    assert api.delete(f"{one}?publish=maybe").status_code == 400
    assert problem(api.post(f"{at}files/", {**body, "content": "?"})) == (422, "/content")
    doors = [("get", at + "files/"), ("post", at + "files/"), ("get", one), ("get", one + "content/")]
    assert [getattr(stranger, how)(path, body).status_code for how, path in doors] == [404] * 4
    assert stranger.delete(one).status_code == 404
    reader = limited("knowledge:read")
    assert [reader.post(f"{at}files/", body).status_code, reader.delete(one).status_code] == [403, 403]
    assert reader.get(f"{at}files/").status_code == 200
    assert limited("conversations:read").get(one).status_code == 403


def test_help_centre_is_opened_by_the_api(
    business: Business, api: Api, limited: Callable[..., Api], article: Article, client: Client
) -> None:
    found = api.get("help-centre/").json()
    public = f"/h/{business.tenant.slug}/"
    assert (found["is_open"], found["answers"], found["url"].endswith(public)) == (False, 1, True)
    assert client.get(public).status_code == 404
    assert api.patch("help-centre/", {"is_open": True}).json() == {**found, "is_open": True}
    assert client.get(public).status_code == 200
    assert problem(api.patch("help-centre/", {})) == (422, "/is_open")
    reader = limited("knowledge:read")
    assert reader.get("help-centre/").json()["is_open"] is True
    assert reader.patch("help-centre/", {"is_open": False}).status_code == 403
    assert limited("settings:write").get("help-centre/").status_code == 403


def test_document_is_read_by_a_worker_and_its_drafts_kept(
    business: Business, api: Api, stranger: Api, limited: Callable[..., Api]
) -> None:
    content = b64encode("# Envíos\nA todo el país.\n\n# Cambios\nQuince días.".encode()).decode()
    begun = api.post("knowledge/readings/", {"file": {"name": "a.md", "content": content}})
    assert (begun.status_code, begun.json()["state"], begun.json()["drafts"]) == (202, "waiting", [])
    at = f"knowledge/readings/{begun.json()['id']}/"
    assert problem(api.post(f"{at}keeping/", {"drafts": [0]}))[0] == 409
    readings.work(business.tenant.id, begun.json()["id"])
    done = api.get(at).json()
    assert (done["state"], [one["question"] for one in done["drafts"]]) == ("done", ["Envíos", "Cambios"])
    assert api.post(f"{at}keeping/", {"drafts": [1]}).json() == {"kept": 1}
    assert [one["draft"]["question"] for one in api.get("knowledge/").json()["data"]] == ["Cambios"]
    assert problem(api.post("knowledge/readings/", {})) == (422, "/text")
    assert stranger.get(at).status_code == 404
    assert stranger.post(f"{at}keeping/", {"drafts": [0]}).status_code == 404
    reader = limited("knowledge:read")
    assert [reader.get(at).status_code, reader.post("knowledge/readings/", {}).status_code] == [403, 403]
