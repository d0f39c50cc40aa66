"""What updates say. Payloads by core.telegram.org/bots/api (Bot API 10.3), the object named beside."""

from datetime import UTC, datetime
from typing import Any

import pytest

from conversations.channels.base import (
    Ignored,
    InboundChange,
    InboundMessage,
    InboundReach,
    Media,
    Unreadable,
)
from tests.conversations.channels.telegram.bot import ANA, Bot
from tests.vendors.stand_in import Person, Sent
from tests.vendors.telegram import chat_of, user_of

FILE: dict[str, Any] = {"file_id": "AgAC", "file_unique_id": "u1", "file_size": 1000}
PLACE = {"latitude": 20.6767, "longitude": -103.3475}
UNKNOWN = "Un mensaje de un tipo que todavía no conocemos."
KINDS: dict[str, tuple[dict[str, Any], str, dict[str, Any], list[Media]]] = {
    "message": ({"text": "Hola"}, "Hola", {}, []),
    "photosize": (
        {
            "photo": [
                {**FILE, "file_id": "small", "width": 90, "height": 67},
                {**FILE, "file_id": "large", "width": 1280, "height": 960},
            ],
            "caption": "La rota",
        },
        "La rota",
        {"kind": "image"},
        [Media("large", "photo.jpg", "image/jpeg", 1000)],
    ),
    "livephoto": (
        {"live_photo": {**FILE, "file_id": "moving", "photo": [{**FILE, "width": 9, "height": 9}]}},
        "",
        {"kind": "image"},
        [Media("AgAC", "photo.jpg", "image/jpeg", 1000), Media("moving", "live.mp4", "video/mp4", 1000)],
    ),
    "voice": (
        {"voice": {**FILE, "duration": 4, "mime_type": "audio/ogg"}},
        "",
        {"kind": "voice"},
        [Media("AgAC", "voice.ogg", "audio/ogg", 1000)],
    ),
    "audio": (
        {"audio": {**FILE, "duration": 200, "file_name": "son.mp3", "mime_type": "audio/mpeg"}},
        "",
        {"kind": "audio"},
        [Media("AgAC", "son.mp3", "audio/mpeg", 1000)],
    ),
    "video": (
        {"video": {**FILE, "width": 640, "height": 480, "duration": 9, "mime_type": "video/mp4"}},
        "",
        {"kind": "video"},
        [Media("AgAC", "video.mp4", "video/mp4", 1000)],
    ),
    "videonote": (
        {"video_note": {**FILE, "length": 240, "duration": 9}},
        "",
        {"kind": "video"},
        [Media("AgAC", "video.mp4", "video/mp4", 1000)],
    ),
    "animation": (
        {"animation": {**FILE, "mime_type": "video/mp4"}, "document": {**FILE, "mime_type": "video/mp4"}},
        "",
        {"kind": "video"},
        [Media("AgAC", "animation.mp4", "video/mp4", 1000)],
    ),
    "document": (
        {"document": {**FILE, "file_name": "factura.pdf", "mime_type": "application/pdf"}},
        "",
        {"kind": "document"},
        [Media("AgAC", "factura.pdf", "application/pdf", 1000)],
    ),
    "sticker": (
        {"sticker": {**FILE, "type": "regular", "is_animated": False, "is_video": False, "emoji": "👍"}},
        "👍",
        {"kind": "sticker"},
        [Media("AgAC", "sticker.webp", "image/webp", 1000)],
    ),
    "sticker that moves": (
        {"sticker": {**FILE, "is_animated": True}},
        "",
        {"kind": "sticker"},
        [Media("AgAC", "sticker.tgs", "application/x-tgsticker", 1000)],
    ),
    "location": (
        {"location": PLACE},
        "",
        {"kind": "location", "location": {**PLACE, "name": "", "address": ""}},
        [],
    ),
    "venue": (
        {"venue": {"location": PLACE, "title": "Mercado", "address": "Calle 1"}, "location": PLACE},
        "Mercado, Calle 1",
        {"kind": "location", "location": {**PLACE, "name": "Mercado", "address": "Calle 1"}},
        [],
    ),
    "contact of somebody else": (
        {"contact": {"phone_number": "523311112222", "first_name": "Luis", "user_id": 99}},
        "Luis, +523311112222",
        {
            "kind": "contacts",
            "contacts": [{"name": "Luis", "phones": ["+523311112222"], "emails": []}],
        },
        [],
    ),
    "dice": ({"dice": {"emoji": "🎯", "value": 6}}, "🎯 6", {}, []),
    "poll": (
        {"poll": {"id": "1", "question": "¿Cuál?", "options": [{"text": "A"}, {"text": "B"}]}},
        "📊 ¿Cuál?\n- A\n- B",
        {},
        [],
    ),
    "checklist": (
        {
            "checklist": {
                "title": "Pan",
                "tasks": [{"id": 1, "text": "Sal", "completion_date": 1}, {"text": "Sol"}],
            }
        },
        "Pan\n☑ Sal\n☐ Sol",
        {},
        [],
    ),
    "richmessage": (
        {
            "rich_message": {
                "blocks": [
                    {"type": "heading", "size": 1, "text": "Pedido"},
                    {"type": "paragraph", "text": ["Dos ", {"type": "bold", "text": "cajas"}]},
                    {"type": "list", "items": [{"blocks": [{"type": "paragraph", "text": "Rojas"}]}]},
                    {"type": "table", "cells": [[{"text": "1"}, {"text": "2"}]]},
                ]
            }
        },
        "Pedido\nDos cajas\nRojas\n1\n2",
        {},
        [],
    ),
    "webappdata": (
        {"web_app_data": {"button_text": "Talla", "data": "M"}},
        "Talla",
        {"kind": "form", "form": {"Talla": "M"}},
        [],
    ),
    "story": ({"story": {"chat": {"id": 1}, "id": 2}}, UNKNOWN, {"kind": "unknown", "type": "story"}, []),
    "a kind to come": ({"hologram": {"x": 1}}, UNKNOWN, {"kind": "unknown", "type": "hologram"}, []),
    "nothing at all": ({}, UNKNOWN, {"kind": "unknown", "type": "message"}, []),
    "forwarded": ({"text": "Mira", "forward_origin": {"type": "user"}}, "Mira", {"forwarded": True}, []),
    "a reply": (
        {"text": "Éste", "reply_to_message": {"message_id": 7, "chat": chat_of(ANA)}},
        "Éste",
        {"reply_to": "52413377:7"},
        [],
    ),
    "messageentity of a hidden address": (
        {
            "text": "🎉 mira aquí y ya",
            "entities": [{"type": "text_link", "offset": 8, "length": 4, "url": "https://luna.example/"}],
        },
        "🎉 mira aquí (https://luna.example/) y ya",
        {},
        [],
    ),
}


