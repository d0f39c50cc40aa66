"""Drafts from a page or a document: looked at, ticked, kept; owner, agent, stranger."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conversations import knowledge
from conversations.models import ArticleVersion
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business

TEXT = "# Envíos\nA todo el país.\n\n# Cambios\nQuince días."


def test_owner_keeps_what_he_ticks_as_drafts(business: Business, owner_client: Client) -> None:
    url = f"{business.base}settings/knowledge/reading/"
    looked = owner_client.post(
        url, {"op": "look", "file": SimpleUploadedFile("a.md", TEXT.encode()), "language": "es"}
    )
    assert [row["question"] for row in looked.context["rows"]] == ["Envíos", "Cambios"]
    send = {"op": "keep", "rows": looked.context["rows_json"], "row": ["1"], "language": "es"}
    assert owner_client.post(url, send)["Location"].endswith("settings/knowledge/?state=draft")
    with tenant_scope(business.tenant.id):
        assert list(ArticleVersion.objects.values_list("question", "answer", "state")) == [
            ("Cambios", "Quince días.", "draft")
        ]
        assert knowledge.published() == []


def test_nothing_to_read_is_said(business: Business, owner_client: Client) -> None:
    url = f"{business.base}settings/knowledge/reading/"
    for data in (
        {},
        {"text": "nada"},
        {"url": "http://127.0.0.1/"},
        {"op": "keep", "rows": "[]"},
        {"op": "keep", "rows": "x"},
    ):
        assert owner_client.post(url, data).status_code == 422, data


def test_agent_and_stranger_read_nothing_in(
    business: Business, teammate_client: Client, stranger_client: Client
) -> None:
    url = f"{business.base}settings/knowledge/reading/"
    assert teammate_client.post(url, {"text": TEXT}).status_code == 403
    assert stranger_client.post(url, {"text": TEXT}).status_code == 404
