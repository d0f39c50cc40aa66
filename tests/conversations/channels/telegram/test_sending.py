"""Sending, fetching and connecting at a stand-in for the vendor, through real sockets."""

import time
from typing import Any

import pytest
from django import forms

from conversations import tasks
from conversations.channels.base import ChannelError, File
from conversations.channels.connection import Finding
from conversations.channels.registry import adapter_for
from conversations.channels.telegram import errors, outgoing
from conversations.channels.telegram.connection import UPDATES, TelegramConnection, TelegramForm
from conversations.models import Channel
from tenants.scoping import tenant_scope
from tests.conversations.channels.telegram.bot import ANA, Bot
from tests.vendors.stand_in import Mood, Upload
from tests.vendors.telegram import SECRET, TOKEN

JPEG = File("foto.jpg", "image/jpeg", b"\xff\xd8\xff" + b"a" * 100)
MP4 = File("clip.mp4", "video/mp4", b"mp4")
PDF = File('fac"tura\r\n.pdf', "application/pdf", b"%PDF-1.4")
OGG = File("nota.ogg", "audio/ogg", b"OggS")


@pytest.fixture
def talking(bot: Bot) -> Bot:
    """A bot to which Ana has written."""
    bot.take_in(bot.says(text="Hola"))
    return bot


def taken(bot: Bot) -> list[dict[str, Any]]:
    """What the vendor took, without who gets it and the files' bytes."""
    return [
        {name: value for name, value in sent.body.items() if name not in {"chat_id", "files"}}
        for sent in bot.vendor.sent
    ]


def test_text_goes_plain_and_comes_back_with_its_number(talking: Bot) -> None:
    row = talking.answer("*Sí* <b>")
    [sent] = talking.vendor.sent
    assert (row.status, row.provider_id, sent.to) == ("sent", sent.id, ANA.address)
    assert taken(talking) == [{"method": "sendMessage", "text": "*Sí* <b>"}]


def test_answer_quotes_the_message_that_it_answers(talking: Bot) -> None:
    talking.answer("Sí", reply_to=f"{ANA.address}:7")
    assert taken(talking)[0]["reply_parameters"] == {"message_id": 7, "allow_sending_without_reply": True}


@pytest.mark.parametrize(
    ("file", "method", "part"),
    [
        (JPEG, "sendPhoto", "photo"),
        (MP4, "sendVideo", "video"),
        (PDF, "sendDocument", "document"),
        (OGG, "sendVoice", "voice"),
        (File("son.mp3", "audio/mpeg", b"ID3"), "sendAudio", "audio"),
        (File("x.jpg", "image/jpeg", b"j" * 10_000_001), "sendDocument", "document"),
        (File("x", "text/html\r\nX-Evil: 1", b"x"), "sendDocument", "document"),
    ],
)
def test_one_file_goes_as_what_it_is_with_the_text_below(
    talking: Bot, file: File, method: str, part: str
) -> None:
    assert talking.answer("Mira", (file,)).status == "sent"
    assert taken(talking) == [{"method": method, "caption": "Mira"}]
    assert talking.vendor.sent[0].body["files"] == {part: file.content}


@pytest.mark.parametrize(
    ("files", "kinds"),
    [
        ((JPEG, MP4), ["photo", "video"]),
        ((JPEG, PDF), ["document", "document"]),
        ((OGG, OGG), ["document", "document"]),
    ],
)
def test_several_files_are_one_album(talking: Bot, files: tuple[File, ...], kinds: list[str]) -> None:
    assert talking.answer("Mira", files).status == "sent"
    [body] = taken(talking)
    assert (body["method"], [one["type"] for one in body["media"]]) == ("sendMediaGroup", kinds)
    assert [one.get("caption") for one in body["media"]] == ["Mira", None]


def test_eleven_files_are_an_album_and_one_more(talking: Bot) -> None:
    assert talking.answer("", (JPEG,) * 11).status == "sent"
    assert [body["method"] for body in taken(talking)] == ["sendMediaGroup", "sendPhoto"]


def test_long_text_goes_before_its_file(talking: Bot) -> None:
    assert talking.answer("x" * 1_025, (JPEG,)).status == "sent"
    assert [body["method"] for body in taken(talking)] == ["sendMessage", "sendPhoto"]
    assert "caption" not in taken(talking)[1]


