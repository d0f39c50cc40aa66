"""Taking back what was done to follow-ups, notes and labels."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from conversations.actions.conversations import set_labels
from conversations.models import Conversation
from crm.actions.customers import add_label, add_note
from crm.actions.follow_ups import open_follow_up
from crm.models import CustomerNote, FollowUp, Label, TimelineEntry
from tenants.kit import undo, valkey
from tenants.models import AuditEvent
from tenants.permissions import Role
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, api, key_for, stranger
from tests.factories.conversations import make_conversation
from tests.factories.crm import make_customer, make_label
from tests.factories.tenants import Business
from tests.factories.undo import press_undo

__all__ = ["api", "stranger"]
HTMX = {"hx-request": "true", "hx-target": "customer-panel"}


@pytest.fixture
def follow_up(business: Business) -> FollowUp:
    with tenant_scope(business.tenant.id):
        return open_follow_up(
            customer=make_customer("Ana"),
            title="Llamar",
            due_at=timezone.now() + timedelta(hours=1),
            assignee=business.agent,
            by=business.actor(),
        )


@pytest.fixture
def note(business: Business) -> CustomerNote:
    with tenant_scope(business.tenant.id):
        return add_note(customer=make_customer("Ana"), body="Alérgica", by=business.actor(business.agent))


@pytest.fixture
def label(business: Business) -> Label:
    """On a customer and on a conversation."""
    with tenant_scope(business.tenant.id):
        made, conversation = make_label("VIP"), make_conversation("Hola")
        add_label(customer=conversation.customer, label=made, by=business.actor())
        set_labels(conversation=conversation, labels=[made], by=business.actor())
        return made


def trail(business: Business) -> list[str]:
    with tenant_scope(business.tenant.id):
        return list(AuditEvent.objects.order_by("id").values_list("action", flat=True))


# --- follow-ups ---


def test_follow_up_that_is_not_done_after_all(
    teammate_client: Client, business: Business, follow_up: FollowUp
) -> None:
    path = f"{business.base}customers/follow-ups/"
    there = f"{path}?view=all"
    done = teammate_client.post(f"{path}{follow_up.pk}/completion/", {"next": there})
    undone = press_undo(teammate_client, done)
    assert (done.url, undone.url) == (there, there)
    for _again in range(2):
        teammate_client.post(f"{path}{follow_up.pk}/reopening/")
    with tenant_scope(business.tenant.id):
        follow_up.refresh_from_db()
        assert (follow_up.done_at, follow_up.done_by_id) == (None, None)
        lines = TimelineEntry.objects.filter(kind="follow_up").order_by("id")
        assert list(lines.values_list("data__event", flat=True)) == ["opened", "done", "reopened"]
    page = teammate_client.get(f"{business.base}customers/{follow_up.customer_id}/").context["lines"]
    assert page[0].title == "Seguimiento abierto otra vez"


def test_follow_up_is_reopened_by_the_api(api: Api, stranger: Api, follow_up: FollowUp) -> None:
    path = f"follow-ups/{follow_up.pk}/"
    assert api.post(f"{path}completion/").json()["done_at"] is not None
    assert stranger.post(f"{path}reopening/").status_code == 404
    for _again in range(2):
        response = api.post(f"{path}reopening/")
        assert (response.status_code, response.json()["done_at"]) == (200, None)


def test_reopening_is_for_members_who_may(
    business: Business, stranger_client: Client, other: Business, follow_up: FollowUp
) -> None:
    analyst = business.client(business.add_member(Role.ANALYST))
    path = f"customers/follow-ups/{follow_up.pk}/reopening/"
    assert analyst.post(f"{business.base}{path}").status_code == 403
    assert stranger_client.post(f"{business.base}{path}").status_code == 404
    assert stranger_client.post(f"{other.base}{path}").status_code == 404


# --- notes ---


def test_deleted_note_comes_back_as_it_was(
    owner_client: Client, business: Business, note: CustomerNote
) -> None:
    customer = f"{business.base}customers/{note.customer_id}/"
    done = owner_client.post(f"{customer}notes/{note.pk}/removal/")
    with tenant_scope(business.tenant.id):
        assert (CustomerNote.objects.count(), TimelineEntry.objects.filter(kind="note").count()) == (0, 0)
    assert press_undo(owner_client, done).url == customer
    with tenant_scope(business.tenant.id):
        back = CustomerNote.objects.get()
        for field in ("pk", "body", "author_id", "author_label", "created_at", "customer_id"):
            assert getattr(back, field) == getattr(note, field)
        line = TimelineEntry.objects.get(kind="note")
        assert (line.happened_at, line.object_id, line.actor_label, line.data) == (
            note.created_at, note.pk, note.author_label, {"text": "Alérgica"},
        )  # fmt: skip
    assert trail(business)[-2:] == ["note.deleted", "note.restored"]


def test_note_in_the_panel(owner_client: Client, business: Business, note: CustomerNote) -> None:
    customer = f"{business.base}customers/{note.customer_id}/"
    done = owner_client.post(f"{customer}notes/{note.pk}/removal/", headers=HTMX)
    assert ("Alérgica" in done.text, done.status_code) == (False, 200)
    offer = json.loads(done["HX-Trigger"])["puente:undo"]
    assert (offer["text"], offer["label"]) == ("Nota eliminada.", "Deshacer")
    back = owner_client.post(offer["url"], offer["fields"], headers=HTMX)
    assert ("Alérgica" in back.text, back.status_code) == (True, 200)
    again = owner_client.post(offer["url"], offer["fields"], headers=HTMX)
    assert (again.status_code, again.text) == (409, "Ya es tarde para deshacerlo.")


def test_note_of_one_customer_does_not_come_back_to_another(
    owner_client: Client, business: Business, note: CustomerNote
) -> None:
    with tenant_scope(business.tenant.id):
        beto = make_customer("Beto")
    customer = f"{business.base}customers/{note.customer_id}/"
    done = owner_client.post(f"{customer}notes/{note.pk}/removal/", headers=HTMX)
    fields = json.loads(done["HX-Trigger"])["puente:undo"]["fields"]
    owner_client.post(f"{business.base}customers/{beto.pk}/notes/restoration/", fields)
    with tenant_scope(business.tenant.id):
        assert CustomerNote.objects.count() == 0


@pytest.mark.parametrize("key", ["", "x", "\x00", "a:b" * 500])
def test_key_that_opens_nothing(
    owner_client: Client, business: Business, note: CustomerNote, key: str
) -> None:
    for path in (f"customers/{note.customer_id}/notes/", "customers/labels/", "settings/canned-replies/"):
        response = owner_client.post(f"{business.base}{path}restoration/", {"undo": key})
        assert "Ya es tarde para deshacerlo." in owner_client.get(response.url).text


def test_without_valkey_notes_are_deleted_all_the_same(
    owner_client: Client, business: Business, note: CustomerNote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "keep", lambda *_args: "")
    customer = f"{business.base}customers/{note.customer_id}/"
    page = owner_client.get(owner_client.post(f"{customer}notes/{note.pk}/removal/").url).text
    assert ("Nota eliminada." in page, "toast-undo" in page) == (True, False)


def test_notes_are_removed_by_members_who_may(
    business: Business, stranger_client: Client, other: Business, note: CustomerNote
) -> None:
    analyst = business.client(business.add_member(Role.ANALYST))
    for path in (
        f"customers/{note.customer_id}/notes/{note.pk}/removal/",
        f"customers/{note.customer_id}/notes/restoration/",
    ):
        assert analyst.post(f"{business.base}{path}").status_code == 403
        assert stranger_client.post(f"{business.base}{path}").status_code == 404
        assert stranger_client.post(f"{other.base}{path}").status_code == 404
    with tenant_scope(business.tenant.id):
        unrelated = make_customer("Beto")
    path = f"{business.base}customers/{unrelated.pk}/notes/{note.pk}/removal/"
    assert business.client(business.owner).post(path).status_code == 404


def test_note_is_deleted_by_the_api(api: Api, stranger: Api, business: Business, note: CustomerNote) -> None:
    path = f"customers/{note.customer_id}/notes/{note.pk}/"
    assert stranger.delete(path).status_code == 404
    reader = Api(key_for(business, ["customers:read"]))
    assert reader.delete(path).status_code == 403
    assert [api.delete(path).status_code for _time in range(2)] == [204, 404]
    assert api.get(f"customers/{note.customer_id}/notes/").json()["data"] == []


# --- labels ---


def test_deleted_label_comes_back_on_everything_that_had_it(
    owner_client: Client, business: Business, label: Label
) -> None:
    with tenant_scope(business.tenant.id):
        conversation = Conversation.objects.get()
    done = owner_client.post(f"{business.base}customers/labels/{label.pk}/removal/")
    with tenant_scope(business.tenant.id):
        assert Label.objects.count() == 0
    press_undo(owner_client, done)
    with tenant_scope(business.tenant.id):
        back = Label.objects.get()
        assert (back.pk, back.name, back.color) == (label.pk, "VIP", label.color)
        assert list(back.customers.values_list("pk", flat=True)) == [conversation.customer_id]
        assert list(back.conversations.values_list("pk", flat=True)) == [conversation.pk]
    assert trail(business)[-2:] == ["label.deleted", "label.restored"]


def test_label_comes_back_without_those_who_are_gone(
    owner_client: Client, business: Business, label: Label
) -> None:
    done = owner_client.post(f"{business.base}customers/labels/{label.pk}/removal/")
    with tenant_scope(business.tenant.id):
        Conversation.objects.get().customer.delete()
    press_undo(owner_client, done)
    with tenant_scope(business.tenant.id):
        assert (Label.objects.get().customers.count(), Label.objects.get().conversations.count()) == (0, 0)


def test_label_whose_name_was_given_away_stays_deleted(
    owner_client: Client, business: Business, label: Label
) -> None:
    done = owner_client.post(f"{business.base}customers/labels/{label.pk}/removal/")
    with tenant_scope(business.tenant.id):
        make_label("vip")
    page = owner_client.get(press_undo(owner_client, done).url).text
    assert "Ya hay una etiqueta con este nombre." in page
    with tenant_scope(business.tenant.id):
        assert list(Label.objects.values_list("name", flat=True)) == ["vip"]


def test_restoring_labels_is_for_members_who_may(
    business: Business, teammate_client: Client, stranger_client: Client
) -> None:
    path = f"{business.base}customers/labels/restoration/"
    assert (teammate_client.post(path).status_code, stranger_client.post(path).status_code) == (403, 404)


def test_what_one_business_keeps_another_does_not_find(
    business: Business, other: Business, stranger_client: Client, label: Label
) -> None:
    with tenant_scope(business.tenant.id):
        key = undo.keep(
            "label", {"id": str(uuid4()), "name": "Ajena", "color": "red", "customers": [], "above": {}}
        )
    stranger_client.post(f"{other.base}customers/labels/restoration/", {"undo": key})
    with tenant_scope(other.tenant.id):
        assert Label.objects.count() == 0
    assert 0 < valkey.client().ttl(valkey.key(business.tenant.id, "undo", "label", key)) <= undo.KEPT
