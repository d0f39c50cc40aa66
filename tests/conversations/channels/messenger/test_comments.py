"""Comments below a page's posts: one thread with the messages, answered, hidden, and first in line."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone, translation

from conversations.actions.comments import answer_comment, hide_comment
from conversations.actions.content import CannotSend
from conversations.actions.messages import send_reply
from conversations.models import Conversation, Delivery, Message
from crm.models import Customer
from tenants.actions.api_keys import create_api_key
from tenants.permissions import Permission
from tenants.scoping import tenant_scope
from tests.conversations.channels.meta_line import ANA, Line
from tests.factories.conversations import thread_url
from tests.factories.tenants import Business
from tests.vendors.messenger import PAGE, POST, Messenger
from tests.vendors.stand_in import Mood, Person


def comments(line: Line, text: str = "¿Precio?", **more: Any) -> Message:
    """Somebody comments in public; returns the message it became."""
    line.take_in(line.vendor.comment(line.channel.pk, more.pop("person", ANA), text, **more))  # type: ignore[attr-defined]
    with line.scope():
        found: Message = Message.objects.filter(kind="inbound", data__kind="comment").order_by("-id")[0]
        return found


def test_composer_of_comments_alone_points_to_them(owner_client: Client, line: Line) -> None:
    comments(line)
    with line.scope():
        url = thread_url(line.business, Conversation.objects.get())
    page = owner_client.get(url)
    assert (page.context["composing"].is_closed, page.context["composing"].is_public) == (True, True)
    (bubble,) = (item.bubble for item in page.context["items"] if item.bubble)
    assert bubble.extras is None or (bubble.extras.can_quote, bubble.extras.can_react) == (False, False)
    line.take_in(line.vendor.text(line.channel.pk, ANA, "Hola"))
    assert owner_client.get(url).context["composing"].is_closed is False
    with line.scope():
        Conversation.objects.update(window_ends_at=timezone.now())
    composing = owner_client.get(url).context["composing"]
    assert (composing.is_closed, composing.is_public) == (True, False)


def answer(line: Line, comment: Message, mode: str = "public", text: str = "Cuesta $ 90") -> Delivery:
    """Answer it and take the answer to the vendor."""
    with line.scope(), translation.override("en"):
        actor = line.business.actor(line.business.agent)
        fresh = Message.objects.get(pk=comment.pk)
        message = answer_comment(comment=fresh, text=text, mode=mode, by=actor)
        row = Delivery.objects.get(message=message)
    return line.go(row)


def hide(line: Line, comment: Message, hidden: bool = True) -> Delivery | None:
    with line.scope():
        fresh = Message.objects.get(pk=comment.pk)
        hide_comment(comment=fresh, hidden=hidden, by=line.business.actor(line.business.agent))
        row = Delivery.objects.filter(message__kind="event").order_by("-id").first()
    return line.go(row) if row else None


def test_comment_lies_in_one_thread_with_the_persons_messages(line: Line) -> None:
    line.says("Hola")
    comment = comments(line, "¿Precio?", id="1001_7")
    with line.scope():
        assert (Customer.objects.count(), Conversation.objects.count()) == (1, 1)
        assert Customer.objects.get().name == ANA.name
    assert (comment.text, comment.provider_id) == ("¿Precio?", "1001_7")
    assert comment.data == {
        "kind": "comment",
        "comment": {"id": "1001_7", "post": POST, "permalink": f"https://www.facebook.com/{PAGE}/posts/1001"},
    }


def test_comment_told_twice_edited_and_deleted(line: Line) -> None:
    first = comments(line, "¿Presio?", id="1001_7", at=1_760_000_000)
    again = comments(line, "¿Presio?", id="1001_7", at=1_760_000_001)
    assert again.pk == first.pk
    edited = comments(line, "¿Precio?", id="1001_7", verb="edited", at=1_760_000_002)
    assert (edited.pk, edited.text) == (first.pk, "¿Precio?")
    gone = comments(line, "", id="1001_7", verb="remove", at=1_760_000_003)
    assert (gone.text, "removed" in gone.data) == ("", True)
    with line.scope(), pytest.raises(CannotSend):
        answer_comment(comment=gone, text="Hola", mode="public", by=line.business.actor())


def test_comment_opens_no_window(line: Line) -> None:
    comments(line)
    with line.scope(), pytest.raises(CannotSend):
        send_reply(conversation=Conversation.objects.get(), text="Hola", by=line.business.actor())
    line.says("Hola")
    assert line.send("Hola").status == "sent"


def test_public_answer_stands_below_the_comment_and_its_own_event_is_not_doubled(line: Line) -> None:
    comment = comments(line, id="1001_7")
    row = answer(line, comment)
    assert (row.status, row.provider_id) == ("sent", "m_messenger.1")
    assert (line.vendor.sent[0].to, line.vendor.sent[0].text) == ("below:1001_7", "Cuesta $ 90")
    page = Person(PAGE, "Café Sol")
    own = line.vendor.comment(  # type: ignore[attr-defined]
        line.channel.pk, page, "Cuesta $ 90", id=row.provider_id, parent_id="1001_7"
    )
    line.take_in(own)
    with line.scope():
        assert list(Message.objects.filter(kind="outbound").values_list("text", flat=True)) == ["Cuesta $ 90"]


def test_answer_below_the_post_by_another_hand_is_kept_and_the_pages_own_comments_are_not(line: Line) -> None:
    comments(line, id="1001_7")
    page = Person(PAGE, "Café Sol")
    for id_, parent in (("1001_8", "1001_7"), ("1001_9", POST)):
        own = line.vendor.comment(line.channel.pk, page, "Por aquí", id=id_, parent_id=parent)  # type: ignore[attr-defined]
        line.take_in(own)
    with line.scope():
        got = Message.objects.get(kind="outbound")
        assert (got.text, got.author_kind, got.data["reply_to"]) == ("Por aquí", "phone", "1001_7")
        assert Conversation.objects.count() == 1


def test_private_answer_goes_once_within_seven_days(line: Line) -> None:
    comment = comments(line, id="1001_7")
    row = answer(line, comment, "private")
    assert row.status == "sent"
    assert line.vendor.sent[0].body["recipient"] == {"comment_id": "1001_7"}
    with pytest.raises(CannotSend, match="had its private answer already"):
        answer(line, comment, "private")
    old = comments(line, "¿Y?", id="1001_8", at=(timezone.now() - timedelta(days=7, hours=1)).timestamp())
    with pytest.raises(CannotSend, match="within seven days"):
        answer(line, old, "private")


def test_private_answer_that_waited_too_long_is_refused_by_the_adapter(line: Line) -> None:
    comment = comments(line)
    with line.scope():
        message = answer_comment(comment=comment, text="Hola", mode="private", by=line.business.actor())
        row = Delivery.objects.get(message=message)
        Message.objects.filter(pk=comment.pk).update(provider_at=timezone.now() - timedelta(days=8))
    row = line.go(row)
    assert (row.status, row.reason) == (
        "failed",
        "Meta takes a private answer to a comment within seven days.",
    )


def test_comment_is_hidden_at_the_vendor_and_shown_again(line: Line) -> None:
    comment = comments(line, "Qué asco de lugar", id="1001_7")
    for hidden in (True, False):
        row = hide(line, comment, hidden)
        assert row is not None
        assert row.status == "sent"
        assert line.vendor.hidden == {"1001_7": hidden}
    assert hide(line, comment, hidden=False) is not None
    with line.scope():
        lines = Message.objects.filter(kind="event", data__event__startswith="comment_").order_by("id")
        assert [one.data["event"] for one in lines] == ["comment_hidden", "comment_shown"]


def test_vendors_no_to_hiding_is_said_in_the_thread(line: Line) -> None:
    comment = comments(line)
    line.vendor.become(Mood.REFUSES, 100)
    row = hide(line, comment)
    assert row is not None
    assert row.status == "failed"
    with line.scope():
        assert Message.objects.filter(data__event="delivery_failed").count() == 1


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("¡Pésimo servicio, nunca llegó mi pedido!", 2),
        ("Es uma vergonha, não funciona", 2),
        ("Worst pizza ever", 2),
        ("¿Tienen servicio a domicilio?", 1),
        ("Qué bonito local", 1),
        ("Me robaron 200 pesos. ¡Es un robo!", 2),
        ("¿El robot limpia? Disculpa la molestia", 1),
        ("¿Cuánto piden de enganche?", 1),
    ],
)
def test_comments_that_complain_rise_in_the_queue(line: Line, text: str, priority: int) -> None:
    comment = comments(line, text)
    with line.scope():
        assert Conversation.objects.get(pk=comment.conversation_id).priority == priority


def test_a_message_in_private_rises_by_no_word_and_an_urgent_one_stays_urgent(line: Line) -> None:
    line.says("Pésimo servicio")
    with line.scope():
        assert Conversation.objects.get().priority == 1
        Conversation.objects.update(priority=3)
    comments(line, "Pésimo servicio")
    with line.scope():
        assert Conversation.objects.get().priority == 3


def test_nobody_is_a_sender_and_other_things_on_the_page_are_told(line: Line, vendor: Messenger) -> None:
    value = {"item": "comment", "verb": "add", "comment_id": "1_2", "post_id": "1", "message": "Hola"}
    assert line.take_in(vendor.change("feed", value)).outcome == "status"
    with line.scope():
        assert Message.objects.count() == 0


# --- the page and the API ---


def doors(line: Line, comment: Message) -> tuple[str, str]:
    base = line.business.base
    return f"{base}messages/{comment.pk}/comment-reply/", f"{base}messages/{comment.pk}/comment-visibility/"


def test_the_page_answers_and_hides(line: Line, owner_client: Client, teammate_client: Client) -> None:
    comment = comments(line)
    reply, visibility = doors(line, comment)
    thread = f"{line.business.base}inbox/{comment.conversation_id}/"
    shown = owner_client.get(thread).content.decode()
    assert (reply in shown, visibility in shown) == (True, True)
    for client in (owner_client, teammate_client):
        answer = client.post(reply, {"text": "Hola", "mode": "public"})
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, thread)
    assert owner_client.post(visibility, {"hidden": "1"}).status_code == 302
    assert (
        owner_client.post(reply, {"text": "", "mode": "public"}, headers={"HX-Request": "true"}).status_code
        == 422
    )
    updates = owner_client.post(visibility, {"hidden": "0"}, headers={"HX-Request": "true"})
    assert (
        updates.status_code,
        "Public comment" in updates.content.decode() or "público" in updates.content.decode(),
    ) == (200, True)
    with line.scope():
        answers = Message.objects.filter(kind="outbound")
        assert [one.data["comment"]["mode"] for one in answers] == ["public", "public"]


def test_strangers_find_no_comment(line: Line, stranger_client: Client, owner_client: Client) -> None:
    comment = comments(line)
    for door in doors(line, comment):
        assert (
            stranger_client.post(door, {"text": "Hola", "mode": "public", "hidden": "1"}).status_code == 404
        )
        missing = door.replace(str(comment.pk), str(uuid4()))
        assert owner_client.post(missing, {"text": "Hola", "mode": "public"}).status_code == 404


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"text": "\x00", "mode": "public"},
        {"text": "x", "mode": "loud"},
        {"text": "x" * 3_000, "mode": "public"},
    ],
)
def test_odd_answers_are_refused_with_a_sentence(
    line: Line, owner_client: Client, posted: dict[str, str]
) -> None:
    reply, _visibility = doors(line, comments(line))
    answer = owner_client.post(reply, posted, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["Content-Type"]) == (422, "text/plain; charset=utf-8")
    with line.scope():
        assert Message.objects.filter(kind="outbound").count() == 0


def test_a_message_that_is_no_comment_takes_neither(line: Line, owner_client: Client) -> None:
    line.says("Hola")
    with line.scope():
        message = Message.objects.get()
    reply, visibility = doors(line, message)
    assert (
        owner_client.post(reply, {"text": "x", "mode": "public"}, headers={"HX-Request": "true"}).status_code
        == 422
    )
    assert owner_client.post(visibility, {"hidden": "1"}, headers={"HX-Request": "true"}).status_code == 422


def key_of(business: Business) -> str:
    """A key of an integration that may do everything."""
    with tenant_scope(business.tenant.id):
        return create_api_key(name="Tienda", scopes=list(Permission), by=business.actor())[1]


def api(key: str, method: str, path: str, body: dict[str, Any]) -> Any:
    call = getattr(Client(), method)
    return call(
        path, json.dumps(body), content_type="application/json", headers={"Authorization": f"Bearer {key}"}
    )


def test_the_api_answers_and_hides(line: Line, business: Business, other: Business) -> None:
    comment = comments(line)
    path = f"/api/v1/conversations/{comment.conversation_id}/messages/{comment.pk}/"
    mine, theirs = key_of(business), key_of(other)
    said = {"text": "Cuesta $ 90", "mode": "private", "client_id": str(uuid4())}
    made = api(mine, "post", f"{path}comment-replies/", said)
    again = api(mine, "post", f"{path}comment-replies/", said)
    assert (made.status_code, made.json()["text"], again.json()["id"]) == (
        201,
        "Cuesta $ 90",
        made.json()["id"],
    )
    assert made.json()["content"]["comment"]["mode"] == "private"
    assert api(mine, "put", f"{path}comment-visibility/", {"hidden": True}).status_code == 200
    with tenant_scope(business.tenant.id):
        assert Message.objects.get(pk=comment.pk).data["comment"]["hidden"] is True
    assert (
        api(mine, "post", f"{path}comment-replies/", {**said, "client_id": str(UUID(int=7))}).status_code
        == 422
    )
    assert api(mine, "post", f"{path}comment-replies/", {"text": "x", "mode": "loud"}).status_code == 422
    for method, door, body in (
        ("post", "comment-replies/", said),
        ("put", "comment-visibility/", {"hidden": True}),
    ):
        assert api(theirs, method, path + door, body).status_code == 404
