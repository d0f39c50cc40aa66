"""Acts on many rows, merging and splitting on the pages."""

from typing import Any

import pytest
from django.test import Client

from conversations.actions import bulk
from conversations.models import BulkRun, Conversation, ConversationMerge, Message
from tenants.scoping import tenant_scope
from tests.conversations.actions.test_merging import two, write
from tests.factories.conversations import make_conversation, thread_url
from tests.factories.tenants import Business
from tests.factories.undo import press_undo


def several(business: Business, count: int = 3) -> list[Conversation]:
    with tenant_scope(business.tenant.id):
        return [make_conversation(f"Hola {number}") for number in range(count)]


def statuses(business: Business) -> list[str]:
    with tenant_scope(business.tenant.id):
        return sorted(Conversation.objects.values_list("status", flat=True))


def many(client: Client, business: Business, **data: Any) -> Any:
    return client.post(f"{business.base}inbox/many/?view=all", data)


def test_many_are_closed_and_taken_back(
    owner_client: Client, stranger_client: Client, analyst_client: Client, business: Business
) -> None:
    rows = several(business)
    ids = [str(one.pk) for one in rows[:2]]
    assert many(stranger_client, business, id=ids, action="close").status_code == 404
    assert many(analyst_client, business, id=ids, action="close").status_code == 403
    response = many(owner_client, business, id=ids, action="close")
    assert (response.status_code, statuses(business)) == (302, ["closed", "closed", "open"])
    page = owner_client.get(response["Location"])
    assert "2 closed" in page.content.decode() or "2 cerradas" in page.content.decode()
    with tenant_scope(business.tenant.id):
        run = BulkRun.objects.get()
    assert stranger_client.post(f"{business.base}inbox/many/{run.pk}/undoing/").status_code == 404
    owner_client.post(f"{business.base}inbox/many/{run.pk}/undoing/")
    assert statuses(business) == ["open"] * 3


def test_narrow_members_change_only_what_they_see(
    narrow_client: Client, narrow: Any, business: Business
) -> None:
    rows = several(business)
    with tenant_scope(business.tenant.id):
        Conversation.objects.filter(pk=rows[0].pk).update(assignee=narrow)
    many(narrow_client, business, id=[str(one.pk) for one in rows], action="close")
    many(narrow_client, business, all="1", action="close")
    assert statuses(business) == ["closed", "open", "open"]


def test_all_of_a_filter_goes_on_in_a_worker(
    owner_client: Client, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk.many, "at_once", 1)
    several(business)
    response = many(owner_client, business, all="1", action="priority:3")
    page = owner_client.get(response["Location"]).content.decode()
    assert "bulk-progress" in page
    assert "hx-get" in page
    with tenant_scope(business.tenant.id):
        run = BulkRun.objects.get()
    bulk.many.advance(business.tenant.id, run.pk)
    assert (
        "hx-get"
        not in owner_client.get(response["Location"], headers={"HX-Request": "true"}).content.decode()
    )


@pytest.mark.parametrize("action", ["", "x", "assign:x", "label:", "priority:9", "snooze:never", "team:\x00"])
def test_any_post_is_taken(owner_client: Client, business: Business, action: str) -> None:
    rows = several(business, 1)
    response = many(owner_client, business, id=[str(rows[0].pk), "x"], action=action)
    assert (response.status_code, statuses(business)) == (302, ["open"])


def test_menu_and_boxes(owner_client: Client, analyst_client: Client, business: Business) -> None:
    several(business, 1)
    assert owner_client.get(f"{business.base}inbox/many/menu/").status_code == 200
    assert "queue-choose" in owner_client.get(f"{business.base}inbox/?view=all").content.decode()
    assert "queue-choose" not in analyst_client.get(f"{business.base}inbox/?view=all").content.decode()


def test_merging_on_the_page_and_undoing(
    owner_client: Client, stranger_client: Client, narrow_client: Client, business: Business
) -> None:
    with tenant_scope(business.tenant.id):
        mail, chat, _visitor = two()
    page = thread_url(business, mail, "together")
    assert [one.get(page).status_code for one in (stranger_client, narrow_client)] == [404, 404]
    assert owner_client.get(page).status_code == 200
    url = thread_url(business, mail, "merging")
    assert stranger_client.post(url, {"source": chat.pk}).status_code == 404
    assert owner_client.post(url, {"source": "x"}).status_code == 302
    assert owner_client.post(url, {"source": chat.pk, "answer": "source"}).status_code == 302
    moved = owner_client.get(f"{thread_url(business, chat)}?view=all")
    assert (moved.status_code, moved["Location"]) == (302, f"{thread_url(business, mail)}?view=all")
    assert stranger_client.get(thread_url(business, chat)).status_code == 404
    assert owner_client.get(page).status_code == 200
    way = owner_client.post(thread_url(business, mail, "way"), {"way": mail.pk})
    assert way.status_code == 302
    with tenant_scope(business.tenant.id):
        made = ConversationMerge.objects.get()
        mail.refresh_from_db()
        assert mail.answers_by_id is None
    undo = f"{business.base}inbox/merges/{made.pk}/undoing/"
    assert stranger_client.post(undo).status_code == 404
    assert owner_client.post(undo).status_code == 302
    assert owner_client.get(thread_url(business, chat)).status_code == 200
    assert owner_client.post(undo).status_code == 302


def test_splitting_on_the_page(owner_client: Client, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        mail = make_conversation("Uno", address="ana@example.com", subject="Talla")
        second = write("Dos", kind="email", address="ana@example.com", subject="Talla")
    url = thread_url(business, mail, "splitting")
    assert owner_client.post(url, {"message": ["x"]}).status_code == 302
    response = owner_client.post(url, {"since": second.pk})
    with tenant_scope(business.tenant.id):
        second = Message.objects.select_related("conversation").get(pk=second.pk)
    assert response["Location"] == thread_url(business, second.conversation)
    press_undo(owner_client, response)
    with tenant_scope(business.tenant.id):
        assert Message.objects.get(pk=second.pk).conversation_id == mail.pk
