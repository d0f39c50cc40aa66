"""What a version holds, by medium and language: checked and made fit to keep."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from conversations.personalising import blocks
from crm.models import Medium
from tenants.kit.text import clean, one_line
from tenants.refusals import Refused

MEDIA = (
    Medium.EMAIL, Medium.WHATSAPP, Medium.SMS, Medium.TELEGRAM, Medium.MESSENGER, Medium.INSTAGRAM,
    Medium.WEB,
)  # fmt: skip
TEXT, SUBJECT, PREHEADER, VALUE = 5_000, 300, 300, 1_000  # characters
FILES, PLACES = 5, 30  # attachments of a mail; places of a vendor's template

Contents = dict[str, dict[str, dict[str, Any]]]


def tidy(given: Any) -> Contents:
    """Contents as they are kept, without what says nothing. Raises `Refused`."""
    if not isinstance(given, Mapping):
        raise Refused(_("Say what it says by medium and language: {“email”: {“es”: {…}}}."), "contents")
    languages = dict(settings.LANGUAGES)
    kept: Contents = {}
    for medium, by_language in given.items():
        if medium not in MEDIA or not isinstance(by_language, Mapping):
            raise Refused(
                _("“%(name)s” is no medium of a template.") % {"name": str(medium)[:40]}, "contents"
            )
        for language, content in by_language.items():
            if language not in languages or not isinstance(content, Mapping):
                sentence = _("“%(name)s” is no language of a template.") % {"name": str(language)[:40]}
                raise Refused(sentence, "contents")
            if said := _tidy(medium, content):
                kept.setdefault(str(medium), {})[str(language)] = said
    return kept


def _tidy(medium: str, content: Mapping[str, Any]) -> dict[str, Any]:
    if medium == Medium.EMAIL:
        said: dict[str, Any] = {
            "subject": one_line(_text(content, "subject"), SUBJECT),
            "preheader": one_line(_text(content, "preheader"), PREHEADER),
            "blocks": blocks.tidy(content.get("blocks") or []),
            "files": [str(one) for one in _files(content)],
        }
        if not said["blocks"] and (text := clean(_text(content, "text"), TEXT).strip()):
            said["blocks"] = [{"kind": "text", "text": text}]
    elif medium == Medium.WHATSAPP and content.get("template_id"):
        said = {
            "template_id": str(_uuid(content["template_id"], "template_id")),
            "values": _values(content.get("values")),
            "files": [str(one) for one in _files(content)][:1],
        }
    else:
        said = {"text": clean(_text(content, "text"), TEXT).strip()}
    return {name: value for name, value in said.items() if value}


def _text(content: Mapping[str, Any], name: str) -> str:
    value = content.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(_("“%(name)s” must be a text.") % {"name": name}, "contents")
    return value


def _values(given: Any) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, Mapping) or len(given) > PLACES:
        raise Refused(_("The values of a template are texts by place: {“body.1”: “…”}."), "contents")
    return {
        str(key)[:120]: one_line(str(value), VALUE) for key, value in given.items() if value not in (None, "")
    }


def _files(content: Mapping[str, Any]) -> list[UUID]:
    given = content.get("files") or []
    if not isinstance(given, list) or len(given) > FILES:
        raise Refused(_("At most %(most)s files.") % {"most": FILES}, "contents")
    return list(dict.fromkeys(_uuid(one, "files") for one in given))


def _uuid(value: Any, name: str) -> UUID:
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        raise Refused(_("“%(name)s” holds no identifier.") % {"name": name}, "contents") from None


def each(contents: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Medium, language and content of all that a version says, in the order in which pages show it."""
    for medium in MEDIA:
        by_language = contents.get(medium)
        for language, _name in settings.LANGUAGES:
            if isinstance(by_language, Mapping) and by_language.get(language):
                yield str(medium), language, by_language[language]


def files(contents: Mapping[str, Any]) -> set[UUID]:
    """The pictures and attachments that a version names."""
    found: set[UUID] = set()
    for medium, _language, content in each(contents):
        found.update(UUID(one) for one in content.get("files") or [])
        if medium == Medium.EMAIL:
            found.update(blocks.files(content))
    return found
