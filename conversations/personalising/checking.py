"""What a person should look at before a text goes out: found without any customer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations import template_parts
from conversations.channels.sms.segments import BASIC, EXTENDED, segments
from conversations.models import Template
from conversations.personalising import blocks, markup
from conversations.personalising.engine import NotWritten, Problem, source
from conversations.personalising.names import NAMES
from crm.models import Medium

if TYPE_CHECKING:
    from conversations.personalising.pieces import Piece

LIMITS = {Medium.SMS: 1_530, Medium.TELEGRAM: 4_096, Medium.WHATSAPP: 4_096}  # characters
LIMIT = 2_000  # of the others
MANY_PARTS = 3  # of an SMS
SHOWN_SUBJECT = 60  # characters that a phone shows
CLIPPED = 100_000  # bytes of a mail that Gmail shows whole


def problems(piece: Piece) -> Iterator[Problem]:
    """Everything, in the order in which it is read."""
    found = [*_of_medium(piece), *_of_texts(piece)]
    yield from found
    if any(problem.serious for problem in found):
        return
    together = [problem for one in piece.sources.values() for problem in one.problems]
    yield from together[:1] or _of_whole(piece)


def _of_texts(piece: Piece) -> Iterator[Problem]:
    """What each text says that it may not, and which names have nothing to fall back on."""
    for place, text, only in texts(piece):
        read = source(f"{{% if {only} %}}{text}{{% endif %}}" if only else text)
        for problem in read.problems:
            yield Problem(problem.code, problem.sentence, place, problem.line)
        for name, line in read.bare.items():
            if not NAMES[name].always:
                sentence = _("“%(name)s” may be empty: who has none gets nothing. Add words to fall back on.")
                said = sentence % {"name": str(NAMES[name].label)}
                yield Problem("bare", said, place, line, serious=False, name=name)


def texts(piece: Piece) -> Iterator[tuple[str, str, str]]:
    """The texts a person wrote: where they stand, what they say, for whom alone."""
    if piece.medium != Medium.EMAIL:
        for place, text in piece.written.items():
            yield place, text, ""
        return
    for name in ("subject", "preheader"):
        yield name, str(piece.content.get(name) or ""), ""
    for number, block in enumerate(blocks.written(piece.content), 1):
        for name in blocks.KINDS[block["kind"]].fields:
            if name != "file" and block.get(name):
                yield f"block-{number}", str(block[name]), str(block.get("only") or "")


def _of_medium(piece: Piece) -> Iterator[Problem]:
    if piece.medium == Medium.EMAIL:
        yield from _of_mail(piece.content)
    elif piece.medium == Medium.WHATSAPP and piece.content.get("template_id"):
        yield from _of_template(piece)
    elif not str(piece.content.get("text") or "").strip():
        yield Problem("empty", _("It says nothing yet."), "text")


def _of_mail(content: Any) -> Iterator[Problem]:
    subject = str(content.get("subject") or "")
    if not subject.strip():
        yield Problem("empty", _("It needs a subject."), "subject")
    elif len(subject) > SHOWN_SUBJECT and "{" not in subject:
        sentence = _("Phones show about %(most)s letters of a subject.")
        yield Problem("long", sentence % {"most": SHOWN_SUBJECT}, "subject", serious=False)
    written = blocks.written(content)
    if not any(block["kind"] not in {"divider", "spacer"} for block in written):
        yield Problem("empty", _("It says nothing yet."), "blocks")
    for number, block in enumerate(written, 1):
        yield from _of_block(block, f"block-{number}")


def _of_block(block: Any, place: str) -> Iterator[Problem]:
    kind, address = block["kind"], str(block.get("url") or "")
    if kind == "button" and not str(block.get("text") or "").strip():
        yield Problem("empty", _("The button has no words."), place)
    if kind == "button" and not address:
        yield Problem("link", _("The button leads nowhere: enter an address."), place)
    if kind in {"text", "heading"} and not str(block.get("text") or "").strip():
        yield Problem("empty", _("This block is empty: nobody sees it."), place, serious=False)
    if kind == "image" and not block.get("file"):
        yield Problem("empty", _("Choose a picture."), place)
    if block.get("file") and not str(block.get("alt") or "").strip():
        sentence = _("Say what the picture shows: many see mails without pictures.")
        yield Problem("alt", sentence, place, serious=False)
    addresses = [address] if address else []
    if kind in {"text", "product"}:
        addresses += markup.links_in(str(block.get("text") or ""))
    for one in addresses:
        if not markup.is_address(one):
            sentence = _("“%(address)s” is no address that can be opened: it begins with https://.")
            yield Problem("link", sentence % {"address": one[:80]}, place)


def _of_template(piece: Piece) -> Iterator[Problem]:
    template = piece.template
    if template is None:
        yield Problem("template", _("The approved template is gone: choose another."), "template_id")
        return
    if template.status != Template.Status.APPROVED:
        sentence = _("WhatsApp has not approved “%(name)s”: %(state)s.")
        state = template.get_status_display()
        yield Problem("template", sentence % {"name": template.name, "state": state}, "template_id")
    elif not template_parts.can_send(template.components):
        yield Problem("template", _("Puente cannot fill in this template."), "template_id")
    if template.language[:2].lower() != piece.language[:2]:
        sentence = _("The approved template is in another language (%(language)s).")
        yield Problem("template", sentence % {"language": template.language}, "template_id", serious=False)
    if template_parts.media(template.components) and not piece.files:
        yield Problem("template", _("Choose the file that stands above its text."), "files")
    for place, text in piece.written.items():
        if not text.strip():
            name = place.partition(".")[2]
            yield Problem("empty", _("Say what stands in the place “%(name)s”.") % {"name": name}, place)


def _of_whole(piece: Piece) -> Iterator[Problem]:
    """What shows once it is filled in, here with examples."""
    try:
        said = piece.render({name: str(NAMES[name].example) for name in piece.names})
    except NotWritten:
        yield Problem("empty", _("It says nothing when its names are filled in."), "text")
        return
    if piece.medium == Medium.EMAIL:
        if len(said.html.encode()) > CLIPPED:
            sentence = _("It is so long that Gmail cuts it off: write less, or send two mails.")
            yield Problem("long", sentence, "blocks", serious=False)
        return
    most = LIMITS.get(Medium(piece.medium), LIMIT) if piece.medium in Medium.values else LIMIT
    if len(said.text) > most:
        sentence = _("It is too long: at most %(most)s letters, with the names filled in.")
        yield Problem("long", sentence % {"most": most}, "text")
    elif piece.medium == Medium.SMS:
        yield from _of_sms(said.text)


def _of_sms(text: str) -> Iterator[Problem]:
    """What makes an SMS dear."""
    counted = segments(text)
    if counted.parts > MANY_PARTS:
        sentence = ngettext(
            "One such SMS is paid as %(count)s part.",
            "One such SMS is paid as %(count)s parts.",
            counted.parts,
        )
        yield Problem("long", sentence % {"count": counted.parts}, "text", serious=False)
    strange = "".join(dict.fromkeys(char for char in text if char not in BASIC | EXTENDED))
    fewer = segments("".join(char for char in text if char not in strange)).parts
    if strange and fewer < counted.parts:
        sentence = _("Because of “%(letters)s” it is paid as %(parts)s parts instead of %(fewer)s.")
        said = {"letters": strange[:10], "parts": counted.parts, "fewer": fewer}
        yield Problem("letters", sentence % said, "text", serious=False)
