"""The conditions of rules: what a rule can ask, how it reads, whether it holds. Plain data, no effects.

A condition is {"is": "label", "any": ["<id>", …], "not": false}: it holds when any of the values does.
All conditions of a rule must hold.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.actions.mentions import plain
from conversations.automation.names import Names
from conversations.automation.steps import NOBODY, NONE
from conversations.models import Conversation, Trigger
from tenants.kit.text import clean, one_line
from tenants.refusals import Refused

MOST = 20  # conditions of one rule
MOST_VALUES = 100
LONGEST_WORD = 100
LANGUAGES = {"es": gettext_lazy("Spanish"), "pt": gettext_lazy("Portuguese"), "en": gettext_lazy("English")}


class InvalidConditions(Refused):
    """Conditions that cannot be meant; the sentence says which and why."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of condition: its name, what its values are ("" for none), how it reads plain and negated."""

    title: Any
    values: str
    reads: Any
    negated: Any
    only: frozenset[str] = frozenset()  # triggers that it needs; none for all


KINDS = {
    "channel": Kind(
        gettext_lazy("Channel"), "channel",
        gettext_lazy("the channel is %(values)s"), gettext_lazy("the channel is not %(values)s"),
    ),
    "words": Kind(
        gettext_lazy("Words in the text"), "words",
        gettext_lazy("the text contains %(values)s"), gettext_lazy("the text does not contain %(values)s"),
    ),
    "team": Kind(
        gettext_lazy("Team"), "team",
        gettext_lazy("the team is %(values)s"), gettext_lazy("the team is not %(values)s"),
    ),
    "assignee": Kind(
        gettext_lazy("Assignee"), "assignee",
        gettext_lazy("the assignee is %(values)s"), gettext_lazy("the assignee is not %(values)s"),
    ),
    "label": Kind(
        gettext_lazy("Label of the conversation"), "label",
        gettext_lazy("the conversation has the label %(values)s"),
        gettext_lazy("the conversation does not have the label %(values)s"),
    ),
    "customer_label": Kind(
        gettext_lazy("Label of the customer"), "label",
        gettext_lazy("the customer has the label %(values)s"),
        gettext_lazy("the customer does not have the label %(values)s"),
    ),
    "language": Kind(
        gettext_lazy("Language"), "language",
        gettext_lazy("the customer speaks %(values)s"),
        gettext_lazy("the customer does not speak %(values)s"),
    ),
    "hours": Kind(
        gettext_lazy("Opening hours"), "",
        gettext_lazy("the business is open"), gettext_lazy("the business is closed"),
    ),
    "priority": Kind(
        gettext_lazy("Priority"), "priority",
        gettext_lazy("the priority is %(values)s"), gettext_lazy("the priority is not %(values)s"),
    ),
    "vip": Kind(
        gettext_lazy("VIP"), "",
        gettext_lazy("the customer is a VIP"), gettext_lazy("the customer is not a VIP"),
    ),
    "complaint": Kind(
        gettext_lazy("Open complaint"), "",
        gettext_lazy("the customer has an open complaint"),
        gettext_lazy("the customer has no open complaint"),
    ),
    "first_contact": Kind(
        gettext_lazy("First contact"), "",
        gettext_lazy("it is the first contact"), gettext_lazy("it is not the first contact"),
    ),
    "rating": Kind(
        gettext_lazy("Rating"), "rating",
        gettext_lazy("the rating is %(values)s"), gettext_lazy("the rating is not %(values)s"),
        frozenset({Trigger.RATED}),
    ),
    "added": Kind(
        gettext_lazy("Label that was added"), "label",
        gettext_lazy("the label is %(values)s"), gettext_lazy("the label is not %(values)s"),
        frozenset({Trigger.LABELLED}),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a rule can ask about a conversation at one moment."""

    channel: str
    team: str
    assignee: str
    priority: int
    text: str = ""
    language: str = ""
    labels: frozenset[str] = frozenset()
    customer_labels: frozenset[str] = frozenset()
    is_open: bool = True
    is_vip: bool = False
    has_complaint: bool = False
    is_first: bool = False
    score: int | None = None
    added: frozenset[str] = field(default_factory=frozenset)


def kinds(trigger: str) -> dict[str, Kind]:
    """The kinds that make sense for a trigger."""
    return {name: kind for name, kind in KINDS.items() if not kind.only or trigger in kind.only}


def checked(given: Any, names: Names, trigger: str) -> list[dict[str, Any]]:
    """Conditions as they are kept. Raises `InvalidConditions` with the number of the wrong one."""
    if not isinstance(given, list):
        raise InvalidConditions(_("Give the conditions as a list."), "if")
    if len(given) > MOST:
        raise InvalidConditions(_("At most %(most)s conditions.") % {"most": MOST}, "if")
    return [_condition(number, one, names, trigger) for number, one in enumerate(given, 1)]


def _condition(number: int, given: Any, names: Names, trigger: str) -> dict[str, Any]:
    known = kinds(trigger)
    what = given.get("is") if isinstance(given, dict) else None
    if not isinstance(what, str) or what not in known:
        raise _wrong(number, _("choose what to ask: %(known)s.") % {"known": ", ".join(known)})
    unknown = set(given) - {"is", "any", "not"}
    if unknown:
        raise _wrong(
            number, _("there is no part “%(name)s”.") % {"name": ", ".join(sorted(map(str, unknown)))}
        )
    negated = given.get("not", False)
    if not isinstance(negated, bool):
        raise _wrong(number, _("“not” is true or false."))
    values = _values(number, known[what].values, given.get("any", []), names)
    return {"is": what, "any": values, "not": negated}


def _wrong(number: int, why: str) -> InvalidConditions:
    return InvalidConditions(_("Condition %(number)s: %(why)s") % {"number": number, "why": why}, "if")


def _values(number: int, what: str, given: Any, names: Names) -> list[Any]:
    if not isinstance(given, list) or len(given) > MOST_VALUES:
        raise _wrong(number, _("give its values as a list."))
    if not what:
        if given:
            raise _wrong(number, _("it takes no values."))
        return []
    if not given:
        raise _wrong(number, _("choose at least one value."))
    if what == "words":
        words = [one_line(one, LONGEST_WORD) for one in given if isinstance(one, str)]
        if len(words) != len(given) or not all(plain(word).strip() for word in words):
            raise _wrong(number, _("write the words."))
        return sorted(set(words))
    if not all(_exists(what, one, names) for one in given):
        raise _wrong(number, _("choose one that there is."))
    return sorted(set(given))


def _exists(what: str, value: Any, names: Names) -> bool:
    if what in {"priority", "rating"}:
        known = Conversation.Priority.values if what == "priority" else range(1, 6)
        return not isinstance(value, bool) and isinstance(value, int) and value in known
    if not isinstance(value, str):
        return False
    if what == "language":
        return value in LANGUAGES
    if (what, value) in {("team", NONE), ("assignee", NOBODY)}:
        return True
    return names.has("member" if what == "assignee" else what, value)


def gone(conditions: Iterable[dict[str, Any]], names: Names) -> bool:
    """Whether a condition names something that was deleted since: then nobody can tell what it asks."""
    return any(
        not _exists(KINDS[one["is"]].values, value, names)
        for one in conditions
        if KINDS[one["is"]].values not in {"", "words"}
        for value in one["any"]
    )


def failing(conditions: Iterable[dict[str, Any]], facts: Facts) -> int | None:
    """The number of the first condition that does not hold, counted from 0; None when all hold."""
    for number, one in enumerate(conditions):
        if _holds(one, facts) == one["not"]:
            return number
    return None


SETS = {"label": "labels", "customer_label": "customer_labels", "added": "added"}
FLAGS = {"hours": "is_open", "vip": "is_vip", "complaint": "has_complaint", "first_contact": "is_first"}


def _holds(condition: dict[str, Any], facts: Facts) -> bool:
    what, values = condition["is"], condition["any"]
    if what in SETS:
        return not getattr(facts, SETS[what]).isdisjoint(values)
    if what in FLAGS:
        return bool(getattr(facts, FLAGS[what]))
    match what:
        case "words":
            return contains(facts.text, values)
        case "language":
            return facts.language.partition("-")[0] in values
        case "rating":
            return facts.score in values
        case _same:
            return getattr(facts, what) in values


def contains(text: str, words: Iterable[str]) -> bool:
    """Whether any of some words or phrases stands in a text, accents and capitals forgiven."""
    folded = " ".join(plain(clean(text)).split())
    return any(
        re.search(rf"(?<!\w){re.escape(' '.join(plain(word).split()))}(?!\w)", folded) for word in words
    )


def sentence(condition: dict[str, Any], names: Names) -> str:
    """How a condition reads: “the channel is WhatsApp or Web chat”."""
    kind = KINDS[condition["is"]]
    words = [_word(kind.values, value, names) for value in condition["any"]]
    joined = _(" or ").join(words)
    return str(kind.negated if condition["not"] else kind.reads) % {"values": joined}


def _word(what: str, value: Any, names: Names) -> str:
    if (what, value) == ("team", NONE):
        return _("none")
    if (what, value) == ("assignee", NOBODY):
        return _("nobody")
    match what:
        case "words":
            return f"“{value}”"
        case "language":
            return str(LANGUAGES[value])
        case "priority" | "rating":
            return str(Conversation.Priority(value).label).lower() if what == "priority" else str(value)
    return names.of("member" if what == "assignee" else what, value)
