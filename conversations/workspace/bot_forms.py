"""What comes in from the bot's pages, and what they show of its settings."""

from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from conversations import bot_sentences as sentences
from conversations.actions import bot_content
from conversations.bot import says
from conversations.bot.balance import PRESETS, ROW, Mode, Stage
from conversations.bot.rules import Rules
from conversations.models import Bot, Category
from conversations.workspace.work_forms import channel_choices
from crm.models import Label
from tenants.kit.text import clean, one_line
from tenants.models import Team

LANGUAGES = (("es", "Español"), ("pt", "Português"), ("en", "English"))
TITLES = {
    "hello": _("Greets somebody it knows"),
    "hello_unknown": _("Greets somebody it does not know"),
    "intro": _("Says who it is"),
    "how": _("Asks what it is about"),
    "here": _("When nothing was asked"),
    "order": _("Tells the order that is under way"),
    "helped": _("Asks whether the answer helped"),
    "glad": _("When it helped"),
    "unsure": _("When it did not understand"),
    "choices": _("Before it offers choices"),
    "media": _("When it gets a voice note, a sticker or a picture"),
    "hesitate": _("When somebody hesitates over a purchase"),
    "identity": _("When it has to know who it is first"),
    "identity_appointment": _("The same, of an appointment"),
    "identity_payment": _("The same, of a payment"),
    "identity_owner": _("When the order number alone is not enough"),
    "identity_one": _("When it is told several telephones or addresses"),
    "identity_wrong": _("When number and owner do not fit"),
    "identity_person": _("When a person has to look who it is"),
    "sorry": _("Before it passes on somebody who is upset"),
    "hand_over": _("Passes to a person"),
    "hand_over_to": _("Passes to a person it names"),
    "hand_soon": _("When a person answers soon"),
    "hand_by": _("When a person answers in some hours"),
    "hand_later": _("When nobody is on duty"),
    "hand_read": _("That nothing need be told twice"),
    "ask_name": _("Asks for the name meanwhile"),
    "person_hint": _("The way to a person, in words"),
    "person_button": _("The way to a person, as a button"),
    "yes_button": _("The button that says yes"),
}
GROUPS = (
    (
        _("Beginning"),
        ("hello", "hello_unknown", "intro", "how", "order", "here"),
        (("hello", "intro"), ("order",), ("how",)),
    ),
    (
        _("Answering"),
        ("helped", "glad", "choices", "unsure", "media", "hesitate",
         "identity", "identity_appointment", "identity_payment", "identity_owner", "identity_one",
         "identity_wrong"),
        (("unsure",), ("person_hint",)),
    ),
    (
        _("Passing to a person"),
        ("sorry", "identity_person", "hand_over", "hand_over_to", "hand_soon", "hand_by", "hand_later",
         "hand_read", "ask_name"),
        (("sorry",), ("hand_over_to",), ("hand_later",), ("hand_read",)),
    ),
    (_("In every message"), ("person_hint", "person_button", "yes_button"), ()),
)  # fmt: skip
"""Texts by where they are said, and how some of them stand together in the preview, by paragraph."""
_SAME = {"name": "Ana", "who": "Diego", "minutes": "15", "number": "W-1042"}
SAMPLE = {
    "es": {**_SAME, "status": "enviado", "when": "mañana a las 10:15"},
    "pt": {**_SAME, "status": "enviado", "when": "amanhã às 10:15"},
    "en": {**_SAME, "status": "shipped", "when": "tomorrow at 10:15"},
}
ASKED = (
    {"es": "Hola", "pt": "Olá", "en": "Hello"},
    {
        "es": "hacen la de la manivela esa que se truena?",
        "pt": "vcs arrumam aquele negocio que estala?",
        "en": "do you fix that thing that clicks?",
    },
    {
        "es": "ya es la tercera vez, quiero hablar con alguien",
        "pt": "já é a terceira vez, quero falar com alguém",
        "en": "third time now, I want to talk to someone",
    },
)
"""What a customer writes in each preview."""


