"""What an article may say: checked once, for the editor, the API and imports alike."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from conversations.channels.registry import adapters
from conversations.models import ArticleVersion, Category
from tenants.kit.text import bare_words, clean, one_line
from tenants.refusals import Refused

LONGEST_QUESTION, LONGEST_ANSWER = 300, 4_000  # characters
MOST_PHRASINGS = 30
ENOUGH_PHRASINGS = 3  # what the editor asks for: one wording finds only who words it so
YES, NO = (
    frozenset(("yes", "si", "sí", "sim", "true", "1", "x")),
    frozenset(("no", "não", "nao", "false", "0")),
)
MOST_BUTTONS, LONGEST_BUTTON = 3, 20  # what WhatsApp and Messenger both show under a message


class InvalidArticle(Refused):
    """Content that cannot be kept; `field` is where."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a version of an article says."""

    question: str = ""
    phrasings: tuple[str, ...] = ()
    answer: str = ""
    language: str = ""
    category: str = Category.GENERAL.value
    channel_kinds: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    buttons: tuple[str, ...] = ()
    is_public: bool = True
    """Whether the help centre shows it, where there is one."""
    file_ids: tuple[UUID, ...] = ()

    @classmethod
    def of(cls, version: ArticleVersion) -> "Content":
        """What a version says."""
        given = {name: getattr(version, name) for name in NAMES if name != "buttons"}
        given |= {name: tuple(given[name]) for name in ("phrasings", "channel_kinds")}
        buttons = tuple(button["title"] for button in version.buttons)
        return cls(**given, buttons=buttons, file_ids=tuple(version.file_ids))

    def columns(self) -> dict[str, Any]:
        """As the row keeps it."""
        lists = {name: list(getattr(self, name)) for name in ("phrasings", "channel_kinds", "file_ids")}
        return {**asdict(self), **lists, "buttons": [{"title": title} for title in self.buttons]}


NAMES = tuple(field.name for field in fields(Content) if field.name != "file_ids")
"""What is written by hand; files are added and removed."""


def checked(given: Mapping[str, Any], onto: Content | None = None) -> Content:
    """The content with what is given put in, trimmed and checked. Raises `InvalidArticle`."""
    readers: dict[str, Any] = {
        "question": _question, "phrasings": _phrasings, "answer": _answer, "language": _language,
        "category": _category, "channel_kinds": _channel_kinds, "buttons": _buttons,
        "valid_from": lambda value: _day(value, "valid_from"),
        "valid_until": lambda value: _day(value, "valid_until"),
        "is_public": _yes,
    }  # fmt: skip
    read: dict[str, Any] = {name: reader(given[name]) for name, reader in readers.items() if name in given}
    found = replace(onto or Content(), **read)
    for name, sentence in (
        ("question", _("Write the question as a customer would ask it.")),
        ("answer", _("Write the answer.")),
        ("language", _("Choose a language.")),
    ):
        if not getattr(found, name):
            raise InvalidArticle(sentence, name)
    if found.valid_from and found.valid_until and found.valid_until < found.valid_from:
        raise InvalidArticle(_("It ends before it begins."), "valid_until")
    asked = question_key(found.question)
    return replace(found, phrasings=tuple(one for one in found.phrasings if question_key(one) != asked))


def question_key(text: str) -> str:
    """By what two questions are the same: case, accents, punctuation and spaces do not count."""
    return bare_words(text) or " ".join(text.split())


def _text(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise InvalidArticle(_("This must be text."), field)
    return clean(value).strip()


def _short(value: Any, field: str, most: int) -> str:
    text = one_line(_text(value, field), 10_000)
    if len(text) > most:
        raise InvalidArticle(_("At most %(most)s characters: “%(text)s”.")
                             % {"most": most, "text": one_line(text, 60)}, field)  # fmt: skip
    return text


def _list(value: Any, field: str) -> Iterable[Any]:
    if not isinstance(value, (list, tuple)):
        raise InvalidArticle(_("This must be a list."), field)
    return value


def _question(value: Any) -> str:
    return _short(value, "question", LONGEST_QUESTION)


def _answer(value: Any) -> str:
    text = _text(value, "answer")
    if len(text) > LONGEST_ANSWER:
        raise InvalidArticle(
            _("At most %(most)s characters; these are %(length)s.")
            % {"most": LONGEST_ANSWER, "length": len(text)},
            "answer",
        )
    return text


def _phrasings(value: Any) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for one in _list(value, "phrasings"):
        text = _short(one, "phrasings", LONGEST_QUESTION)
        if text:
            found.setdefault(question_key(text), text)
    if len(found) > MOST_PHRASINGS:
        raise InvalidArticle(_("At most %(most)s wordings.") % {"most": MOST_PHRASINGS}, "phrasings")
    return tuple(found.values())


def _language(value: Any) -> str:
    text = _text(value, "language").lower().replace("_", "-")
    known = dict(settings.LANGUAGES)
    text = "pt-br" if text == "pt" else text
    if text and text not in known:
        raise InvalidArticle(
            _("“%(value)s” is not a language we speak: use es, pt-br or en.") % {"value": text[:80]},
            "language",
        )
    return text


def _category(value: Any) -> str:
    text = _text(value, "category").lower() or Category.GENERAL.value
    if text not in Category.values:
        raise InvalidArticle(
            _("“%(value)s” is not a category: use sales, support, complaint or general.")
            % {"value": text[:80]},
            "category",
        )
    return text


def _channel_kinds(value: Any) -> tuple[str, ...]:
    kinds = {_text(one, "channel_kinds") for one in _list(value, "channel_kinds")} - {""}
    if unknown := sorted(kinds - set(adapters())):
        raise InvalidArticle(
            _("“%(value)s” is not a kind of channel: use %(known)s.")
            % {"value": unknown[0][:80], "known": ", ".join(sorted(adapters()))},
            "channel_kinds",
        )
    return tuple(sorted(kinds))


def _buttons(value: Any) -> tuple[str, ...]:
    titles = []
    for one in _list(value, "buttons"):
        given = one.get("title", "") if isinstance(one, Mapping) else one
        title = _short(given, "buttons", LONGEST_BUTTON)
        if title and title not in titles:
            titles.append(title)
    if len(titles) > MOST_BUTTONS:
        raise InvalidArticle(_("At most %(most)s buttons.") % {"most": MOST_BUTTONS}, "buttons")
    return tuple(titles)


def _yes(value: Any) -> bool:
    text = "" if value is None or isinstance(value, bool) else _text(value, "is_public").lower()
    if isinstance(value, bool) or not text:
        return value is not False
    if text in YES or text in NO:
        return text in YES
    raise InvalidArticle(_("“%(value)s” is neither yes nor no.") % {"value": text[:80]}, "is_public")


def _day(value: Any, field: str) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    text = _text(value, field)
    try:
        day = parse_date(text) if text else None
    except ValueError:
        raise InvalidArticle(_("There is no such day: “%(value)s”.") % {"value": text[:80]}, field) from None
    if text and (day is None or not 1900 <= day.year <= 2200):
        raise InvalidArticle(
            _("“%(value)s” is not a date: write it as 2026-11-21.") % {"value": text[:80]}, field
        )
    return day