YES = {"text": "Sí", "callback_data": "y"}
POINT = {"latitude": 20.5, "longitude": -103}
FORMS: list[tuple[str, tuple[File, ...], dict[str, Any], dict[str, Any]]] = [
    (
        "¿Sí?",
        (),
        {"buttons": [{"id": "y", "title": "Sí"}, {"title": "No"}]},
        {
            "method": "sendMessage",
            "text": "¿Sí?",
            "reply_markup": {"inline_keyboard": [[YES], [{"text": "No", "callback_data": "No"}]]},
        },
    ),
    (
        "¿Cuál?",
        (),
        {"list": {"button": "Ver", "rows": [{"id": "a", "title": "Azul"}]}},
        {
            "method": "sendMessage",
            "text": "¿Cuál?",
            "reply_markup": {"inline_keyboard": [[{"text": "Azul", "callback_data": "a"}]]},
        },
    ),
    (
        "¿Éste?",
        (JPEG,),
        {"buttons": [{"id": "y", "title": "Sí"}]},
        {"method": "sendPhoto", "caption": "¿Éste?", "reply_markup": {"inline_keyboard": [[YES]]}},
    ),
    ("", (), {"location": {**POINT, "name": "", "address": ""}}, {"method": "sendLocation", **POINT}),
    (
        "",
        (),
        {"location": {**POINT, "name": "Luna", "address": "Calle 1"}},
        {"method": "sendVenue", **POINT, "title": "Luna", "address": "Calle 1"},
    ),
    (
        "",
        (),
        {"reaction": {"target": "52413377:7", "emoji": "👍"}},
        {"method": "setMessageReaction", "message_id": 7, "reaction": [{"type": "emoji", "emoji": "👍"}]},
    ),
    (
        "",
        (),
        {"reaction": {"target": "52413377:7", "emoji": ""}},
        {"method": "setMessageReaction", "message_id": 7, "reaction": []},
    ),
]


@pytest.mark.parametrize(("text", "files", "data", "body"), FORMS)
def test_what_is_more_than_text(
    talking: Bot, text: str, files: tuple[File, ...], data: dict[str, Any], body: dict[str, Any]
) -> None:
    assert talking.answer(text, files, **data).status == "sent"
    assert taken(talking) == [body]


@pytest.mark.parametrize(
    ("text", "files", "data", "reason"),
    [
        ("x" * 4_097, (), {}, "The text is longer than Telegram takes."),
        ("", (), {}, "There is nothing in this message that Telegram could send."),
        (
            "Hola",
            (),
            {"buttons": [{"id": "é" * 33, "title": "Sí"}]},
            outgoing.BAD_BUTTONS,
        ),
        ("", (JPEG,), {"buttons": [{"id": "a", "title": "Sí"}]}, outgoing.BAD_BUTTONS),
        ("", (), {"reaction": {"target": "?", "emoji": "👍"}}, errors.NO_TARGET),
        ("", (), {"reaction": {"target": "1:7", "emoji": "🪿"}}, errors.REACTION),
        (
            "",
            (File("x", "x/y", b"x" * 50_000_001),),
            {},
            "A file is larger than Telegram takes from bots: 50 MB.",
        ),
    ],
)
def test_what_telegram_never_takes_fails_with_a_sentence(
    talking: Bot, text: str, files: tuple[File, ...], data: dict[str, Any], reason: str
) -> None:
    row = talking.answer(text, files, **data)
    assert (row.status, row.reason, taken(talking)) == ("failed", reason, [])


def test_person_who_blocked_the_bot(talking: Bot) -> None:
    talking.vendor.blockers.add(ANA.address)
    row = talking.answer()
    assert (row.status, row.reason) == ("failed", errors.BLOCKED)
    assert (row.details["category"], row.details["code"]) == ("blocked", "403")


def test_person_who_never_wrote(talking: Bot) -> None:
    talking.vendor.known.clear()
    assert talking.answer().reason == errors.NO_CHAT


def test_throttle_waits_as_long_as_asked_and_outage_is_unclear(talking: Bot) -> None:
    talking.vendor.become(Mood.THROTTLES)
    row = talking.answer()
    assert (row.status, row.reason) == ("pending", errors.SLOWLY)
    talking.vendor.become(Mood.BREAKS)
    with tenant_scope(talking.business.tenant.id):
        Channel.objects.update(paused_until=None)
        row.delete()
    assert talking.answer().status == "unknown"


def test_revoked_token_keeps_the_message_and_says_what_to_do(talking: Bot) -> None:
    talking.vendor.become(Mood.REFUSES, 401)
    row = talking.answer()
    assert (row.status, row.reason) == ("pending", errors.TOKEN)


def test_bad_token_is_never_sent(talking: Bot) -> None:
    with tenant_scope(talking.business.tenant.id):
        Channel.objects.filter(pk=talking.channel.pk).update(secrets={"bot_token": "../getMe"})
    row = talking.answer()
    assert (row.status, row.reason[:28]) == ("pending", "The bot is not connected yet")
    assert talking.vendor.sent == []


def test_moved_chat_gets_the_message(talking: Bot) -> None:
    talking.vendor.moved[ANA.address] = 777
    talking.vendor.known.add("777")
    row = talking.answer()
    assert (row.status, [sent.to for sent in talking.vendor.sent]) == ("sent", ["777"])


