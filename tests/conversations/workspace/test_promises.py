"""Promises on the page: noted beside the composer, kept, put off, withdrawn, listed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conversations.actions import promising
from conversations.models import Conversation, Promise
from tenants.models import Membership
from tenants.scoping import tenant_scope
from tests.factories.conversations import thread_url
from tests.factories.tenants import Business

HTMX = {"HX-Request": "true"}


@pytest.fixture
def promise(business: Business, conversation: Conversation) -> Promise:
    with tenant_scope(business.tenant.id):
        due = timezone.now() + timedelta(hours=3)
        return promising.promise(
            conversation=conversation, text="Te llamo con el precio", due_at=due, by=business.actor()
        )


def fresh(business: Business) -> Promise:
    with tenant_scope(business.tenant.id):
        found: Promise = Promise.objects.get()
        return found


def act(client: Client, business: Business, promise: Promise, what: str, **data: str) -> int:
    answer = client.post(f"{business.base}promises/{promise.pk}/{what}/", data, headers=HTMX)
    return int(answer.status_code)


def test_promise_is_noted_and_stands_above_the_composer(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    url = thread_url(business, conversation, "promises")
    sent = {"text": "Te llamo", "kind": "call", "due_at": "hour"}
    piece = teammate_client.post(url, sent, headers=HTMX)
    assert (piece.status_code, "Te llamo" in piece.content.decode()) == (200, True)
    assert "withdrawal" in piece.headers["HX-Trigger"]
    made = fresh(business)
    assert (made.kind, made.owner_id, made.made_by_id) == ("call", business.agent.pk, business.agent.pk)
    page = teammate_client.get(thread_url(business, conversation)).content.decode()
    assert f'class="promised-item" data-id="{made.pk}"' in page
    assert "prometió “Te llamo”" in page


@pytest.mark.parametrize(
    "wrong", [{"due_at": "own"}, {"due_at": "1999-01-01T10:00"}, {"text": "", "due_at": "hour"}]
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    teammate_client: Client, business: Business, conversation: Conversation, wrong: dict[str, str]
) -> None:
    url = thread_url(business, conversation, "promises")
    refused = teammate_client.post(url, {"text": "x", **wrong}, headers=HTMX)
    assert (refused.status_code, refused.headers["Content-Type"]) == (409, "text/plain; charset=utf-8")
    assert teammate_client.post(url, {"text": "x", **wrong}).status_code == 302


def test_promise_is_put_off_kept_opened_again_and_withdrawn(
    teammate_client: Client, business: Business, promise: Promise
) -> None:
    assert act(teammate_client, business, promise, "moment", due_at="2999-01-01T10:00") == 409
    moment = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert act(teammate_client, business, promise, "moment", due_at=moment) == 200
    assert fresh(business).due_at - promise.due_at > timedelta(days=1)
    assert act(teammate_client, business, promise, "keeping") == 200
    assert fresh(business).kept_at is not None
    assert act(teammate_client, business, promise, "withdrawal") == 409
    assert act(teammate_client, business, promise, "reopening") == 200
    assert act(teammate_client, business, promise, "withdrawal") == 200
    assert fresh(business).withdrawn_at is not None


def test_what_was_sent_is_offered_as_a_promise(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    def offers(text: str, noun: str = "replies", **more: str) -> bool:
        sent = teammate_client.post(
            thread_url(business, conversation, noun), {"text": text, **more}, headers=HTMX
        )
        assert sent.status_code == 200
        return 'id="promise-offer"' in sent.content.decode()

    assert offers("Te llamo mañana a las 10")
    assert not offers("Mañana abrimos a las 10")
    assert not offers("te llamo mañana a las 10", "notes")
    assert not offers("te llamo mañana a las 10", send_at="hour")


def test_page_lists_what_is_open_late_and_kept(
    owner_client: Client, business: Business, promise: Promise
) -> None:
    def shows(view: str) -> bool:
        return promise.text in owner_client.get(f"{business.base}promises/?view={view}").content.decode()

    assert {view: shows(view) for view in ("open", "mine", "late", "kept", "nonsense")} == {
        "open": True, "mine": True, "late": False, "kept": False, "nonsense": True,
    }  # fmt: skip
    with tenant_scope(business.tenant.id):
        Promise.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert shows("late")
    here = f"{business.base}promises/"
    done = owner_client.post(f"{here}{promise.pk}/keeping/", {"next": here})
    assert (done.status_code, done.headers["Location"]) == (302, here)
    assert (shows("open"), shows("kept")) == (False, True)
    assert owner_client.get(f"{here}?cursor=x").status_code == 302


def test_strangers_readers_and_the_narrowed_see_and_keep_nothing_of_it(
    stranger_client: Client,
    analyst_client: Client,
    narrow_client: Client,
    narrow: Membership,
    business: Business,
    promise: Promise,
) -> None:
    new = thread_url(business, Conversation(pk=promise.conversation_id), "promises")
    for client, expected in ((stranger_client, 404), (analyst_client, 403), (narrow_client, 404)):
        assert client.post(new, {"text": "x", "due_at": "hour"}).status_code == expected
        for what in ("keeping", "withdrawal", "reopening", "moment"):
            assert act(client, business, promise, what) == expected
    assert promise.text not in narrow_client.get(f"{business.base}promises/").content.decode()
    assert promise.text in analyst_client.get(f"{business.base}promises/").content.decode()
    with tenant_scope(business.tenant.id):
        Conversation.objects.update(assignee=narrow)
    assert promise.text in narrow_client.get(f"{business.base}promises/").content.decode()


def test_pages_cost_the_same_for_one_and_for_many(
    owner_client: Client, business: Business, promise: Promise
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            owner_client.get(f"{business.base}promises/")
        return len(queries)

    count()
    one = count()
    with tenant_scope(business.tenant.id):
        rows = [Promise(
            conversation_id=promise.conversation_id, customer_id=promise.customer_id, text=f"n{number}",
            due_at=promise.due_at, owner=business.agent,
        ) for number in range(3)]  # fmt: skip
        Promise.objects.bulk_create(rows)
    assert count() == one
