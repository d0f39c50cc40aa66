"""What goes out on Messenger, at a stand-in that refuses what the documented API refuses."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conversations.channels.base import ChannelError, File
from conversations.channels.meta import adapter as meta
from conversations.channels.registry import adapter_for
from conversations.models import Channel, Conversation, Delivery, Message
from tests.conversations.channels.meta_line import ANA, Line
from tests.vendors.messenger import Messenger
from tests.vendors.stand_in import Mood, Person

WINDOW = "Too long after the customer's last message: Meta takes no answer any more."
TOKEN_GONE = "Meta no longer accepts the access token. Enter a new one on the channel's page."
PNG = File("foto.png", "image/png", b"\x89PNG")


def past(line: Line, **ago: float) -> None:
    """The customer wrote so long ago, by our clock and the vendor's."""
    with line.scope():
        then = timezone.now() - timedelta(**ago)
        Conversation.objects.update(window_ends_at=then + timedelta(days=7), last_inbound_at=then)
    line.vendor.wrote(ANA, hours_ago=timedelta(**ago).total_seconds() / 3600)


def test_text_goes_out_as_a_response_with_our_reference(line: Line) -> None:
    line.says()
    row = line.send("Sí, abrimos a las 9")
    assert (row.status, row.provider_id, row.reason) == ("sent", "m_messenger.1", "")
    assert line.vendor.sent[0].body == {
        "recipient": {"id": ANA.address},
        "messaging_type": "RESPONSE",
        "message": {"text": "Sí, abrimos a las 9", "metadata": f"puente/{row.pk}"},
    }


def test_answer_quotes_the_message_it_answers(line: Line) -> None:
    line.says()
    line.send("Ésa", reply_to="m_in.1")
    assert line.vendor.sent[0].body["reply_to"] == {"mid": "m_in.1"}


def test_choices_are_quick_replies_and_links_a_card(line: Line) -> None:
    line.says()
    line.send("¿Talla?", buttons=[{"id": "m", "title": "M"}, {"title": "G"}])
    line.send(
        "Míralo", buttons=[{"title": "Abrir", "url": "https://example.com"}, {"id": "no", "title": "No"}]
    )
    first, second = (sent.body["message"] for sent in line.vendor.sent)
    assert first["quick_replies"] == [
        {"content_type": "text", "title": "M", "payload": "m"},
        {"content_type": "text", "title": "G", "payload": "G"},
    ]
    assert second["attachment"]["payload"]["buttons"] == [
        {"type": "web_url", "url": "https://example.com", "title": "Abrir"},
        {"type": "postback", "payload": "no", "title": "No"},
    ]


def test_text_goes_before_its_files_which_are_uploaded_first(line: Line) -> None:
    line.says()
    row = line.send("Mira", (PNG, File("Menú del día.pdf", "application/pdf", b"%PDF")))
    assert (row.status, row.provider_id) == ("sent", "m_messenger.3")
    text, image, file = (sent.body["message"] for sent in line.vendor.sent)
    assert (text["text"], text["metadata"]) == ("Mira", "puente/part")
    assert (image["attachment"]["type"], file["attachment"]["type"]) == ("image", "file")
    assert file["metadata"] == f"puente/{row.pk}"
    assert [stored.name for stored in line.vendor.files.values()] == ["foto.png", "Menu-del-dia.pdf"]


def test_reaction_goes_out_and_is_taken_back(line: Line) -> None:
    line.says()
    for emoji, action in (("😊", "react"), ("", "unreact")):
        row = line.send("", reaction={"target": "m_in.1", "emoji": emoji})
        assert row.status == "sent"
        assert line.vendor.sent[-1].body["sender_action"] == action


def test_template_goes_out_whenever_as_utility(line: Line) -> None:
    line.says()
    row = line.answer("", template={"name": "pedido", "language": "es", "components": [{"type": "body"}]})
    past(line, days=30)
    assert line.go(row).status == "sent"
    body = line.vendor.sent[0].body
    assert body["messaging_type"] == "UTILITY"
    assert body["message"]["template"]["language"] == {"code": "es"}