def test_bot_writes_first_to_nobody() -> None:
    assert not adapter_for("telegram").reaches("telegram")


def test_typing_and_pressed_buttons_are_told(talking: Bot) -> None:
    adapter_for("telegram").typing(talking.channel, ANA.address, "")
    tasks.acknowledge(str(talking.business.tenant.id), str(talking.channel.pk), "4382")
    assert (talking.vendor.typed, talking.vendor.answered) == ([ANA.address], ["4382"])
    talking.vendor.become(Mood.REFUSES, 401)
    tasks.acknowledge(str(talking.business.tenant.id), str(talking.channel.pk), "4383")
    assert talking.vendor.answered == ["4382"]


# --- files ---


def keep(bot: Bot, content: bytes = b"%PDF-1.4") -> str:
    bot.vendor.media(Upload("factura.pdf", "application/pdf", content))
    return list(bot.vendor.files)[-1]


def test_file_is_fetched(bot: Bot) -> None:
    assert adapter_for("telegram").fetch(bot.channel, keep(bot)).content == b"%PDF-1.4"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"size": 21 * 1024 * 1024}, errors.TOO_BIG),
        ({"content": b"x" * (20 * 1024 * 1024 + 1)}, errors.TOO_BIG),
        ({"path": "../../getMe"}, "The file lies where no file of Telegram lies. It was not fetched."),
        (
            {"path": "//elsewhere.example/x"},
            "The file lies where no file of Telegram lies. It was not fetched.",
        ),
        ({"path": ""}, "The file lies where no file of Telegram lies. It was not fetched."),
    ],
)
def test_file_that_is_not_fetched(bot: Bot, change: dict[str, Any], reason: str) -> None:
    number = keep(bot)
    for name, value in change.items():
        setattr(bot.vendor.files[number], name, value)
    with pytest.raises(ChannelError) as caught:
        adapter_for("telegram").fetch(bot.channel, number)
    assert (caught.value.reason, caught.value.permanent) == (reason, True)


def test_file_that_is_gone(bot: Bot) -> None:
    with pytest.raises(ChannelError) as caught:
        adapter_for("telegram").fetch(bot.channel, "nothing")
    assert (caught.value.reason, caught.value.permanent) == (errors.FILE_GONE, True)


# --- connecting ---


@pytest.fixture
def https(settings: Any) -> None:
    settings.BASE_URL = "https://crm.example.com"


def test_check_names_the_bot_and_sets_the_webhook(bot: Bot, https: None) -> None:
    checked = TelegramConnection().check(bot.channel)
    assert (checked.address, checked.problem) == ("@tienda_luna_bot", "")
    assert bot.vendor.hook == {
        "url": f"https://crm.example.com/hooks/telegram/{bot.channel.pk}/",
        "secret_token": SECRET,
        "allowed_updates": UPDATES,
        "drop_pending_updates": False,
    }


def test_check_tells_of_calls_that_failed_lately(bot: Bot, https: None) -> None:
    bot.vendor.last_error = (time.time() - 60, "Connection timed out", 4)
    found = TelegramConnection().check(bot.channel).findings[-1]
    said = "Telegram could not bring the last messages: Connection timed out"
    assert found == Finding("Messages that arrived lately", False, said)
    bot.vendor.last_error = (time.time() - 7_200, "Connection timed out", 4)
    assert len(TelegramConnection().check(bot.channel).findings) == 2


def test_check_without_an_encrypted_address_says_so(bot: Bot, settings: Any) -> None:
    settings.BASE_URL = "http://localhost:8000"
    checked = TelegramConnection().check(bot.channel)
    assert "An HTTPS URL must be provided" in checked.problem


def test_check_with_a_revoked_token(bot: Bot, https: None) -> None:
    bot.vendor.become(Mood.REFUSES, 401)
    with pytest.raises(ChannelError) as caught:
        TelegramConnection().check(bot.channel)
    assert caught.value.channel_broken


@pytest.mark.parametrize("token", ["", "123", "abc:def", TOKEN + " x", "../" + TOKEN, TOKEN + "\nx"])
def test_token_that_cannot_be_one(token: str) -> None:
    form = TelegramForm({"name": "Bot", "bot_token": token}, channel=Channel(kind="telegram"))
    assert "bot_token" in form.errors


def test_token_is_never_shown(bot: Bot) -> None:
    form = TelegramForm(None, channel=bot.channel)
    assert isinstance(form.fields["bot_token"].widget, forms.PasswordInput)
    assert TOKEN not in form.as_p()


def test_bot_belongs_to_one_channel(bot: Bot) -> None:
    assert list(TelegramConnection().addresses(bot.channel)) == [("telegram", "4839574812")]
