"""The steps of macros and rules: what there is, what each takes, how it reads. Plain data, no effects.

A step is {"do": "add_label", "label": "<id>"}. What is kept has been through `checked`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations import canned
from conversations.automation.names import Names
from conversations.models import Conversation
from tenants.kit.text import clean, one_line
from tenants.refusals import Refused

MOST = 20  # steps of one macro or rule
LONGEST = 5_000  # characters of a text
SHOWN = 80  # characters of a text in a sentence
ME, NOBODY, NONE = "me", "nobody", "none"
UNTIL = {
    "3h": gettext_lazy("for three hours"),
    "tomorrow": gettext_lazy("until tomorrow at nine"),
    "monday": gettext_lazy("until Monday at nine"),
    "week": gettext_lazy("for a week"),
    "reply": gettext_lazy("until the customer writes"),
}


class InvalidSteps(Refused):
    """Steps that cannot be meant; the sentence says which and why."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of step: what it is called, the parts it has, and who may have it."""

    title: Any
    fields: dict[str, str]  # part of the step → what it names
    icon: str
    for_macros: bool = True
    for_rules: bool = True


KINDS = {
    "reply": Kind(gettext_lazy("Send a reply"), {"text": "template"}, "send"),
    "canned": Kind(gettext_lazy("Send a canned reply"), {"reply": "reply"}, "zap"),
    "note": Kind(gettext_lazy("Leave a private note"), {"text": "text"}, "lock"),
    "assign": Kind(gettext_lazy("Assign"), {"to": "assignee"}, "user-round-check"),
    "team": Kind(gettext_lazy("Move to a team"), {"to": "team"}, "users-round"),
    "add_label": Kind(gettext_lazy("Add a label"), {"label": "label"}, "tag"),
    "remove_label": Kind(gettext_lazy("Take a label off"), {"label": "label"}, "tag"),
    "priority": Kind(gettext_lazy("Set the priority"), {"to": "priority"}, "flag"),
    "snooze": Kind(gettext_lazy("Snooze"), {"until": "until"}, "alarm-clock"),
    "close": Kind(gettext_lazy("Close the conversation"), {}, "check"),
    "notify": Kind(
        gettext_lazy("Notify"), {"members": "members", "teams": "teams"}, "bell", for_macros=False
    ),
}


def kinds(*, rules: bool) -> dict[str, Kind]:
    """The kinds that rules or macros can have."""
    return {name: kind for name, kind in KINDS.items() if (kind.for_rules if rules else kind.for_macros)}


def checked(given: Any, names: Names, *, rules: bool) -> list[dict[str, Any]]:
    """Steps as they are kept. Raises `InvalidSteps` with the number of the wrong one."""
    if not isinstance(given, list) or not given:
        raise InvalidSteps(_("Add at least one step."), "actions")
    if len(given) > MOST:
        raise InvalidSteps(_("At most %(most)s steps.") % {"most": MOST}, "actions")
    return [_step(number, step, names, rules=rules) for number, step in enumerate(given, 1)]


def _step(number: int, given: Any, names: Names, *, rules: bool) -> dict[str, Any]:
    known = kinds(rules=rules)
    do = given.get("do") if isinstance(given, dict) else None
    if not isinstance(do, str) or do not in known:
        raise _wrong(number, _("choose what to do: %(known)s.") % {"known": ", ".join(known)})
    unknown = set(given) - {"do", *known[do].fields}
    if unknown:
        raise _wrong(
            number, _("there is no part “%(name)s”.") % {"name": ", ".join(sorted(map(str, unknown)))}
        )
    step: dict[str, Any] = {"do": do}
    for field, what in known[do].fields.items():
        step[field] = _value(number, what, given.get(field), names, rules=rules)
    if do == "notify" and not step["members"] and not step["teams"]:
        raise _wrong(number, _("choose whom to notify."))
    return step


def _wrong(number: int, why: str) -> InvalidSteps:
    return InvalidSteps(_("Step %(number)s: %(why)s") % {"number": number, "why": why}, "actions")


