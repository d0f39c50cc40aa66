"""The pictures and attachments of templates. Pictures are made small, and tell nothing but their pixels."""

import warnings
from io import BytesIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from conversations.actions.message_templates import TEMPLATES, InvalidTemplate
from conversations.actions.versioned import Archived
from conversations.channels.base import File
from conversations.models import MessageTemplate, MessageTemplateFile
from tenants import audit
from tenants.actors import Actor
from tenants.kit import filetypes
from tenants.kit.text import one_line

LARGEST = 5_000_000  # bytes
MOST = 200  # files of a template
WIDTH = 1_200  # pixels: twice what a mail shows, for sharp screens
MOST_PIXELS = 40_000_000
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
QUALITY = 82


@transaction.atomic
def add_template_file(
    *, template: MessageTemplate, file: File, by: Actor, picture: bool = False
) -> MessageTemplateFile:
    """Keep a file with a template; with `picture` one that stands within a mail.

    Raises `InvalidTemplate` for one that is empty, too large or no picture, `Archived`.
    """
    found: MessageTemplate = MessageTemplate.objects.select_for_update().get(pk=template.pk)
    if found.archived_at is not None:
        raise Archived(str(TEMPLATES.archived))
    if MessageTemplateFile.objects.filter(template=found).count() >= MOST:
        raise InvalidTemplate(_("A template keeps at most %(most)s files.") % {"most": MOST}, "file")
    if not file.content:
        raise InvalidTemplate(_("This file is empty."), "file")
    if len(file.content) > LARGEST:
        most = LARGEST // 1_000_000
        raise InvalidTemplate(_("This file is too large: at most %(most)s MB.") % {"most": most}, "file")
    content, width, height = file.content, 0, 0
    if picture:
        content, width, height = _picture(content)
    kept = MessageTemplateFile(
        template=found,
        name=one_line(file.name, 200) or _("file"),
        content_type=filetypes.settled(file.content_type, content[: filetypes.HEAD]),
        size=len(content),
        width=width,
        height=height,
    )
    kept.file.save(kept.name, ContentFile(content), save=False)
    kept.save()
    audit.record("message_template.file_added", target=found, by=by, name=kept.name)
    return kept


def _picture(content: bytes) -> tuple[bytes, int, int]:
    """A picture as mail programs show it, no wider than needed, with its size."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise InvalidTemplate(_("This picture is too large: make it smaller first."), "file")
                return _small(opened)
    except InvalidTemplate:
        raise
    except Exception as error:  # Pillow raises many kinds for what is broken
        sentence = _("This is no picture that mails can show: choose a JPEG, PNG, GIF or WebP.")
        raise InvalidTemplate(sentence, "file") from error


def _small(opened: Image.Image) -> tuple[bytes, int, int]:
    opened.draft("RGB", (WIDTH, WIDTH))
    turned = ImageOps.exif_transpose(opened)
    if turned.width > WIDTH:
        turned.thumbnail((WIDTH, WIDTH * 4))
    clear = turned.has_transparency_data
    plain = turned.convert("RGBA" if clear else "RGB")
    bare = Image.new(plain.mode, plain.size)  # takes over no metadata
    bare.paste(plain)
    written = BytesIO()
    if clear:
        bare.save(written, "PNG", optimize=True)
    else:
        bare.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue(), bare.width, bare.height


def attachments(file_ids: list[UUID]) -> list[File]:
    """Files as a channel sends them, in the order given."""
    found = {file.pk: file for file in MessageTemplateFile.objects.filter(pk__in=file_ids)}
    sent: list[File] = []
    for one in file_ids:
        if one in found:
            with found[one].file.open("rb") as opened:
                sent.append(File(found[one].name, found[one].content_type, opened.read()))
    return sent
