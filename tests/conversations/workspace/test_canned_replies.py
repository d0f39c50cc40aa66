"""/settings/canned-replies/, the composer's picker, and the small language of canned replies."""

from typing import Any

import pytest
from django.test import Client

from conversations import canned
from conversations.models import CannedReply, Conversation
from tenants.models import AuditEvent
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_canned_reply, thread_url
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business
from tests.factories.undo import press_undo

VALUES = {"customer.first_name": "Ana", "customer.company": "", "agent.name": "Aldo"}


def replies(business: Business) -> list[tuple[str, str, str]]:
    with tenant_scope(business.tenant.id):
        return list(CannedReply.objects.values_list("shortcut", "title", "body"))


def save(client: Client, business: Business, path: str = "new/", **data: Any) -> Any:
    fields = {"title": "Horario", "shortcut": "horario", "body": "Abrimos a las 10."} | data
    return client.post(f"{business.base}settings/canned-replies/{path}", fields)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hola {{ customer.first_name }}.", "Hola Ana."),
        ("Hola {{customer.first_name}}", "Hola Ana"),
        ("Hola {{ customer.company | amigo mío }}!", "Hola amigo mío!"),
        ("Hola {{ customer.company }}, pasa", "Hola, pasa"),
        ("Sin nombres:  dos  espacios", "Sin nombres:  dos  espacios"),
        ("{{ customer.company | {% evil %} }}", "{% evil %}"),
    ],
)
def test_fill(text: str, filled: str) -> None:
    assert canned.fill(text, VALUES) == filled


def test_missing_names_what_has_neither_value_nor_fallback() -> None:
    text = "{{ customer.company }} {{ customer.company | x }} {{ agent.name }}"
    assert list(canned.missing(text, VALUES)) == ["customer.company"]


@pytest.mark.parametrize(
    "text",
    [
        "{{ customer.secret }}",
        "{{ customer.__class__ }}",
        "{{ }}",
        "{{ agent.name",
        "agent }}",
        "{{ a {{ b }} }}",
    ],
)
def test_check_refuses(text: str) -> None:
    with pytest.raises(canned.BadTemplate):
        canned.check(text)


def test_new_reply_is_kept_and_audited(owner_client: Client, business: Business) -> None:
    assert save(owner_client, business, shortcut="Horario").status_code == 302
    assert replies(business) == [("horario", "Horario", "Abrimos a las 10.")]
    with tenant_scope(business.tenant.id):
        assert AuditEvent.objects.filter(action="canned_reply.created").count() == 1


def test_unknown_name_is_explained(owner_client: Client, business: Business) -> None:
    response = save(owner_client, business, body="Hola {{ cliente }}")
    assert response.status_code == 422
    assert "cliente" in response.context["form"].errors["body"][0]
    assert replies(business) == []


def test_shortcut_is_taken_once(owner_client: Client, business: Business, other: Business) -> None:
    with tenant_scope(other.tenant.id):
        make_canned_reply("envio")
    with tenant_scope(business.tenant.id):
        first = make_canned_reply("horario")
    assert save(owner_client, business, shortcut="HORARIO").status_code == 422
    assert save(owner_client, business, f"{first.pk}/", title="Otro").status_code == 302
    assert save(owner_client, business, shortcut="envio").status_code == 302


@pytest.mark.parametrize(
    "data", [{"body": "a\x00b"}, {"title": ""}, {"shortcut": "a b"}, {"body": "x" * 6000}]
)
def test_bad_replies_are_explained(owner_client: Client, business: Business, data: dict[str, str]) -> None:
    assert save(owner_client, business, **data).status_code == 422


def test_reply_is_changed_and_removed(owner_client: Client, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        reply = make_canned_reply("horario")
    save(owner_client, business, f"{reply.pk}/", body="Cerramos a las 7.")
    assert replies(business) == [("horario", "Horario", "Cerramos a las 7.")]
    owner_client.post(f"{business.base}settings/canned-replies/{reply.pk}/removal/")
    assert replies(business) == []


def test_replies_are_read_by_all_and_written_by_supervisors(
    teammate_client: Client, stranger_client: Client, business: Business, other: Business
) -> None:
    with tenant_scope(business.tenant.id):
        reply = make_canned_reply("horario")
    base = f"{business.base}settings/canned-replies/"
    assert teammate_client.get(base).status_code == 200
    assert save(teammate_client, business).status_code == 403
    assert save(teammate_client, business, f"{reply.pk}/").status_code == 403
    assert save(stranger_client, business).status_code == 404
    assert save(stranger_client, other, f"{reply.pk}/").status_code == 404
    assert stranger_client.post(f"{other.base}settings/canned-replies/{reply.pk}/removal/").status_code == 404


def test_picker_fills_in_for_the_conversation(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        make_canned_reply("hola", "Hola {{ customer.first_name }} de {{ customer.company }}")
    response = teammate_client.get(thread_url(business, conversation, "canned"))
    choice = response.context["choices"][0]
    assert (choice["text"], choice["missing"]) == ("Hola Ana de ", ["customer.company"])


def test_picker_offers_the_answers_of_the_channel(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        make_article(business)
        make_article(business, question="¿Solo por correo?", channel_kinds=["sms"])
        make_article(business, question="¿Borrador?", publish=False)
    page = teammate_client.get(thread_url(business, conversation, "canned")).text
    assert 'data-text="De martes a sábado, de 10 a 19 h." data-find="¿A qué hora abren? horario' in page
    assert not any(word in page for word in ("correo", "Borrador", "Todavía no hay respuestas rápidas"))


def test_picker_is_404_for_strangers(
    stranger_client: Client, business: Business, conversation: Conversation
) -> None:
    assert stranger_client.get(thread_url(business, conversation, "canned")).status_code == 404


# --- taking it back ---


def test_removed_reply_comes_back(owner_client: Client, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        reply = make_canned_reply("horario", "Abrimos a las 10.")
    before = replies(business)
    done = owner_client.post(f"{business.base}settings/canned-replies/{reply.pk}/removal/")
    assert replies(business) == []
    press_undo(owner_client, done)
    assert replies(business) == before
    with tenant_scope(business.tenant.id):
        assert CannedReply.objects.get().pk == reply.pk
        actions = AuditEvent.objects.order_by("id").values_list("action", flat=True)
        assert list(actions)[-2:] == ["canned_reply.deleted", "canned_reply.restored"]


def test_removed_reply_whose_shortcut_was_given_away_stays_removed(
    owner_client: Client, business: Business
) -> None:
    with tenant_scope(business.tenant.id):
        reply = make_canned_reply("horario", "Abrimos a las 10.")
    done = owner_client.post(f"{business.base}settings/canned-replies/{reply.pk}/removal/")
    with tenant_scope(business.tenant.id):
        make_canned_reply("HORARIO", "Otra")
    press_undo(owner_client, done)
    assert [body for _shortcut, _title, body in replies(business)] == ["Otra"]


def test_bringing_replies_back_is_for_members_who_may(
    business: Business, teammate_client: Client, stranger_client: Client
) -> None:
    path = f"{business.base}settings/canned-replies/restoration/"
    assert (teammate_client.post(path).status_code, stranger_client.post(path).status_code) == (403, 404)