def test_kind_of_message(bot: Bot) -> None:
    for kind, (said, text, data, media) in KINDS.items():
        item = bot.parse(bot.says(at=1_700_000_000, **said))
        assert isinstance(item, InboundMessage), kind
        assert (item.text, item.data, list(item.media)) == (text, data, media), kind
        assert (item.identity_kind, item.identity, item.identity_verified) == (
            "telegram",
            ANA.address,
            True,
        ), kind
        assert (item.name, item.language, item.aliases) == ("Ana Ruiz", "es", ()), kind
        assert item.provider_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC), kind


def test_start_with_a_payload_tells_what_led_here(bot: Bot) -> None:
    item = bot.parse(bot.says(text="/start verano-26"))
    assert isinstance(item, InboundMessage)
    url = "https://t.me/tienda_luna_bot?start=verano-26"
    assert item.data == {"referral": {"url": url, "title": "", "text": "verano-26"}}
    plain = bot.parse(bot.says(text="/start"))
    assert isinstance(plain, InboundMessage)
    assert plain.data == {}


def test_own_contact_is_the_accounts_own_number(bot: Bot) -> None:
    own = {"phone_number": "523312345678", "first_name": "Ana", "user_id": int(ANA.address)}
    item = bot.parse(bot.says(contact=own))
    passed_on = bot.parse(bot.says(contact=own, forward_origin={"type": "user"}))
    assert isinstance(item, InboundMessage)
    assert isinstance(passed_on, InboundMessage)
    assert (item.aliases, passed_on.aliases) == ((("phone", "+523312345678"),), ())


@pytest.mark.parametrize(
    ("said", "language"),
    [("es-MX", "es"), ("pt-br", "pt-br"), ("pt", "pt-br"), ("de", ""), (7, ""), (None, "")],
)
def test_language_is_one_that_we_speak(bot: Bot, said: Any, language: str) -> None:
    message = {
        "message_id": 1,
        "date": 1,
        "chat": chat_of(ANA),
        "from": {**user_of(ANA), "language_code": said},
        "text": "Oi",
    }
    item = bot.parse(bot.vendor.update(bot.channel.pk, message=message))
    assert isinstance(item, InboundMessage)
    assert item.language == language


def test_edit(bot: Bot) -> None:
    said = {
        "message_id": 5,
        "chat": chat_of(ANA),
        "from": user_of(ANA),
        "date": 1,
        "edit_date": 9,
        "text": "Dos",
    }
    item = bot.parse(bot.vendor.update(bot.channel.pk, update_id=31, edited_message=said))
    moved = bot.parse(
        bot.vendor.update(bot.channel.pk, update_id=32, edited_message={**said, "location": PLACE})
    )
    at = datetime.fromtimestamp(9, UTC)
    assert item == InboundChange("update:00000000000000000031", "52413377:5", "edit", at, "Dos")
    assert isinstance(moved, Ignored)


def test_pressed_button_is_a_choice_with_a_receipt(bot: Bot) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Sí", "callback_data": "yes"}]]}
    sent = Sent("52413377:40", ANA.address, "¿Sí?", {"reply_markup": keyboard})
    hook = bot.vendor.pressed(bot.channel.pk, ANA, sent, "Sí")
    assert hook
    item = bot.parse(hook)
    assert isinstance(item, InboundMessage)
    assert item.text == "Sí"
    assert item.data == {"kind": "choice", "choice": {"id": "yes", "title": "Sí"}, "reply_to": "52413377:40"}
    assert item.provider_id == f"press:{item.receipt}"