@pytest.mark.parametrize(
    ("author", "ago", "rule"),
    [
        ("member", {"hours": 23}, "RESPONSE"),
        ("system", {"hours": 23}, "RESPONSE"),
        ("member", {"hours": 25}, "MESSAGE_TAG"),
        ("member", {"days": 6, "hours": 23}, "MESSAGE_TAG"),
        ("member", {"days": 7, "hours": 1}, ""),
        ("system", {"hours": 25}, ""),
        ("bot", {"hours": 25}, ""),
        ("key", {"hours": 25}, ""),
    ],
)
def test_after_a_day_only_a_person_answers_and_after_seven_nobody(
    line: Line, author: str, ago: dict[str, float], rule: str
) -> None:
    line.says()
    row = line.answer(author=author)
    past(line, **ago)
    row = line.go(row)
    if not rule:
        assert (row.status, row.reason, row.details.get("category")) == ("failed", WINDOW, "window")
        assert line.vendor.sent == []
        return
    assert row.status == "sent"
    body = line.vendor.sent[0].body
    assert (body["messaging_type"], body.get("tag")) == (
        rule,
        "HUMAN_AGENT" if rule == "MESSAGE_TAG" else None,
    )


def test_app_without_the_feature_is_told_what_to_ask_for(line: Line, vendor: Messenger) -> None:
    line.says()
    row = line.answer()
    past(line, hours=30)
    vendor.human_agent = False
    row = line.go(row)
    assert row.status == "failed"
    assert "Human Agent" in row.reason


@pytest.mark.parametrize(
    ("text", "files", "data", "reason"),
    [
        ("x" * 2_001, (), {}, "The text is longer than this channel takes."),
        ("", (), {}, "There is nothing in this message that this channel could send."),
        ("¿?", (), {"buttons": [{"title": str(n)} for n in range(14)]}, "up to 13 answers"),
        ("¿?", (), {"buttons": [{"title": "x" * 21}]}, "up to 13 answers"),
        ("", (File("g.bin", "application/zip", b"x" * 25_000_001),), {}, "larger than Meta takes"),
    ],
)
def test_what_is_never_taken_fails_before_the_call(
    line: Line, text: str, files: tuple[File, ...], data: dict[str, Any], reason: str
) -> None:
    line.says()
    row = line.send(text, files, **data)
    assert row.status == "failed"
    assert reason in row.reason
    assert line.vendor.sent == []


def test_longest_text_goes(line: Line) -> None:
    line.says()
    assert line.send("ñ" * 2_000).status == "sent"


@pytest.mark.parametrize(
    ("mood", "code", "status", "reason"),
    [
        (Mood.THROTTLES, 0, "pending", "Meta asks us to slow down. We try again."),
        (Mood.REFUSES, 613, "pending", "Meta asks us to slow down. We try again."),
        (Mood.REFUSES, 1200, "pending", "Meta has a disturbance. We try again."),
        (Mood.REFUSES, 551, "failed", "This person cannot be reached: he blocked the business"),
        (Mood.REFUSES, 1545041, "failed", "This person cannot be reached: he blocked the business"),
        (Mood.REFUSES, 2018278, "failed", WINDOW),
        (Mood.REFUSES, 100, "failed", "Meta refused it: (#100) Refused (100)"),
        (Mood.REFUSES, 190, "pending", TOKEN_GONE),
        (Mood.REFUSES, 200, "pending", "The access token lacks a permission that this needs."),
        (Mood.REFUSES, 10, "pending", "The access token lacks a permission that this needs."),
        (Mood.REFUSES, 368, "pending", "Meta has restricted the account for breaking its rules."),
        (Mood.BREAKS, 0, "unknown", "Puente was interrupted while handing it over. It may have arrived."),
    ],
)
def test_each_refusal_has_its_end(line: Line, mood: Mood, code: int, status: str, reason: str) -> None:
    line.says()
    line.vendor.become(mood, code)
    row = line.send()
    assert row.status == status
    assert row.reason.startswith(reason)
    assert line.vendor.sent == []


def test_our_own_echo_settles_and_is_never_doubled(line: Line) -> None:
    line.says()
    row = line.send("Con archivo", (PNG,))
    with line.scope():
        Delivery.objects.update(status="unknown", provider_id="")
    for sent in line.vendor.sent:
        metadata = sent.body["message"]["metadata"]
        echo = line.vendor.echo(ANA.address, mid=sent.id, app_id=1, metadata=metadata, text=sent.text)
        line.take_in(line.vendor.event(echo))
    fresh = line.fresh(row)
    assert (fresh.status, fresh.provider_id) == ("sent", "m_messenger.2")
    with line.scope():
        assert Message.objects.filter(kind="outbound").count() == 1


