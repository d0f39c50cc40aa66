"""Small pictures: turned as held, silent about where and with what, and never a bomb."""

import struct
import zlib
from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image

from conversations.actions import media, thumbnails
from conversations.actions.messages import send_reply
from conversations.actions.thumbnails import SIDE, NoThumbnail, make
from conversations.channels.base import ChannelError, File
from conversations.models import Attachment, Channel, Conversation
from conversations.workspace.feed import shown_file
from tenants.kit.filetypes import kind_of
from tenants.models import AuditEvent
from tenants.refusals import Refused
from tenants.scoping import tenant_scope
from tests.conversations.actions.vendor import Vendor, begin, says, take_in
from tests.factories.tenants import Business


def photo(width: int = 1600, height: int = 1200, kind: str = "JPEG", **more: object) -> bytes:
    content = BytesIO()
    Image.new("RGB", (width, height), "teal").save(content, kind, **more)
    return content.getvalue()


def exif(**tags: object) -> Image.Exif:
    made = Image.Exif()
    made[0x0112] = tags.get("turn", 1)  # Orientation
    made[0x010F] = "Camera of Ana"  # Make
    return made


def bomb() -> bytes:
    """A PNG that says it has ten thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9))
        + chunk(b"IEND", b"")
    )


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def test_a_large_picture_becomes_small() -> None:
    made = make(BytesIO(photo()))
    assert (made.width, made.height) == (1600, 1200)
    assert kind_of(made.content) == "image/webp"
    assert opened(made.content).size == (SIDE, SIDE * 3 // 4)


def test_it_stands_as_the_camera_was_held_and_says_nothing_of_it() -> None:
    made = make(BytesIO(photo(exif=exif(turn=6))))
    assert (made.width, made.height) == (1200, 1600)
    small = opened(made.content)
    assert small.size == (SIDE * 3 // 4, SIDE)
    assert (dict(small.getexif()), b"Camera" in made.content) == ({}, False)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "AVIF"])
def test_every_kind_that_is_shown(kind: str) -> None:
    assert make(BytesIO(photo(40, 30, kind)))[1:] == (40, 30)


def test_transparency_stays() -> None:
    content = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(content, "PNG")
    assert opened(make(BytesIO(content.getvalue())).content).mode == "RGBA"


@pytest.mark.parametrize(
    "content", [bomb(), photo()[:200], b"\x89PNG\r\n\x1a\n", b"", b"<svg/>", b"%!PS-Adobe"]
)
def test_bombs_and_broken_pictures_have_none(content: bytes) -> None:
    with pytest.raises(NoThumbnail):
        make(BytesIO(content))


def test_more_pixels_than_we_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thumbnails, "MOST_PIXELS", 100)
    with pytest.raises(NoThumbnail):
        make(BytesIO(photo(20, 20)))


# --- the worker's part ---


@pytest.fixture
def conversation(business: Business, channel: Channel) -> Conversation:
    return begin(business, channel)


def sent(business: Business, conversation: Conversation, content: bytes, kind: str = "image/jpeg") -> UUID:
    with tenant_scope(business.tenant.id):
        send_reply(
            conversation=conversation, text="", by=business.actor(), files=[File("f.jpg", kind, content)]
        )
        row: UUID = Attachment.objects.get().pk
        return row


def seen(business: Business, row: UUID) -> Attachment:
    with tenant_scope(business.tenant.id):
        found: Attachment = Attachment.objects.get(pk=row)
        return found


def test_a_worker_makes_it_once(business: Business, conversation: Conversation) -> None:
    row = sent(business, conversation, photo())
    assert (seen(business, row).due_at is None, shown_file(seen(business, row)).shows) == (False, "picture")
    media.fetch(business.tenant.id, row)
    made = seen(business, row)
    assert (made.width, made.height, made.due_at, made.state) == (1600, 1200, None, "here")
    assert made.thumbnail.name.startswith(f"{business.tenant.id}/attachments/")
    assert (shown_file(made).width, shown_file(made).height, shown_file(made).has_thumbnail) == (
        320,
        240,
        True,
    )
    media.fetch(business.tenant.id, row)
    assert seen(business, row).attempts == 1


def test_what_is_no_picture_is_offered_as_a_file(business: Business, conversation: Conversation) -> None:
    row = sent(business, conversation, b"<script>alert(1)</script>")
    shown = seen(business, row)
    assert (shown.content_type, shown.due_at, shown_file(shown).shows) == (
        "application/octet-stream",
        None,
        "",
    )


def test_a_bomb_stays_a_file_and_is_not_tried_again(business: Business, conversation: Conversation) -> None:
    row = sent(business, conversation, bomb())
    media.fetch(business.tenant.id, row)
    shown = seen(business, row)
    assert (shown.thumbnail.name, shown.due_at, shown_file(shown).shows) == ("", None, "")


def test_a_picture_that_kills_the_worker_is_given_up(business: Business, conversation: Conversation) -> None:
    row = sent(business, conversation, photo())
    with tenant_scope(business.tenant.id):
        Attachment.objects.filter(pk=row).update(attempts=media.MAX_ATTEMPTS)
    media.fetch(business.tenant.id, row)
    assert (seen(business, row).thumbnail.name, seen(business, row).due_at) == ("", None)


def test_a_fetched_file_is_what_its_content_says(
    business: Business, channel: Channel, vendor: Vendor
) -> None:
    vendor.files = {"a": File("a", "text/html", photo()), "b": File("b", "image/png", b"<html>")}
    take_in(business, channel, says("", media=[{"reference": "a"}, {"reference": "b"}]))
    with tenant_scope(business.tenant.id):
        rows = list(Attachment.objects.order_by("id"))
    for row in rows:
        media.fetch(business.tenant.id, row.pk)
    first, second = (seen(business, row.pk) for row in rows)
    assert (first.content_type, second.content_type) == ("image/jpeg", "application/octet-stream")
    assert (first.due_at is None, second.due_at) == (False, None)
    media.fetch(business.tenant.id, first.pk)
    assert seen(business, first.pk).width == 1600


def test_a_file_that_was_given_up_is_fetched_again(
    business: Business, channel: Channel, vendor: Vendor
) -> None:
    vendor.files = {"a": ChannelError("Gone", permanent=True)}
    take_in(business, channel, says("", media=[{"reference": "a"}]))
    with tenant_scope(business.tenant.id):
        row = Attachment.objects.get().pk
    media.fetch(business.tenant.id, row)
    assert (seen(business, row).state, shown_file(seen(business, row)).can_retry) == ("failed", True)
    vendor.files = {"a": File("a.txt", "text/plain", b"hola")}
    with tenant_scope(business.tenant.id):
        media.retry(attachment=Attachment.objects.get(pk=row), by=business.actor())
        with pytest.raises(Refused):
            media.retry(attachment=Attachment.objects.get(pk=row), by=business.actor())
        assert AuditEvent.objects.filter(action="attachment.retried").count() == 1
    media.fetch(business.tenant.id, row)
    assert (seen(business, row).state, seen(business, row).size) == ("here", 4)
