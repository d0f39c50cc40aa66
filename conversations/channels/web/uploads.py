"""Files of visitors: handed in one by one, kept until the message comes that they belong to."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.channels.base import File
from conversations.channels.entrance import Entrance
from conversations.models import Upload
from tenants.kit.filetypes import HEAD, kind_of
from tenants.kit.text import one_line
from tenants.scoping import tenant_scope

LARGEST = 10_000_000  # bytes of one file
MOST = 5  # files of one message
KEPT = timedelta(days=3)
TEXTS = {"txt": "text/plain", "csv": "text/csv"}
ZIPPED = {  # office files are archives: by their names, once they are archives
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
ARCHIVE = b"PK\x03\x04"
ACCEPT = ",".join(["image/*", "audio/*", "video/*", ".pdf", *(f".{end}" for end in (*TEXTS, *ZIPPED))])


def content_type_of(name: str, content: bytes) -> str:
    """What a file is, by its content; "" for a kind that visitors cannot send."""
    head, end = content[:HEAD], name.rpartition(".")[2].lower()
    if found := kind_of(head):
        return found
    if head.startswith(ARCHIVE):
        return ZIPPED.get(end, "")
    return TEXTS.get(end, "") if _is_text(content) else ""


def keep(*, channel_id: UUID, visitor: UUID, name: str, content: bytes, content_type: str) -> Upload:
    """Keep a file for a message to come."""
    upload = Upload(
        channel_id=channel_id,
        visitor=visitor,
        name=one_line(name, 200) or _("file"),
        content_type=content_type,
        size=len(content),
    )
    upload.file.save(upload.name, ContentFile(content), save=False)
    upload.save()
    return upload


def are_here(entrance: Entrance, visitor: UUID, ids: list[UUID]) -> bool:
    """Whether all these files are the visitor's and still kept."""
    with tenant_scope(entrance.tenant_id):
        return int(_of(entrance.channel_id, visitor, ids).count()) == len(ids)


def files(channel_id: UUID, visitor: UUID, ids: Iterable[UUID]) -> tuple[File, ...]:
    """The files of a message in their order; one that is gone meanwhile is left out."""
    ids = list(ids)
    found = {upload.pk: upload for upload in _of(channel_id, visitor, ids)} if ids else {}
    return tuple(_file(found[key]) for key in ids if key in found)


def forget_old() -> int:
    """Drop what was handed in and never sent, or sent long ago; how many there were."""
    old = list(Upload.objects.filter(created_at__lt=timezone.now() - KEPT)[:1_000])
    for upload in old:
        upload.file.delete(save=False)
        upload.delete()
    return len(old)


def _of(channel_id: UUID, visitor: UUID, ids: Iterable[UUID]) -> Any:
    return Upload.objects.filter(pk__in=ids, channel_id=channel_id, visitor=visitor)


def _file(upload: Upload) -> File:
    with upload.file.open() as stored:
        return File(upload.name, upload.content_type, bytes(stored.read()))


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode()
    except UnicodeDecodeError:
        return False
