"""The address that Telegram calls, and what becomes of updates: repeated, in any order, in albums."""

import itertools
import json
import time
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from conversations.actions.messages import CannotSend
from conversations.actions.sendable import check_sendable
from conversations.channels.telegram.views import hook as hook_view
from conversations.models import Attachment, Conversation, InboundEvent, Message
from crm.identities import resolve
from crm.models import Customer, Identity
from tenants.scoping import tenant_scope
from tests.conversations.channels.telegram.bot import ANA, Bot
from tests.conversations.inbound import read_everything
from tests.vendors.stand_in import Person
from tests.vendors.telegram import HEADER, SECRET, chat_of, user_of

LUIS = Person("777001", "Luis")


def stored(bot: Bot) -> int:
    with tenant_scope(bot.business.tenant.id):
        return InboundEvent.objects.count()


def photo(number: int) -> list[dict[str, object]]:
    return [{"file_id": f"photo{number}", "file_unique_id": "u", "width": 9, "height": 9}]


def test_message_makes_a_customer_and_repeats_change_nothing(bot: Bot) -> None:
    hook = bot.vendor.text(bot.channel.pk, ANA, "Hola", event_id="1")
    bot.take_in(hook, hook)
    bot.take_in(hook, bot.vendor.text(bot.channel.pk, ANA, "Hola", event_id="1", at=time.time() + 9))
    assert [text for text, _data in bot.messages()] == ["Hola"]
    with tenant_scope(bot.business.tenant.id):
        assert Customer.objects.get().name == "Ana Ruiz"
        assert [(one.kind, one.value) for one in Identity.objects.all()] == [("telegram", ANA.address)]
        assert sorted(InboundEvent.objects.values_list("outcome", flat=True)) == ["duplicate", "message"]


@pytest.mark.django_db(transaction=True)
def test_event_costs_one_message_to_the_database(bot: Bot) -> None:
    bot.post(bot.says(text="Uno"))
    with CaptureQueriesContext(connection) as queries:
        assert bot.post(bot.says(text="Dos")).status_code == 200
    assert len(queries) == 1


@pytest.mark.parametrize("secret", [None, "", "guessed", SECRET + "x", SECRET[:-1], "ñ"])
def test_wrong_secret_is_401_and_keeps_nothing(bot: Bot, secret: str | None) -> None:
    headers = {} if secret is None else {HEADER: secret.encode().decode("latin-1")}
    assert (bot.post(bot.says(text="Hola"), headers=headers).status_code, stored(bot)) == (401, 0)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"update_id": "7"}', 400),
        (b'{"update_id": 7, "pad": "' + b"x" * 1_100_000 + b'"}', 413),
        (b"[" * 100_000, 400),
    ],
)
def test_bad_body_is_4xx_and_keeps_nothing(bot: Bot, body: bytes, status: int) -> None:
    assert (bot.post(bot.says(text="Hola"), body=body).status_code, stored(bot)) == (status, 0)


def test_truncated_and_strange_addresses(bot: Bot) -> None:
    hook = bot.says(text="Hola")
    cut = RequestFactory().post(
        hook.path, hook.body[:20], content_type="application/json", headers=hook.headers
    )
    cut.META["CONTENT_LENGTH"] = str(len(hook.body))
    cut._body = hook.body[:20]  # type: ignore[attr-defined]  # what a broken connection leaves
    assert hook_view(cut, bot.channel.pk).status_code == 400
    assert bot.post(hook._replace(path=f"/hooks/telegram/{uuid4()}/")).status_code == 401
    assert Client().get(hook.path).status_code == 405
    assert stored(bot) == 0


def test_channel_of_another_kind_is_no_bot(bot: Bot) -> None:
    with tenant_scope(bot.business.tenant.id):
        bot.channel.kind = "whatsapp"
        bot.channel.save()
    assert bot.post(bot.says(text="Hola")).status_code == 401


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_album_is_one_message_in_any_order(bot: Bot, order: tuple[int, ...]) -> None:
    pieces = [
        bot.says(media_group_id="g1", photo=photo(number), caption="Tres" if number == 1 else "")
        for number in range(3)
    ]
    bot.take_in(*(pieces[place] for place in order), pieces[order[0]])
    bot.take_in(bot.says(media_group_id="g1", photo=photo(0), message_id=1))
    [(text, data)] = bot.messages()
    assert (text, data) == ("Tres", {"kind": "image", "album": "g1"})
    with tenant_scope(bot.business.tenant.id):
        assert sorted(Attachment.objects.values_list("reference", flat=True)) == [
            "photo0",
            "photo1",
            "photo2",
        ]


def test_album_of_another_person_or_another_album_is_another_message(bot: Bot) -> None:
    bot.take_in(
        bot.says(media_group_id="g1", photo=photo(0)),
        bot.says(media_group_id="g2", photo=photo(1)),
        bot.says(LUIS, media_group_id="g1", photo=photo(2)),
    )
    assert len(bot.messages()) == 3


