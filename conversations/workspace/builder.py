"""The builder of macros and rules: what its form says, as plain data, and its rows as the page shows them.

The form works without script: every button posts all of it, and its `op` says what to change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from conversations import canned
from conversations.automation import conditions, steps
from conversations.automation.conditions import LANGUAGES
from conversations.automation.names import Names
from conversations.automation.steps import ME, NOBODY, NONE, UNTIL
from conversations.models import Conversation, Trigger
from tenants.kit.text import clean

MOST_ROWS = 25
Choices = list[tuple[str, str]]


@dataclass
class Draft:
    """A macro or rule as it stands in the form, right or wrong."""

    name: str = ""
    trigger: str = Trigger.RECEIVED
    minutes: str = "30"
    stop: bool = False
    flag: bool = True  # on, of a rule; for everybody, of a macro
    conditions: list[dict[str, Any]] = field(default_factory=list)
    actions: list[dict[str, Any]] = field(default_factory=list)

    def definition(self) -> dict[str, Any]:
        """What the action checks."""
        minutes = int(self.minutes) if self.minutes.isascii() and self.minutes.isdigit() else None
        waited = {"minutes": minutes} if self.trigger == Trigger.WAITED else {}
        return {
            "version": 1,
            "when": {"is": self.trigger, **waited},
            "if": self.conditions,
            "then": self.actions,
            "stop": self.stop,
        }


def of_definition(name: str, definition: Mapping[str, Any], *, flag: bool) -> Draft:
    """The form of a rule that is kept."""
    when = definition["when"]
    return Draft(
        name=name,
        trigger=when["is"],
        minutes=str(when.get("minutes", 30)),
        stop=definition["stop"],
        flag=flag,
        conditions=list(definition["if"]),
        actions=list(definition["then"]),
    )


def read(post: QueryDict) -> Draft:
    """What was posted, and the change that its `op` asks for."""
    draft = Draft(
        name=clean(post.get("name", ""))[:200],
        trigger=post.get("trigger", Trigger.RECEIVED),
        minutes=post.get("minutes", "").strip()[:6],
        stop=bool(post.get("stop")),
        flag=bool(post.get("flag")),
        conditions=[_condition(post, row) for row in _rows(post, "c")],
        actions=[_step(post, row) for row in _rows(post, "a")],
    )
    _change(draft, post.get("op", ""))
    return draft


def _rows(post: QueryDict, prefix: str) -> list[str]:
    return [f"{prefix}{row}-" for row in post.getlist(prefix)[:MOST_ROWS] if row.isascii() and row.isdigit()]


def _condition(post: QueryDict, row: str) -> dict[str, Any]:
    what = post.get(f"{row}is", "")
    values: list[Any] = post.getlist(f"{row}any")
    kind = conditions.KINDS.get(what)
    if kind and kind.values == "words":
        values = [word.strip() for text in values for word in clean(text).split(",") if word.strip()]
    elif kind and kind.values in {"priority", "rating"}:
        values = [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 3]
    return {"is": what, "any": values, "not": post.get(f"{row}not") == "1"}


def _step(post: QueryDict, row: str) -> dict[str, Any]:
    do = post.get(f"{row}do", "")
    kind = steps.KINDS.get(do)
    step: dict[str, Any] = {"do": do}
    for name, what in (kind.fields if kind else {}).items():
        given = post.get(f"{row}{name}", "")
        if what in {"members", "teams"}:
            step[name] = post.getlist(f"{row}{name}")
        elif what == "priority":
            step[name] = int(given) if given in {"0", "1", "2", "3"} else None
        else:
            step[name] = clean(given) if what in {"template", "text"} else given
    return step


def _change(draft: Draft, op: str) -> None:
    """add-c:words, add-a:reply, drop-c:1, up-a:2, down-a:0; anything else changes nothing."""
    verb, _dash, rest = op.partition("-")
    which, _colon, value = rest.partition(":")
    rows = {"c": draft.conditions, "a": draft.actions}.get(which)
    if rows is None:
        return
    if verb == "add":
        _add(rows, which, value)
        return
    place = int(value) if value.isascii() and value.isdigit() and len(value) < 3 else len(rows)
    if place >= len(rows):
        return
    row = rows.pop(place)
    if verb == "up":
        rows.insert(max(place - 1, 0), row)
    elif verb == "down":
        rows.insert(place + 1, row)


def _add(rows: list[dict[str, Any]], which: str, value: str) -> None:
    known: Mapping[str, Any] = conditions.KINDS if which == "c" else steps.KINDS
    if value not in known or len(rows) >= MOST_ROWS:
        return
    rows.append({"is": value, "any": [], "not": False} if which == "c" else {"do": value})


# --- as the page shows it ---


class Option(NamedTuple):
    """Something to choose."""

    value: str
    label: str
    chosen: bool


class Control(NamedTuple):
    """One part of a row: a text, a select or several checks."""

    name: str
    kind: str  # text, words, select, checks
    label: str
    value: str
    options: list[Option]


class Row(NamedTuple):
    """A condition or step with its controls."""

    number: int
    kind: str
    title: str
    icon: str
    negated: bool
    reads: str
    reads_negated: str
    controls: list[Control]


def condition_rows(draft: Draft, names: Names) -> list[Row]:
    """The conditions of a draft; those of no kind are left out."""
    return [
        _condition_row(number, one, conditions.KINDS[one["is"]], names)
        for number, one in enumerate(draft.conditions)
        if one["is"] in conditions.KINDS
    ]


def _condition_row(number: int, one: dict[str, Any], kind: conditions.Kind, names: Names) -> Row:
    controls = []
    if kind.values == "words":
        text = ", ".join(map(str, one["any"]))
        controls.append(Control("any", "words", _("Words, with commas between them"), text, []))
    elif kind.values:
        chosen = {str(value) for value in one["any"]}
        options = [Option(value, label, value in chosen) for value, label in _values(kind.values, names)]
        controls.append(Control("any", "checks", str(kind.title), "", options))
    plain, negated = (str(text) % {"values": "…"} for text in (kind.reads, kind.negated))
    return Row(number, one["is"], str(kind.title), "list-filter", one["not"], plain, negated, controls)


def step_rows(draft: Draft, names: Names, *, rules: bool) -> list[Row]:
    """The steps of a draft."""
    known = steps.kinds(rules=rules)
    return [
        _step_row(number, one, known[one["do"]], names, rules=rules)
        for number, one in enumerate(draft.actions)
        if one["do"] in known
    ]


def _step_row(number: int, one: dict[str, Any], kind: steps.Kind, names: Names, *, rules: bool) -> Row:
    controls = []
    for name, what in kind.fields.items():
        value = one.get(name)
        if what in {"template", "text"}:
            controls.append(Control(name, "text", str(kind.title), str(value or ""), []))
            continue
        several = what in {"members", "teams"}
        chosen = set(value or []) if several else {str(value)}
        options = [
            Option(key, label, key in chosen)
            for key, label in (_named_plainly(what, names) if several else _values(what, names, rules=rules))
        ]
        label = {"members": _("Colleagues"), "teams": _("Teams")}.get(what, str(kind.title))
        controls.append(Control(name, "checks" if several else "select", label, "", options))
    return Row(number, one["do"], str(kind.title), kind.icon, False, "", "", controls)


def _named_plainly(what: str, names: Names) -> Choices:
    return list(getattr(names, what.removesuffix("s")).items())


def _values(what: str, names: Names, *, rules: bool = False) -> Choices:
    """Everything that a part can name, with its label."""
    match what:
        case "priority":
            return [(str(one.value), str(one.label)) for one in Conversation.Priority]
        case "rating":
            return [(str(score), str(score)) for score in range(1, 6)]
        case "language":
            return [(code, str(label)) for code, label in LANGUAGES.items()]
        case "until":
            return [(code, str(label)) for code, label in UNTIL.items()]
    return _named(what, names, rules=rules)


def _named(what: str, names: Names, *, rules: bool) -> Choices:
    if what == "assignee":
        special = [(NOBODY, _("Nobody"))] if rules else [(ME, _("Whoever runs it")), (NOBODY, _("Nobody"))]
        return [*special, *names.answering.items()]
    if what == "team":
        return [(NONE, _("No team")), *names.team.items()]
    return list(getattr(names, what).items())


def adders(known: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """What can be added, by name."""
    return [(name, str(kind.title)) for name, kind in known.items()]


def text_names() -> list[str]:
    """The names that a text can have filled in."""
    return list(canned.NAMES)
