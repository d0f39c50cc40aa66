"""Drafts from a page or a document: read by a worker, ticked, kept; owner, agent, stranger."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conversations import knowledge
from conversations.actions import readings
from conversations.models import ArticleVersion, Reading
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business

TEXT = "# Envíos\nA todo el país.\n\n# Cambios\nQuince días."
HTMX = {"HX-Request": "true"}


def url(business: Business) -> str:
    return f"{business.base}settings/knowledge/reading/"


def test_owner_keeps_what_he_ticks_as_drafts(business: Business, owner_client: Client) -> None:
    begun = owner_client.post(
        url(business), {"file": SimpleUploadedFile("a.md", TEXT.encode()), "language": "es"}
    )
    at = begun["Location"]
    waiting = owner_client.get(at, headers=HTMX)
    assert ("hx-get" in waiting.text, "HX-Refresh" in waiting) == (True, False)
    with tenant_scope(business.tenant.id):
        reading = Reading.objects.get()
    early = owner_client.post(f"{at}keeping/", {"row": ["1"]})
    assert early["Location"] == at
    readings.work(business.tenant.id, reading.pk)
    assert owner_client.get(at, headers=HTMX)["HX-Refresh"] == "true"
    assert "A todo el país." in owner_client.get(at).text
    kept = owner_client.post(f"{at}keeping/", {"row": ["1", "x", "9"]})
    assert kept["Location"].endswith("settings/knowledge/?state=draft")
    with tenant_scope(business.tenant.id):
        assert list(ArticleVersion.objects.values_list("question", "answer", "state")) == [
            ("Cambios", "Quince días.", "draft")
        ]
        assert knowledge.published() == []


def test_nothing_to_read_is_said(business: Business, owner_client: Client) -> None:
    assert owner_client.post(url(business), {}).status_code == 422
    given = (({"text": "nada"}, "ninguna pregunta"), ({"url": "http://127.0.0.1/"}, "No se pudo leer"))
    for data, said in given:
        at = owner_client.post(url(business), data)["Location"]
        readings.work(business.tenant.id, at.rstrip("/").rpartition("/")[2])
        assert said in owner_client.get(at).text


def test_agent_and_stranger_read_nothing_in(
    business: Business, owner_client: Client, teammate_client: Client, stranger_client: Client
) -> None:
    at = owner_client.post(url(business), {"text": TEXT})["Location"]
    assert teammate_client.post(url(business), {"text": TEXT}).status_code == 403
    assert stranger_client.post(url(business), {"text": TEXT}).status_code == 404
    assert [one.get(at).status_code for one in (teammate_client, stranger_client)] == [403, 404]
    assert stranger_client.post(f"{at}keeping/", {"row": ["0"]}).status_code == 404