class BotForm(forms.Form):
    """On or off, its name, its channels, whom it passes to, and when it ends."""

    is_on = forms.BooleanField(label=_("Answers customers"), required=False)
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=bot_content.LONGEST_NAME,
        help_text=_("How it introduces itself: “I am Tapi, the automatic assistant of …”"),
    )
    channel_ids = forms.MultipleChoiceField(
        label=_("Channels"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None is every chat channel, also those you open later. Mail is always for people."),
    )

    closes_after = forms.IntegerField(
        label=_("Closes what has gone quiet, after hours"),
        required=False,
        min_value=1,
        max_value=bot_content.MOST_HOURS,
        help_text=_(
            "Who writes later is greeted anew. Nothing is closed while something is pending. Empty is never."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["channel_ids"]
        field.choices = [(str(one.pk), one.name) for one in bot_content.channels_to_choose()]
        teams = [("", _("No team")), *((str(one.pk), one.name) for one in Team.objects.all())]
        for category, name in Category.choices:
            self.fields[f"team_{category}"] = forms.ChoiceField(label=name, choices=teams, required=False)

    @property
    def team_fields(self) -> list[forms.BoundField]:
        """The choice of a team for each category."""
        return [self[f"team_{category}"] for category in Category.values]

    def clean(self) -> dict[str, Any]:
        """The settings as `save_bot` takes them."""
        given = dict(super().clean() or {})
        given["teams"] = {category: given.pop(f"team_{category}", "") for category in Category.values}
        return given


def initial_of(bot: Bot) -> dict[str, Any]:
    """What the form shows at first."""
    chosen = {f"team_{category}": team for category, team in bot_content.teams_of(bot).items()}
    channels = [str(one) for one in bot.channel_ids]
    fixed = {"is_on": bot.is_on, "name": bot.name, "channel_ids": channels, "closes_after": bot.closes_after}
    return fixed | chosen


def lines_of(text: str) -> list[str]:
    """The lines of a box, without empty ones."""
    return [line for one in clean(text, 20_000).split("\n") if (line := one.strip())]


# --- rules ---


class RuleLine(NamedTuple):
    """A rule as a sentence with a place for its number."""

    key: str
    before: str
    after: str
    is_on: bool
    value: str
    least: int
    most: int
    unit: str


def read_rules(post: QueryDict) -> dict[str, Any]:
    """The rules of the form, as `save_bot` takes them."""

    def number(name: str, kind: type[int] | type[float]) -> Any:
        if not post.get(f"{name}_on"):
            return None
        text = one_line(post.get(name, ""), 40)
        try:
            return kind(text)
        except ValueError:
            return text

    return {
        "repeated": number("repeated", int),
        "unsure": number("unsure", int),
        "mood": bool(post.get("mood_on")),
        "vip_labels": post.getlist("vip_labels") if post.get("vip_on") else [],
        "high_value": number("high_value", float),
        "delicate": bool(post.get("delicate_on")),
        "delicate_words": lines_of(post.get("delicate_words", "")),
        "appointment_today": bool(post.get("appointment_today_on")),
    }


def read_words(post: QueryDict) -> dict[str, Any]:
    """The business's own escalation words, and what becomes of harmless ones."""
    return {"words": lines_of(post.get("words", "")), "harmless": post.get("harmless", "")}


def rule_lines(rules: Rules, currency: str) -> list[RuleLine]:
    """All rules, as sentences."""
    numbers = {"repeated": (rules.repeated, 2), "unsure": (rules.unsure, 1)}
    flags = {
        "mood": rules.mood,
        "vip": bool(rules.vip_labels),
        "delicate": rules.delicate,
        "appointment_today": rules.appointment_today,
    }
    lines = []
    for key, sentence in sentences.RULES.items():
        before, _here, after = str(sentence).partition(sentences.NUMBER)
        if key in numbers:
            value, least = numbers[key]
            line = RuleLine(key, before, after, value is not None, str(value or 2), least, 10, "")
        elif key == "high_value":
            worth = rules.high_value
            shown = f"{worth:.15g}" if isinstance(worth, float) else str(worth or "")
            line = RuleLine(key, before, after, worth is not None, shown, 0, 0, currency)
        else:
            line = RuleLine(key, before, after, flags[key], "", 0, 0, "")
        lines.append(line)
    return lines


# --- balance ---


def read_balance(post: QueryDict) -> dict[str, Any]:
    """The table of the form, as `save_bot` takes it; a button's change is made to it."""
    columns = [post.getlist(name)[: bot_content.MOST_ROWS + 1] for name in ROW]
    rows = []
    for cells in zip(*columns, strict=False):
        row: dict[str, Any] = {
            name: one_line(cell, 60) for name, cell in zip(ROW, cells, strict=True) if cell.strip()
        }
        if "worth" in row:
            row["worth"] = _number(row["worth"])
        rows.append(row)
    op, _colon, place = post.get("op", "").partition(":")
    at = int(place) if place.isascii() and place.isdigit() and len(place) < 4 else -1
    if op == "add":
        rows.append({"mode": Mode.HYBRID.value})
    elif op == "remove" and 0 <= at < len(rows):
        rows.pop(at)
    elif op == "up" and 0 < at < len(rows):
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
    elif op == "preset" and place in PRESETS:
        return PRESETS[place].kept()
    return {"default": post.get("default", ""), "rows": rows}


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def balance_choices() -> dict[str, Any]:
    """What the selects of the table offer."""
    names = dict(channel_choices())
    labels = [(str(label.pk), label.name) for label in Label.objects.order_by("name")]
    return {
        "modes": [(mode.value, sentences.MODES[mode], sentences.MODES_HELP[mode]) for mode in Mode],
        "stages": [(stage.value, sentences.STAGES[stage], sentences.STAGES_HELP[stage]) for stage in Stage],
        "categories": Category.choices,
        "kinds": [(kind, names[kind]) for kind in sorted(bot_content.CHATS) if kind in names],
        "labels": labels,
        "label_ids": [pk for pk, _name in labels],
        "presets": [
            {"key": key, "name": sentences.PRESETS[key][0], "why": sentences.PRESETS[key][1]}
            for key in PRESETS
        ],
    }


# --- texts ---


class TextLine(NamedTuple):
    """A text of the bot in one language."""

    key: str
    title: str
    own: str
    """The business's wordings, one a line."""
    ours: str
    fields: str  # type: ignore[assignment]
    rows: int


class TextGroup(NamedTuple):
    """Texts that are said in the same place, with a preview of some."""

    title: str
    lines: list[TextLine]
    asked: str
    says: list[list[tuple[str, str]]]
    """Paragraphs of texts by their keys."""


def text_groups(bot: Bot, language: str, business: str) -> list[TextGroup]:
    """All texts in a language, by where they are said."""
    own, says_now = bot.texts.get(language) or {}, preview(bot, language, business)
    named = {key for _title, keys, _shown in GROUPS for key in keys}
    others = tuple(key for key in says.TEXTS if key not in named)
    found = []
    for number, (title, keys, shown) in enumerate([*GROUPS, (_("Others"), others, ())]):
        lines = [_text_line(key, own.get(key), language) for key in keys if key in says.TEXTS]
        asked = ASKED[number][language] if shown else ""
        paragraphs = [[(key, says_now[key]) for key in paragraph] for paragraph in shown]
        found += [TextGroup(str(title), lines, asked, paragraphs)] if lines else []
    return found


def _text_line(key: str, own: Any, language: str) -> TextLine:
    ours = says.TEXTS[key][language]
    written = [own] if isinstance(own, str) else list(own or [])
    known = ", ".join(f"{{{name}}}" for name in says.FIELDS.get(key, ()))
    title = str(TITLES.get(key, ours[0]))
    return TextLine(key, title, "\n".join(written), "\n".join(ours), known, max(len(ours), len(written), 1))


def read_texts(post: QueryDict, language: str) -> dict[str, Any]:
    """The texts of the form in a language, as `save_bot` takes them."""
    given = {key: lines_of(post.get(f"text-{key}", "")) for key in says.TEXTS if f"text-{key}" in post}
    return {language: given}


def sample(language: str, bot: Bot, business: str) -> dict[str, str]:
    """What stands for the names in braces in the preview."""
    return {**SAMPLE[language], "bot": bot.name or "Puente", "business": business}


def preview(bot: Bot, language: str, business: str) -> dict[str, str]:
    """Each text in its first wording, filled in."""
    values = sample(language, bot, business)
    return {key: says.say(key, language, (), bot.texts, **values) for key in says.TEXTS}
