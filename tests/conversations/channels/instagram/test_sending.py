"""What goes out on Instagram, by the account's own login and by its page."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.actions.channels import check
from conversations.actions.comments import answer_comment, hide_comment
from conversations.channels.base import File
from conversations.channels.meta.signature import sign
from conversations.channels.registry import adapter_for
from conversations.models import Channel, Conversation, Delivery, Message
from tests.conversations.channels.meta_line import ANA, Line
from tests.factories.conversations import PNG
from tests.vendors.instagram import ACCOUNT, PAGE, Instagram

PICTURE = File("foto.png", "image/png", PNG)


def test_text_goes_out_without_metadata(line: Line) -> None:
    line.says()
    assert line.send("Sí").status == "sent"
    assert line.vendor.sent[0].body == {
        "recipient": {"id": ANA.address},
        "messaging_type": "RESPONSE",
        "message": {"text": "Sí"},
    }


def test_text_of_more_bytes_than_it_takes_goes_in_pieces(line: Line) -> None:
    line.says()
    said = " ".join(["ñandú"] * 150)
    assert line.send(said).status == "sent"
    pieces = [sent.text for sent in line.vendor.sent]
    assert (" ".join(pieces), len(pieces)) == (said, 2)


def test_unbroken_text_is_cut_between_letters(line: Line) -> None:
    line.says()
    line.send("ñ" * 900)
    assert [len(sent.text) for sent in line.vendor.sent] == [500, 400]


def test_file_is_uploaded_by_the_page_and_fetched_by_the_vendor_without_one(
    line: Line, vendor: Instagram, client: Client
) -> None:
    line.says()
    assert line.send("Mira", (PICTURE,)).status == "sent"
    payload = vendor.sent[1].body["message"]["attachment"]["payload"]
    if vendor.by_page:
        assert vendor.files[payload["attachment_id"]].content == PNG
    else:
        got = client.get("/" + payload["url"].partition("//")[2].partition("/")[2])
        assert (got.status_code, b"".join(got.streaming_content)) == (200, PNG)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (File("a.zip", "application/zip", b"PK"), "Instagram takes pictures, sound, video and PDF files."),
        (File("a.webp", "image/webp", b"RIFF"), "Instagram takes pictures, sound, video and PDF files."),
        (File("a.png", "image/png", b"x" * 8_000_001), "A file is larger than Meta takes."),
    ],
)
def test_files_it_never_takes_fail_before_the_call(line: Line, file: File, reason: str) -> None:
    line.says()
    row = line.send("", (file,))
    assert (row.status, row.reason.startswith(reason), line.vendor.sent) == ("failed", True, [])


def test_templates_are_none_of_instagrams(line: Line) -> None:
    line.says()
    assert line.send("", template={"name": "x", "language": "es"}).reason == "Instagram has no templates."


def test_a_person_answers_for_seven_days_with_the_tag(line: Line) -> None:
    line.says()
    row, automatic = line.answer(), line.answer(author="system")
    with line.scope():
        then = timezone.now() - timedelta(days=6)
        Conversation.objects.update(window_ends_at=then + timedelta(days=7), last_inbound_at=then)
    line.vendor.wrote(ANA, hours_ago=6 * 24)
    assert [line.go(row).status, line.go(automatic).status] == ["sent", "failed"]
    assert line.vendor.sent[0].body["tag"] == "HUMAN_AGENT"


def test_reaction_is_a_heart(line: Line) -> None:
    line.says()
    line.send("", reaction={"target": "m_in.1", "emoji": "😊"})
    assert line.vendor.sent[0].body["payload"] == {"message_id": "m_in.1", "reaction": "love"}


def test_our_echoes_are_never_doubled_whether_the_answer_came_or_not(line: Line) -> None:
    line.says()
    first = line.send("Con foto", (PICTURE,))
    lost = line.send("Sin respuesta")
    with line.scope():
        Delivery.objects.filter(pk=lost.pk).update(status="unknown", provider_id="")
    for sent in line.vendor.sent:
        said = {"text": sent.text} if sent.text else {"attachments": [{"type": "image", "payload": {}}]}
        line.take_in(line.vendor.event(line.vendor.echo(ANA.address, mid=sent.id, **said)))
    with line.scope():
        assert Message.objects.filter(kind="outbound").count() == 2
    assert (line.fresh(first).status, line.fresh(lost).status) == ("sent", "sent")
    assert line.fresh(lost).provider_id == line.vendor.sent[-1].id
    line.take_in(line.vendor.event(line.vendor.echo(ANA.address, mid="m_phone", text="Sin respuesta")))
    with line.scope():
        assert Message.objects.filter(kind="outbound", author_kind="phone").count() == 1


def test_comment_is_answered_and_hidden(line: Line, vendor: Instagram) -> None:
    line.take_in(vendor.comment(line.channel.pk, ANA, "¿Precio?", id="17900001"))
    actor = line.business.actor(line.business.agent)
    for mode, to in (("public", "below:17900001"), ("private", "comment:17900001")):
        with line.scope():
            comment = Message.objects.get(provider_id="17900001")
            message = answer_comment(comment=comment, text="$ 90", mode=mode, by=actor)
            row = Delivery.objects.get(message=message)
        assert (line.go(row).status, vendor.sent[-1].to) == ("sent", to)
    with line.scope():
        hide_comment(comment=comment, hidden=True, by=actor)
        row = Delivery.objects.order_by("-id")[0]
    assert (line.go(row).status, vendor.hidden) == ("sent", {"17900001": True})


def test_name_of_the_person(line: Line) -> None:
    line.says()
    assert adapter_for("instagram").profile(line.channel, ANA.address) == ANA.name


def tried(line: Line, **changes: Any) -> Channel:
    with line.scope():
        channel = Channel.objects.get(pk=line.channel.pk)
        channel.settings = {**channel.settings, **changes}
        channel.save()
    check(line.business.tenant.id, line.channel.pk)
    with line.scope():
        found: Channel = Channel.objects.get(pk=line.channel.pk)
        return found


def test_check_reads_the_account_and_subscribes(line: Line, vendor: Instagram) -> None:
    channel = tried(line)
    assert (channel.address, channel.problem, channel.settings["account_id"]) == ("@cafesol", "", ACCOUNT)
    assert "messages" in vendor.subscribed
    assert (channel.token_expires_at is not None) is vendor.by_page
    assert channel.settings.get("page_id", "") == (PAGE if vendor.by_page else "")


def test_token_of_another_account_is_told(line: Line) -> None:
    assert "another Instagram account" in tried(line, account_id="99999").problem


def test_id_of_the_login_becomes_the_one_that_events_name(line: Line, vendor: Instagram) -> None:
    if not vendor.by_page:
        assert tried(line, account_id="2400").settings["account_id"] == ACCOUNT


def test_either_secret_of_the_app_signs(line: Line, vendor: Instagram, settings: Any) -> None:
    with line.scope():
        channel = Channel.objects.get(pk=line.channel.pk)
        channel.secrets = {**channel.secrets, "meta_app_secret": "of-the-app-at-meta"}
        channel.save()
    settings.META_APP_SECRET, settings.META_INSTAGRAM_APP_SECRET = "ours", "ours-for-instagram"
    hook = vendor.text(line.channel.pk, ANA, "Hola")
    signed = {
        hook.path: ("of-the-app-at-meta", "meta-app-secret"),
        "/hooks/instagram/": ("ours", "ours-for-instagram"),
    }
    for path, secrets in signed.items():
        for secret, status in ((secrets[0], 200), (secrets[1], 200), ("", 401), ("other", 401)):
            headers = {"X-Hub-Signature-256": sign(hook.body, secret)}
            assert line.call(hook._replace(path=path, headers=headers)).status_code == status