def test_what_is_written_in_the_pages_inbox_is_kept_once_as_an_answer(line: Line) -> None:
    line.says()
    echo = line.vendor.echo(ANA.address, mid="m_inbox", app_id=26390, text="Desde la bandeja")
    line.take_in(line.vendor.event(echo))
    line.take_in(line.vendor.event(echo, echo))
    with line.scope():
        got = Message.objects.get(kind="outbound")
        assert (got.text, got.author_kind, got.conversation.status) == (
            "Desde la bandeja",
            "phone",
            "waiting",
        )


def test_read_covers_all_that_was_sent_before_and_nothing_after(line: Line) -> None:
    bea = Person("7430000000000002", "Bea")
    line.says()
    line.says("Yo", bea)
    with line.scope():
        talk = {c.identity.value: c for c in Conversation.objects.filter(identity__isnull=False)}
    rows = [line.send(text, conversation=talk[ANA.address]) for text in ("Uno", "Dos")]
    theirs = line.send("Otra", conversation=talk[bea.address])
    read = line.vendor.status(line.channel.pk, line.vendor.sent[1], "read")
    assert read
    after = line.send("Después", conversation=talk[ANA.address])
    line.take_in(read)
    delivered = line.vendor.event(line.vendor.from_person(ANA, delivery={"watermark": 9_999_999_999_999}))
    line.take_in(delivered)
    assert [line.fresh(row).status for row in (*rows, theirs, after)] == ["read", "read", "sent", "delivered"]


def test_names_are_learned_from_the_vendor_and_never_replace_what_a_person_entered(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    from conversations.actions import bells, names

    asked: list[Any] = []
    monkeypatch.setattr(bells, "learn_name", asked.append)
    line.says()
    line.says("¿Hola?")
    assert len(asked) == 1
    names.learn(line.business.tenant.id, asked[0])
    with line.scope():
        talk = Conversation.objects.get()
        assert talk.customer.name == "Ana Ríos"
        assert set(talk.messages.values_list("author_label", flat=True)) == {"Ana Ríos"}
        talk.customer.name, talk.customer.name_confirmed = "Ana María", True
        talk.customer.save()
    names.learn(line.business.tenant.id, asked[0])
    line.says("Otra vez")
    with line.scope():
        assert Conversation.objects.get().customer.name == "Ana María"


def test_a_vendor_that_tells_no_name_leaves_none(line: Line) -> None:
    from conversations.actions import names

    line.says()
    line.vendor.names.clear()
    with line.scope():
        talk = Conversation.objects.get()
    names.learn(line.business.tenant.id, talk.pk)
    with line.scope():
        assert Conversation.objects.get().customer.name == ""


def test_seen_and_typing_are_told(line: Line) -> None:
    line.says()
    adapter_for("messenger").saw(line.channel, ANA.address, "m_in.1")
    adapter_for("messenger").typing(line.channel, ANA.address, "m_in.1")
    assert [body["sender_action"] for body in line.vendor.actions] == ["mark_seen", "typing_on"]


def test_channel_without_token_holds_the_message(line: Line) -> None:
    line.says()
    with line.scope():
        channel = Channel.objects.get(pk=line.channel.pk)
        channel.secrets = {**channel.secrets, "access_token": ""}
        channel.save()
    row = line.send()
    assert (row.status, row.attempts) == ("pending", 0)
    assert "not connected" in row.reason


def test_second_part_refused_after_the_first_went_is_not_sent_again_by_itself(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.says()
    send = meta.MessagingAdapter._send

    def once(self: Any, account: Any, body: dict[str, Any]) -> str:
        if line.vendor.sent:
            raise ChannelError("Later", permanent=False)
        return send(self, account, body)

    monkeypatch.setattr(meta.MessagingAdapter, "_send", once)
    assert line.send("Mira", (PNG,)).status == "unknown"


def test_files_come_from_metas_hosts_alone(line: Line) -> None:
    for address in (
        "https://evil.example/x",
        "https://fbcdn.net.evil.example/x",
        "http://x.fbcdn.net/x",
        "x",
    ):
        with pytest.raises(ChannelError) as refused:
            adapter_for("messenger").fetch(line.channel, address)
        assert refused.value.permanent
