"""What visitors hand in: judged by content, kept for their own message, forgotten after days."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from conversations.channels.web import uploads
from conversations.models import Attachment, InboundEvent, Upload
from conversations.tasks import forget_uploads
from tenants.scoping import tenant_scope
from tests.conversations.channels.web.visitor import Visitor
from tests.factories.conversations import PNG
from tests.factories.tenants import Business


@pytest.fixture
def visitor(business: Business) -> Visitor:
    visitor = Visitor(business)
    visitor.begin()
    return visitor


def test_file_comes_with_its_message(visitor: Visitor) -> None:
    kept = visitor.upload(PNG, "bici ñ.png")
    assert kept.status_code == 201
    reply = kept.json()
    assert (reply["name"], reply["size"], reply["type"]) == ("bici ñ.png", len(PNG), "image/png")
    message = visitor.said("Mira", files=[reply["id"], reply["id"]])
    with tenant_scope(visitor.business.tenant.id):
        attachment = message.attachments.get()
        with attachment.file.open() as stored:
            assert (attachment.name, attachment.content_type, stored.read()) == (
                "bici ñ.png",
                "image/png",
                PNG,
            )
        assert message.has_attachments
    [shown] = visitor.get("messages/").json()["messages"]
    assert [one["name"] for one in shown["attachments"]] == ["bici ñ.png"]


def test_files_alone_are_a_message_and_keep_their_order(visitor: Visitor) -> None:
    ids = [visitor.upload(PNG, f"{name}.png").json()["id"] for name in "abc"]
    message = visitor.said("", files=ids[::-1])
    with tenant_scope(visitor.business.tenant.id):
        assert [one.name for one in message.attachments.order_by("id")] == ["c.png", "b.png", "a.png"]


def test_small_picture_is_told_once_it_is_there(visitor: Visitor) -> None:
    message = visitor.said("Mira", files=[visitor.upload(PNG).json()["id"]])
    assert "small" not in visitor.get("messages/").json()["messages"][0]["attachments"][0]
    with tenant_scope(visitor.business.tenant.id):
        attachment = message.attachments.get()
        attachment.thumbnail.save("x", ContentFile(PNG), save=False)
        attachment.width, attachment.height = 40, 30
        attachment.save()
    [shown] = visitor.get("messages/").json()["messages"][0]["attachments"]
    assert (shown["small"], shown["width"], shown["height"]) == (f"{shown['url']}?small", 40, 30)
    answer = Client(headers={"origin": "https://shop.example"}).get(shown["small"])
    assert b"".join(answer.streaming_content) == PNG  # type: ignore[arg-type]
    assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"


def test_site_that_may_not_carry_the_chat_reads_no_file(visitor: Visitor) -> None:
    visitor.said("Mira", files=[visitor.upload(PNG).json()["id"]])
    url = visitor.get("messages/").json()["messages"][0]["attachments"][0]["url"]
    with tenant_scope(visitor.business.tenant.id):
        visitor.channel.settings = {"origins": ["https://shop.example"]}
        visitor.channel.save()
    answer = Client(headers={"origin": "https://evil.example"}).get(url)
    assert b"".join(answer.streaming_content) == PNG  # type: ignore[arg-type]
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert Client().get(f"{url}x").status_code == 404
    assert Client().get(f"{url}?small").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.png", PNG, "image/png"),
        ("renamed.pdf", PNG, "image/png"),
        ("c.pdf", b"%PDF-1.7", "application/pdf"),
        ("n.txt", "Hola ñ".encode(), "text/plain"),
        ("d.docx", b"PK\x03\x04rest", uploads.ZIPPED["docx"]),
        ("virus.png", b"MZ\x90\x00", ""),
        ("virus.pdf", b"\x7fELF", ""),
        ("page.html", b"<html><script>", ""),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>", ""),
        ("archive.zip", b"PK\x03\x04rest", ""),
        ("binary.txt", b"a\x00b", ""),
        ("latin.txt", b"\xf1", ""),
        ("", b"x", ""),
    ],
)
def test_kind_is_told_by_the_content(name: str, content: bytes, kind: str) -> None:
    assert uploads.content_type_of(name, content) == kind


def test_what_cannot_be_sent_is_refused_with_a_sentence(visitor: Visitor) -> None:
    for content, name, status in [
        (b"MZ", "a.exe", 422),
        (b"", "a.png", 422),
        (b"x" * 10_000_001, "a.png", 413),
    ]:
        answer = visitor.upload(content, name)
        assert answer.status_code == status
        assert answer.json()["detail"] != ""
    with tenant_scope(visitor.business.tenant.id):
        assert Upload.objects.count() == 0


def test_odd_names_do_no_harm(visitor: Visitor) -> None:
    for name, kept in [("../../etc/passwd", "../../etc/passwd"), ("a%00b%0A.png", "a b .png"), ("", "file")]:
        assert visitor.upload(PNG, name).json()["name"] == kept.replace(" b ", "b ").replace("b .", "b .")


def test_without_a_token_nothing_is_kept(visitor: Visitor) -> None:
    visitor.token = ""
    assert visitor.upload(PNG).status_code == 401


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ("x", 400),
        ([1], 400),
        (["no id"], 400),
        ([str(uuid4())], 422),
        ([str(uuid4()) for _ in range(6)], 422),
        ({"a": 1}, 400),
    ],
)
def test_message_with_files_that_are_none_is_refused(visitor: Visitor, files: Any, status: int) -> None:
    assert visitor.say("Hola", files=files).status_code == status
    with tenant_scope(visitor.business.tenant.id):
        assert InboundEvent.objects.count() == 0


def test_another_visitors_file_cannot_be_sent(visitor: Visitor) -> None:
    theirs = visitor.upload(PNG).json()["id"]
    impostor = Visitor(visitor.business)
    impostor.begin()
    assert impostor.say("Mía", files=[theirs]).status_code == 422


def test_files_are_forgotten_after_days_and_those_sent_stay(visitor: Visitor) -> None:
    sent, unsent, new = (visitor.upload(PNG).json()["id"] for _ in range(3))
    visitor.said("Mira", files=[sent])
    with tenant_scope(visitor.business.tenant.id):
        old = Upload.objects.filter(pk__in=[sent, unsent])
        old.update(created_at=timezone.now() - uploads.KEPT - timedelta(minutes=1))
    for _ in range(2):
        forget_uploads(str(visitor.business.tenant.id))
    with tenant_scope(visitor.business.tenant.id):
        assert list(Upload.objects.values_list("pk", flat=True)) == [UUID(new)]
        with Attachment.objects.get().file.open() as stored:
            assert stored.read() == PNG


# --- what waited in the browser, and who answers later ---


def test_age_becomes_the_moment_of_writing(visitor: Visitor) -> None:
    message = visitor.said("Escrito en el tren", age=5_400)
    assert message.provider_at is not None
    assert abs(message.created_at - message.provider_at - timedelta(hours=1.5)) < timedelta(seconds=10)


def test_odd_ages_are_passed_over(visitor: Visitor) -> None:
    for age in [None, 0, -5, "x", True, 1 << 70, 31 * 24 * 3_600, 1.5]:
        assert visitor.said("Hola", age=age).provider_at is None, age


@pytest.mark.parametrize(
    ("settings", "online", "asked"),
    [
        ({}, True, [("name", True), ("email", False)]),
        ({}, False, [("name", True), ("email", True)]),
        ({"prechat": []}, True, []),
        ({"prechat": []}, False, [("email", True)]),
        ({"prechat": ["phone"], "required": ["phone"]}, False, [("phone", True)]),
    ],
)
def test_out_of_hours_the_form_asks_for_an_address(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, settings: Any, online: bool, asked: Any
) -> None:
    there = {"online": online, "text": "…"}
    monkeypatch.setattr("conversations.channels.web.views.presence", lambda _tenant: there)
    with tenant_scope(visitor.business.tenant.id):
        visitor.channel.settings = settings
        visitor.channel.save()
    questions = visitor.get("config/").json()["prechat"]
    assert [(one["name"], one["required"]) for one in questions] == asked
    if not online and "email" in [one["name"] for one in questions]:
        assert questions[-1]["label"] == "Your e-mail, so that we can answer"
