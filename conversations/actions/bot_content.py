"""What a bot's settings may say: checked once, for the pages and the API alike."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from conversations.actions.turns import CHATS
from conversations.bot import says, wishes
from conversations.bot.balance import ROW, Balance, Mode, Stage
from conversations.bot.rules import Rules
from conversations.channels.registry import adapters
from conversations.models import Bot, Category, Channel
from crm.models import Label
from tenants.kit.text import bare_words, clean, one_line
from tenants.models import Team
from tenants.refusals import Refused

LONGEST_NAME, LONGEST_TEXT, LONGEST_WORD, LONGEST_BUTTON = 40, 300, 60, 20
MOST_WORDS, MOST_WORDINGS, MOST_ROWS, MOST_LABELS = 100, 6, 30, 20
MOST_HOURS = 720  # 30 days
LARGEST = 1e12
BUTTONS = frozenset({"person_button", "yes_button"})
WAY = frozenset({"person_hint", "person_button"})
_FIELD = re.compile(r"\{([^{}]*)\}")
_AUTOMATIC = re.compile(r"\b(automati\w*|bot|robo\w*|virtual\w*|digital|ia|ai|chatbot|artificial)\b")


class InvalidBot(Refused):
    """Settings that cannot be kept; `field` is where."""


def checked(name: str, value: Any, bot: Bot) -> Any:
    """One setting as the row keeps it. Raises `InvalidBot`."""
    readers: dict[str, Any] = {
        "is_on": lambda: _flag(value, name),
        "name": lambda: one_line(_limited(value, name, LONGEST_NAME), LONGEST_NAME),
        "channel_ids": lambda: _channels(value),
        "harmless": lambda: _one_of(value, Bot.Harmless.values, name),
        "words": lambda: _words(value, name),
        "texts": lambda: _texts(value, bot.texts),
        "rules": lambda: checked_rules(value, Rules.of(bot.rules)).kept(),
        "balance": lambda: checked_balance(value, Balance.of(bot.balance)).kept(),
        "teams": lambda: _teams(value, bot.teams),
        "closes_after": lambda: _hours(value),
    }
    return readers[name]()


def checked_rules(given: Any, onto: Rules) -> Rules:
    """The rules with what is given put in. Raises `InvalidBot`."""
    values = _mapping(given, "rules", Rules.__dataclass_fields__)
    readers: dict[str, Any] = {
        "repeated": lambda value: _count(value, 2),
        "unsure": lambda value: _count(value, 1),
        "mood": lambda value: _flag(value, "rules"),
        "vip_labels": _labels,
        "high_value": lambda value: None if value is None else _money(value, "rules"),
        "delicate": lambda value: _flag(value, "rules"),
        "delicate_words": lambda value: tuple(_words(value, "rules")),
        "appointment_today": lambda value: _flag(value, "rules"),
    }
    return Rules.of({**onto.kept(), **{name: readers[name](value) for name, value in values.items()}})


def checked_balance(given: Any, onto: Balance) -> Balance:
    """The balance with what is given put in; rows are given all together. Raises `InvalidBot`."""
    values = _mapping(given, "balance", ("default", "rows"))
    kept = onto.kept()
    if "default" in values:
        kept["default"] = _one_of(values["default"], list(Mode), "balance")
    if "rows" in values:
        rows = values["rows"]
        if not isinstance(rows, (list, tuple)):
            raise InvalidBot(_("This must be a list."), "balance")
        if len(rows) > MOST_ROWS:
            raise InvalidBot(_("At most %(most)s lines.") % {"most": MOST_ROWS}, "balance")
        known = {str(pk) for pk in Label.objects.values_list("pk", flat=True)}
        kept["rows"] = [_row(row, known) for row in rows]
    return Balance.of(kept)


def _row(given: Any, labels: set[str]) -> dict[str, Any]:
    values = _mapping(given, "balance", ROW)
    row: dict[str, Any] = {"mode": _one_of(values.get("mode"), list(Mode), "balance")}
    choices = {"stage": list(Stage), "category": Category.values, "channel_kind": sorted(CHATS)}
    for name, known in choices.items():
        if values.get(name):
            row[name] = _one_of(values[name], known, "balance")
    if values.get("label"):
        row["label"] = str(values["label"])
        if row["label"] not in labels:
            raise InvalidBot(_("There is no such label."), "balance")
    if values.get("worth") is not None:
        row["worth"] = _money(values["worth"], "balance")
    return row


def teams_of(bot: Bot) -> dict[str, str]:
    """The team that each category goes to, where one was chosen that there still is."""
    known = {str(pk) for pk in Team.objects.values_list("pk", flat=True)} if bot.teams else set()
    return {category: team for category, team in bot.teams.items() if team in known}


def _teams(given: Any, onto: Mapping[str, str]) -> dict[str, str]:
    """The teams with what is given put in; null or "" is no team."""
    kept = dict(onto)
    for category, team in _mapping(given, "teams", Category.values).items():
        kept.pop(category, None)
        if team:
            (kept[category],) = map(str, _ids([team], "teams"))
    known = {str(pk) for pk in Team.objects.values_list("pk", flat=True)} if kept else set()
    if any(kept.get(category) not in known for category, team in given.items() if team):
        raise InvalidBot(_("There is no such team."), "teams")
    return {category: team for category, team in kept.items() if team in known}


def _hours(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_HOURS:
        raise InvalidBot(
            _("A whole number of hours from 1 to %(most)s, or nothing for never.") % {"most": MOST_HOURS},
            "closes_after",
        )
    return value


# --- texts ---


def _texts(given: Any, onto: Mapping[str, Any]) -> dict[str, Any]:
    """The business's own wordings: what is given for a text replaces it, an empty one brings ours back."""
    kept = {language: dict(texts) for language, texts in onto.items() if language in says.LANGUAGES}
    for language, texts in _mapping(given, "texts", says.LANGUAGES).items():
        for key, value in _mapping(texts, "texts", says.TEXTS).items():
            wordings = _wordings(key, language, value)
            kept.setdefault(language, {}).pop(key, None)
            if wordings:
                kept[language][key] = wordings
    return {language: texts for language, texts in kept.items() if texts}


