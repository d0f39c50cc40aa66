"""What a journey's version says: who enters, the steps, and what ends them. Plain functions, no queries.

    {"entry": {"on": "order_delivered"} or {"segment": id} or {"on": "birthday", "attribute": key},
     "steps": [{"do": "wait", "minutes": 4320}, {"do": "send", "template": id},
               {"do": "ask", "template": id, "choices": ["…", "…"], "minutes": 2880,
                "a": [...], "b": [...], "other": [...], "silence": [...]},
               {"do": "branch", "if": {"is": "answered"}, "then": [...], "else": [...]},
               {"do": "task", "title": "…", "days": 1}, {"do": "stop"}],
     "stops": ["answered", "bought", "complained"]}

A place in it is a path: "2" is the third step, "2.then.0" the first of those that follow if it is so.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from conversations.bot.normalise import tokens
from conversations.models import Happening
from tenants.kit.text import one_line
from tenants.refusals import Refused

Step = dict[str, Any]
BIRTHDAY = "birthday"
NO_SHOW = "no_show"
ENTRIES = (*Happening.values, BIRTHDAY, NO_SHOW)
STOPS = ("answered", "bought", "complained")
CONDITIONS = ("answered", "bought", "in_segment")
SIDES = ("then", "else")
CHOICES, OTHER, SILENCE = ("a", "b", "c"), "other", "silence"
ARMS = (*SIDES, *CHOICES, OTHER, SILENCE)
BUTTON = 20  # characters of an answer: what buttons take
MOST_STEPS, DEEPEST = 40, 3
KEY = re.compile(r"[a-z0-9_]{1,60}")
LONGEST_WAIT = 60 * 24 * 366  # minutes


class InvalidJourney(Refused):
    """Steps that cannot be gone through. `field` says where."""


def tidy(content: Any) -> dict[str, Any]:
    """The content as it is kept. Raises `InvalidJourney` with a sentence."""
    if not isinstance(content, Mapping):
        raise InvalidJourney(_("Say who enters and what the steps are."), "content")
    steps = _steps(content.get("steps"), "steps", 0)
    if not steps:
        raise InvalidJourney(_("Add at least one step."), "steps")
    if sum(1 for _path, _step in walk(steps)) > MOST_STEPS:
        raise InvalidJourney(_("A journey has at most %(most)s steps.") % {"most": MOST_STEPS}, "steps")
    stops = content.get("stops") or []
    if not isinstance(stops, Sequence) or not all(one in STOPS for one in stops):
        raise InvalidJourney(_("It can end when somebody answers, buys or complains."), "stops")
    return {"entry": _entry(content.get("entry")), "steps": steps, "stops": sorted(set(stops))}


def _entry(entry: Any) -> dict[str, str]:
    if isinstance(entry, Mapping) and entry.get("on") == BIRTHDAY:
        attribute = entry.get("attribute")
        if not isinstance(attribute, str) or not KEY.fullmatch(attribute):
            raise InvalidJourney(_("Choose in which fact the birthday stands."), "entry")
        return {"on": BIRTHDAY, "attribute": attribute}
    if isinstance(entry, Mapping) and entry.get("on") in ENTRIES:
        return {"on": str(entry["on"])}
    if isinstance(entry, Mapping) and entry.get("segment"):
        return {"segment": _id(entry["segment"], "entry")}
    raise InvalidJourney(_("Say what makes a customer enter."), "entry")


def _steps(given: Any, at: str, depth: int) -> list[Step]:
    if not isinstance(given, list):
        raise InvalidJourney(_("The steps must be a list."), at)
    if depth > DEEPEST:
        raise InvalidJourney(_("Conditions stand at most three deep."), at)
    return [_step(one, f"{at}/{number}", depth) for number, one in enumerate(given)]


def _step(one: Any, at: str, depth: int) -> Step:
    known = TIDY.get(str(one.get("do"))) if isinstance(one, Mapping) else None
    if known is None:
        raise InvalidJourney(_("A step waits, sends, asks, asks for work, decides or ends."), at)
    return known(one, at, depth)


def _wait(one: Mapping[str, Any], at: str, depth: int) -> Step:
    minutes = one.get("minutes")
    if type(minutes) is not int or not 1 <= minutes <= LONGEST_WAIT:
        raise InvalidJourney(_("Wait between a minute and a year."), at)
    return {"do": "wait", "minutes": minutes}


def _send(one: Mapping[str, Any], at: str, depth: int) -> Step:
    return {"do": "send", "template": _id(one.get("template"), at)}


def _ask(one: Mapping[str, Any], at: str, depth: int) -> Step:
    titles = _titles(one.get("choices"), at)
    step = {**_wait(one, at, depth), "do": "ask", "template": _id(one.get("template"), at), "choices": titles}
    for arm in CHOICES[len(titles) :]:
        if one.get(arm):
            raise InvalidJourney(_("Steps follow an answer that has no words."), at)
    return step | {arm: _steps(one.get(arm) or [], f"{at}/{arm}", depth + 1) for arm in arms_of(step)}


def _titles(given: Any, at: str) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise InvalidJourney(_("Write up to three answers to choose from."), at)
    titles = [one_line(one, 200) for one in given]
    while titles and not titles[-1]:
        titles.pop()
    if not 1 <= len(titles) <= len(CHOICES) or not all(titles):
        raise InvalidJourney(_("Write up to three answers to choose from."), at)
    if any(len(one) > BUTTON or "{" in one for one in titles):
        raise InvalidJourney(
            _("An answer is plain words of at most %(most)s characters.") % {"most": BUTTON}, at
        )
    if len({" ".join(tokens(one)) for one in titles} - {""}) < len(titles):
        raise InvalidJourney(_("Each answer needs words of its own."), at)
    return titles


def _task(one: Mapping[str, Any], at: str, depth: int) -> Step:
    title, days = one_line(str(one.get("title") or ""), 200), one.get("days", 0)
    if not title:
        raise InvalidJourney(_("Say in a few words what to do."), at)
    if type(days) is not int or not 0 <= days <= 365:
        raise InvalidJourney(_("Give it up to a year."), at)
    return {"do": "task", "title": title, "days": days}


def _branch(one: Mapping[str, Any], at: str, depth: int) -> Step:
    condition = one.get("if")
    if not isinstance(condition, Mapping) or condition.get("is") not in CONDITIONS:
        raise InvalidJourney(_("Say what it depends on."), at)
    asked: dict[str, str] = {"is": str(condition["is"])}
    if asked["is"] == "in_segment":
        asked["segment"] = _id(condition.get("segment"), at)
    arms = {arm: _steps(one.get(arm) or [], f"{at}/{arm}", depth + 1) for arm in SIDES}
    return {"do": "branch", "if": asked, **arms}


def _stop(one: Mapping[str, Any], at: str, depth: int) -> Step:
    return {"do": "stop"}


TIDY: dict[str, Callable[[Mapping[str, Any], str, int], Step]] = {
    "wait": _wait,
    "send": _send,
    "ask": _ask,
    "task": _task,
    "branch": _branch,
    "stop": _stop,
}


def _id(value: Any, at: str) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError as error:
        raise InvalidJourney(_("Choose one."), at) from error


def arms_of(step: Step) -> tuple[str, ...]:
    """By which ways it can go on from a step: those of a decision, or of a question."""
    if step["do"] == "branch":
        return SIDES
    if step["do"] == "ask":
        return (*CHOICES[: len(step["choices"])], OTHER, SILENCE)
    return ()


def walk(steps: Sequence[Step], before: str = "") -> Iterator[tuple[str, Step]]:
    """Every step with its path, in the order of reading."""
    for number, step in enumerate(steps):
        path = f"{before}{number}"
        yield path, step
        for arm in ARMS:
            yield from walk(step.get(arm, []), f"{path}.{arm}.")


def step_at(steps: Sequence[Step], path: str) -> Step | None:
    """The step at a path; None behind the last."""
    place: Any = steps
    for part in path.split("."):
        if part in ARMS:
            place = place.get(part, [])
        elif int(part) < len(place):
            place = place[int(part)]
        else:
            return None
    return place if isinstance(place, dict) else None


def after(path: str) -> str:
    """The path of the step that follows on the same level."""
    before, dot, last = path.rpartition(".")
    return f"{before}{dot}{int(last) + 1}"


def out_of(path: str) -> str:
    """The path behind the condition in whose arm a path stands; "" on the first level."""
    parts = path.split(".")
    return after(".".join(parts[:-2])) if len(parts) > 1 else ""