def _value(number: int, what: str, value: Any, names: Names, *, rules: bool) -> Any:
    match what:
        case "template" | "text":
            return _text(number, value, is_template=what == "template")
        case "priority":
            if isinstance(value, bool) or value not in Conversation.Priority.values:
                raise _wrong(number, _("choose one of the priorities, 0 to 3."))
            return value
        case "until":
            if not isinstance(value, str) or value not in UNTIL:
                raise _wrong(number, _("choose until when: %(known)s.") % {"known": ", ".join(UNTIL)})
            return value
        case "members" | "teams":
            return _several(number, what.removesuffix("s"), value or [], names)
    special = {"assignee": [NOBODY] if rules else [ME, NOBODY], "team": [NONE]}.get(what, [])
    table = "answering" if what == "assignee" else what
    if not isinstance(value, str) or not (value in special or names.has(table, value)):
        raise _wrong(number, _("choose one that there is."))
    return value


def _several(number: int, what: str, value: Any, names: Names) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) and names.has(what, one) for one in value):
        raise _wrong(number, _("choose one that there is."))
    return sorted(set(value))


def _text(number: int, value: Any, *, is_template: bool) -> str:
    text = clean(value).strip() if isinstance(value, str) else ""
    if not text:
        raise _wrong(number, _("write the text."))
    if len(text) > LONGEST:
        raise _wrong(number, _("the text is too long."))
    if is_template:
        try:
            canned.check(text)
        except canned.BadTemplate as error:
            raise _wrong(number, str(error)) from error
    return text


def gone(steps: Iterable[dict[str, Any]], names: Names) -> bool:
    """Whether a step names something that was deleted since."""
    return any(_is_gone(step, names) for step in steps)


def _is_gone(step: dict[str, Any], names: Names) -> bool:
    match step:
        case {"do": "assign", "to": to}:
            return to not in {ME, NOBODY} and not names.has("answering", to)
        case {"do": "team", "to": to}:
            return to != NONE and not names.has("team", to)
        case {"do": "add_label" | "remove_label", "label": label}:
            return not names.has("label", label)
        case {"do": "canned", "reply": reply}:
            return not names.has("reply", reply)
        case {"do": "notify", "members": members, "teams": teams}:
            lost = [one for one in members if not names.has("member", one)]
            return bool(lost or [one for one in teams if not names.has("team", one)])
    return False


def sentence(step: dict[str, Any], names: Names, fill: Callable[[str], str] = str) -> str:
    """What a step does, in the imperative: “add the label Complaint”. `fill` fills its text in."""
    words = {"text": one_line(fill(step["text"]), SHOWN)} if "text" in step else {}
    words |= {field: names.of(field, step[field]) for field in ("label", "reply") if field in step}
    if step["do"] in PLAIN:
        return str(PLAIN[step["do"]]) % words
    return _special_sentence(step, names)


PLAIN = {
    "reply": gettext_lazy("send “%(text)s”"),
    "canned": gettext_lazy("send the canned reply “%(reply)s”"),
    "note": gettext_lazy("leave the note “%(text)s”"),
    "add_label": gettext_lazy("add the label %(label)s"),
    "remove_label": gettext_lazy("take the label %(label)s off"),
    "close": gettext_lazy("close the conversation"),
}


def _assign_sentence(to: str, names: Names) -> str:
    if to == ME:
        return _("assign it to whoever runs it")
    if to == NOBODY:
        return _("put it back in the queue")
    return _("assign it to %(name)s") % {"name": names.of("member", to)}


def _special_sentence(step: dict[str, Any], names: Names) -> str:
    match step:
        case {"do": "assign", "to": to}:
            return _assign_sentence(to, names)
        case {"do": "team", "to": to} if to == NONE:
            return _("take it out of its team")
        case {"do": "team", "to": to}:
            return _("move it to the team %(team)s") % {"team": names.of("team", to)}
        case {"do": "priority", "to": to}:
            label = str(Conversation.Priority(to).label).lower()
            return _("set the priority to %(priority)s") % {"priority": label}
        case {"do": "snooze", "until": until}:
            return _("snooze it %(until)s") % {"until": UNTIL[until]}
    whom = [names.of("member", one) for one in step["members"]]
    whom += [names.of("team", one) for one in step["teams"]]
    return _("notify %(whom)s") % {"whom": ", ".join(whom)}


def sentences(steps: Iterable[dict[str, Any]], names: Names, fill: Callable[[str], str] = str) -> list[str]:
    """What steps do, one after the other."""
    return [sentence(step, names, fill) for step in steps]