def _wordings(key: str, language: str, value: Any) -> list[str]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, (list, tuple)) or len(given) > MOST_WORDINGS:
        raise InvalidBot(_("A text is one to %(most)s wordings.") % {"most": MOST_WORDINGS}, "texts")
    longest = LONGEST_BUTTON if key in BUTTONS else LONGEST_TEXT
    found: list[str] = []
    for one in given:
        text = _limited(one, "texts", longest).strip()
        if text and text not in found and text not in says.TEXTS[key][language]:
            check_text(key, language, text)
            found.append(text)
    return found


def check_text(key: str, language: str, text: str) -> None:
    """Raise `InvalidBot` for a text that names what there is not, or hides what customers must know."""
    known = says.FIELDS.get(key, ())
    for name in _FIELD.findall(text):
        if name not in known:
            can = ", ".join(f"{{{one}}}" for one in known) or _("nothing")
            raise InvalidBot(
                _("“{%(name)s}” is filled in by nothing here. What can be: %(known)s.")
                % {"name": one_line(name, 40), "known": can}, "texts",
            )  # fmt: skip
    if "{" in _FIELD.sub("", text) or "}" in _FIELD.sub("", text):
        raise InvalidBot(_("A brace is open or closed alone."), "texts")
    if key == "intro" and not _AUTOMATIC.search(bare_words(_FIELD.sub(" ", text))):
        raise InvalidBot(
            _("Say that it is automatic, a bot or virtual: nobody may take it for a person."), "texts"
        )
    if key in WAY and not _leads_to_a_person(text, language):
        raise InvalidBot(_("Say plainly that one can talk to a person: every message carries this."), "texts")


def _leads_to_a_person(text: str, language: str) -> bool:
    """Whether it, or a word of it, is what the bot takes for the wish for a person."""
    said = (text, *bare_words(text).split())
    return any(wishes.find(one, language).wish is not wishes.Wish.NO for one in said)


# --- small readers ---


def _mapping(given: Any, field: str, known: Any) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise InvalidBot(_("This must be an object."), field)
    for name in given:
        if name not in known:
            raise InvalidBot(_("There is no “%(name)s”.") % {"name": one_line(str(name), 40)}, field)
    return given


def _limited(value: Any, field: str, most: int) -> str:
    if not isinstance(value, str):
        raise InvalidBot(_("This must be text."), field)
    text = clean(value)
    if len(text.strip()) > most:
        raise InvalidBot(_("At most %(most)s characters: “%(text)s”.")
                         % {"most": most, "text": one_line(text, 60)}, field)  # fmt: skip
    return text


def _flag(value: Any, field: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidBot(_("This must be true or false."), field)
    return value


def _one_of(value: Any, known: Any, field: str) -> str:
    if not isinstance(value, str) or value not in known:
        raise InvalidBot(_("This must be one of: %(known)s.") % {"known": ", ".join(map(str, known))}, field)
    return str(value)


def _count(value: Any, least: int) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= 10:
        raise InvalidBot(_("A whole number from %(least)s to 10.") % {"least": least}, "rules")
    return value


def _money(value: Any, field: str) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not 0 < value <= LARGEST:
        raise InvalidBot(_("An amount above zero."), field)
    return float(value)


def _words(value: Any, field: str) -> list[str]:
    if not isinstance(value, (list, tuple)):
        raise InvalidBot(_("This must be a list."), field)
    found: dict[str, None] = {}
    for one in value:
        word = one_line(_limited(one, field, LONGEST_WORD), LONGEST_WORD)
        if not word:
            continue
        if len(bare_words(word)) < 3:
            raise InvalidBot(
                _("“%(word)s” is too short: it would be found everywhere.") % {"word": word}, field
            )
        found[word] = None
    if len(found) > MOST_WORDS:
        raise InvalidBot(_("At most %(most)s words.") % {"most": MOST_WORDS}, field)
    return list(found)


def _labels(value: Any) -> tuple[str, ...]:
    ids = _ids(value, "rules")
    if len(ids) > MOST_LABELS or len(ids) != Label.objects.filter(pk__in=ids).count():
        raise InvalidBot(_("There is no such label."), "rules")
    return tuple(map(str, ids))


def _channels(value: Any) -> list[UUID]:
    ids = _ids(value, "channel_ids")
    if len(ids) > 100 or len(ids) != Channel.objects.filter(pk__in=ids, kind__in=CHATS).count():
        raise InvalidBot(_("The bot answers on chat channels of your own."), "channel_ids")
    return ids


def _ids(value: Any, field: str) -> list[UUID]:
    if not isinstance(value, (list, tuple)):
        raise InvalidBot(_("This must be a list."), field)
    try:
        return list(dict.fromkeys(UUID(str(one)) for one in value))
    except ValueError:
        raise InvalidBot(_("This must be a list of identifiers."), field) from None


def channels_to_choose() -> list[Channel]:
    """Open channels on which a bot can answer."""
    can = [kind for kind, adapter in adapters().items() if kind in CHATS and adapter.capabilities.text_limit]
    return list(Channel.objects.filter(kind__in=can, is_active=True).order_by("name"))