@pytest.mark.parametrize(
    ("new", "shown"),
    [
        ([{"type": "emoji", "emoji": "❤"}], "❤"),
        ([], ""),
        ([{"type": "custom_emoji", "custom_emoji_id": "5"}], "⭐"),
        ([{"type": "emoji", "emoji": "👍"}, {"type": "paid"}], "👍⭐"),
    ],
)
def test_reaction(bot: Bot, new: list[dict[str, str]], shown: str) -> None:
    said = {"chat": chat_of(ANA), "message_id": 5, "user": user_of(ANA), "date": 9, "new_reaction": new}
    item = bot.parse(bot.vendor.update(bot.channel.pk, message_reaction=said))
    assert isinstance(item, InboundChange)
    assert (item.target, item.change, item.text) == ("52413377:5", "reaction", shown)


def test_blocked_bot_and_back(bot: Bot) -> None:
    gone = bot.parse(bot.vendor.blocks(bot.channel.pk, ANA, at=5))
    back = bot.parse(bot.vendor.blocks(bot.channel.pk, ANA, again=True, at=6))
    assert isinstance(gone, InboundReach)
    assert isinstance(back, InboundReach)
    assert (gone.is_open, back.is_open) == (False, True)
    assert (gone.identity, gone.at) == (ANA.address, datetime.fromtimestamp(5, UTC))


GROUP = {"id": -100123, "type": "supergroup", "title": "Vecinos"}


NO_MESSAGES: list[dict[str, Any]] = [
    {"message": {"message_id": 1, "date": 1, "chat": GROUP, "from": user_of(ANA), "text": "Hola"}},
    {"edited_message": {"message_id": 1, "date": 1, "chat": GROUP, "from": user_of(ANA), "text": "Hola"}},
    {"my_chat_member": {"chat": GROUP, "from": user_of(ANA), "new_chat_member": {"status": "member"}}},
    {"message_reaction": {"chat": GROUP, "message_id": 1, "user": user_of(ANA)}},
    {"callback_query": {"id": "1", "from": user_of(ANA), "message": {"chat": GROUP}}},
    {"channel_post": {"message_id": 1, "date": 1, "chat": GROUP, "text": "Hola"}},
    {"business_message": {"message_id": 1, "chat": chat_of(ANA), "text": "Hola"}},
    {"inline_query": {"id": "1", "from": user_of(ANA), "query": "x"}},
    {"message": {"message_id": 1, "date": 1, "chat": chat_of(ANA), "pinned_message": {"message_id": 1}}},
]


def test_what_is_no_message_is_ignored_with_a_reason(bot: Bot) -> None:
    for said in NO_MESSAGES:
        item = bot.parse(bot.vendor.update(bot.channel.pk, **said))
        assert isinstance(item, Ignored), said
        assert (item.outcome, bool(item.reason)) == ("status", True), said


def test_unknown_kind_of_update_is_a_message_of_a_kind_we_do_not_know(bot: Bot) -> None:
    item = bot.parse(bot.vendor.odd(bot.channel.pk, ANA))
    assert isinstance(item, InboundMessage)
    assert (item.text, item.data) == (UNKNOWN, {"kind": "unknown", "type": "hologram"})


OF_NOBODY: list[dict[str, Any]] = [
    {},
    {"message": "text"},
    {"message": {}},
    {"message": {"message_id": 1, "chat": chat_of(ANA), "text": "Hola"}},
    {"message": {"message_id": 1, "chat": chat_of(ANA), "from": {"id": "x"}, "text": "Hola"}},
    {"message": {"message_id": 1, "chat": chat_of(ANA), "from": {"id": 2**70}, "text": "Hola"}},
    {"message": {"message_id": 1, "chat": chat_of(ANA), "from": {**user_of(ANA), "is_bot": True}}},
    {"callback_query": {"from": user_of(ANA)}},
    {"edited_message": {"from": user_of(ANA), "text": "Hola"}},
    {"message_reaction": {"chat": chat_of(ANA), "user": user_of(ANA)}},
    {"hologram": {"x": 1}},
]


def test_what_names_nobody_is_parked(bot: Bot) -> None:
    for said in OF_NOBODY:
        with pytest.raises(Unreadable):
            bot.parse(bot.vendor.update(bot.channel.pk, **said))


ODD: list[Any] = [
    None,
    True,
    7,
    "x",
    "\x00",
    [],
    {},
    [1],
    {"file_id": 7},
    {"blocks": [[[]]]},
    [{"width": "x"}],
    1e400,
]


def test_no_value_of_any_field_breaks_the_reader(bot: Bot) -> None:
    for value in ODD:
        names = {name for said, *_rest in KINDS.values() for name in said}
        for name in [*sorted(names), "entities", "caption", "quote", "media_group_id", "reply_to_message"]:
            item = bot.parse(bot.says(Person(ANA.address, "Ana"), **{"text": "Hola", name: value}))
            assert isinstance(item, (InboundMessage, Ignored)), value
            assert "\x00" not in item.provider_id, value