def test_edited_caption_of_any_piece_of_an_album(bot: Bot) -> None:
    bot.take_in(
        bot.says(media_group_id="g1", photo=photo(0), message_id=50),
        bot.says(media_group_id="g1", photo=photo(1), message_id=51, caption="Dos"),
    )
    said = {"message_id": 51, "chat": chat_of(ANA), "from": user_of(ANA), "date": 1, "edit_date": 9}
    edit = {**said, "photo": photo(1), "caption": "Tres", "media_group_id": "g1"}
    bot.take_in(bot.vendor.update(bot.channel.pk, edited_message=edit))
    [(text, data)] = bot.messages()
    assert (text, data["original"]) == ("Tres", "Dos")


def test_edits_and_reactions_end_the_same_in_any_order(bot: Bot) -> None:
    for order in itertools.permutations(range(4)):
        with transaction.atomic():
            said = {"message_id": 60, "chat": chat_of(ANA), "from": user_of(ANA), "date": 1}
            reaction = {"chat": chat_of(ANA), "message_id": 60, "user": user_of(ANA), "date": 7}
            pk = bot.channel.pk
            happened = [
                bot.vendor.update(pk, message={**said, "text": "Uno"}),
                bot.vendor.update(pk, edited_message={**said, "edit_date": 5, "text": "Dos"}),
                bot.vendor.update(pk, edited_message={**said, "edit_date": 6, "text": "Tres"}),
                bot.vendor.update(
                    pk, message_reaction={**reaction, "new_reaction": [{"type": "emoji", "emoji": "👍"}]}
                ),
            ]
            bot.vendor.wrote(ANA)
            bot.take_in(*(happened[place] for place in order))
            [(text, data)] = bot.messages()
            assert (text, data["original"], data["reactions"]) == ("Tres", "Uno", {"customer": "👍"}), order
            transaction.set_rollback(True)


def test_shared_contact_joins_the_customer_of_that_number(bot: Bot) -> None:
    with tenant_scope(bot.business.tenant.id):
        known, _new = resolve(kind="phone", raw="+523312345678", name="Ana de la tienda")
    own = {"phone_number": "523312345678", "first_name": "Ana", "user_id": int(ANA.address)}
    bot.take_in(bot.says(contact=own))
    with tenant_scope(bot.business.tenant.id):
        assert Customer.objects.get().name == "Ana de la tienda"
        assert Identity.objects.filter(kind="telegram").get().customer_id == known.pk


def test_user_name_merges_nobody(bot: Bot) -> None:
    with tenant_scope(bot.business.tenant.id):
        resolve(kind="telegram", raw="@anita", name="Otra")
    message = {
        "message_id": 1,
        "date": 1,
        "chat": {**chat_of(ANA), "username": "anita"},
        "from": {**user_of(ANA), "username": "anita"},
        "text": "Hola",
    }
    bot.take_in(bot.vendor.update(bot.channel.pk, message=message))
    with tenant_scope(bot.business.tenant.id):
        assert Customer.objects.count() == 2


def test_blocked_bot_is_said_and_nothing_more_is_sent(bot: Bot) -> None:
    bot.take_in(bot.says(text="Hola"), bot.vendor.blocks(bot.channel.pk, ANA, at=1_000))
    assert bot.events() == ["closed_to_us"]
    with tenant_scope(bot.business.tenant.id):
        conversation = Conversation.objects.get()
        with pytest.raises(CannotSend) as caught:
            check_sendable(conversation, "Hola", [])
        assert str(caught.value) == "El cliente te bloqueó en este canal. Escríbele por otro."
    bot.take_in(bot.vendor.blocks(bot.channel.pk, ANA, again=True, at=2_000))
    bot.take_in(bot.vendor.blocks(bot.channel.pk, ANA, at=1_500))  # late: it was before he came back
    assert bot.events() == ["closed_to_us", "opened_again"]
    with tenant_scope(bot.business.tenant.id):
        check_sendable(conversation, "Hola", [])


def test_unreadable_update_is_parked_with_its_reason(bot: Bot) -> None:
    bot.take_in(bot.vendor.update(bot.channel.pk, hologram={"x": 1}))
    with tenant_scope(bot.business.tenant.id):
        assert InboundEvent.objects.get().outcome == "parked"
        assert not Message.objects.exists()


def test_pressed_button_becomes_a_message_and_telegram_hears_of_it(
    bot: Bot, django_capture_on_commit_callbacks: object
) -> None:
    bot.take_in(bot.says(text="Hola"))
    row = bot.answer("¿Envío?", buttons=[{"id": "yes", "title": "Sí"}, {"id": "no", "title": "No"}])
    assert row.status == "sent"
    hook = bot.vendor.pressed(bot.channel.pk, ANA, bot.vendor.sent[-1], "Sí")
    assert hook
    bot.take_in(hook, hook)
    read_everything(bot.business)
    text, data = bot.messages()[-1]
    assert (text, data["choice"], data["reply_to"]) == ("Sí", {"id": "yes", "title": "Sí"}, row.provider_id)
    assert json.loads(hook.body)["callback_query"]["data"] == "yes"
