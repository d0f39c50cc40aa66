"""A journey's steps while somebody writes them: read from the form, moved, added, taken away.

The form carries the steps as they stand, whole or not; they are checked when they are saved.
"""

import json
from collections.abc import Mapping
from typing import Any

from conversations.campaigns.confirmation_forms import UNITS
from conversations.journeys.content import (
    ARMS,
    BIRTHDAY,
    BUTTON,
    CHOICES,
    DEEPEST,
    MOST_STEPS,
    STOPS,
    Step,
    arms_of,
    step_at,
)
from tenants.kit.text import one_line

NEW: dict[str, Step] = {
    "wait": {"do": "wait", "minutes": 1440},
    "send": {"do": "send", "template": ""},
    "ask": {"do": "ask", "template": "", "choices": ["", ""], "minutes": 2880},
    "task": {"do": "task", "title": "", "days": 1},
    "branch": {"do": "branch", "if": {"is": "answered"}, "then": [], "else": []},
    "stop": {"do": "stop"},
}
LARGEST = 100_000  # characters of what the form carries


def read(post: Mapping[str, str], stops: list[str], kept: list[Step]) -> dict[str, Any]:
    """The content as the form says it; steps that it cannot have carried are those that are kept."""
    steps = _carried(post.get("steps", ""))
    steps = kept if steps is None else steps
    _fill(steps, post, "")
    return {"entry": _entry(post), "steps": steps, "stops": [one for one in stops if one in STOPS]}


def _carried(text: str) -> list[Step] | None:
    try:
        found = json.loads(text) if len(text) <= LARGEST else None
    except (ValueError, RecursionError):
        return None
    return found if _is_tree(found, 0) else None


def _is_tree(steps: Any, depth: int) -> bool:
    if not isinstance(steps, list) or len(steps) > MOST_STEPS or depth > DEEPEST:
        return False
    return all(
        isinstance(one, dict)
        and one.get("do") in NEW
        and all(_is_tree(one.get(arm, []), depth + 1) for arm in ARMS)
        for one in steps
    )


def _entry(post: Mapping[str, str]) -> dict[str, str]:
    chosen = post.get("entry", "")
    if chosen.startswith("segment:"):
        return {"segment": chosen.removeprefix("segment:")}
    if chosen == BIRTHDAY:
        return {"on": BIRTHDAY, "attribute": post.get("attribute", "")}
    return {"on": chosen}


def _fill(steps: list[Step], post: Mapping[str, str], before: str) -> None:
    """Put what was typed into the steps it stands at."""
    for number, step in enumerate(steps):
        path = f"{before}{number}"
        match step["do"]:
            case "wait":
                step["minutes"] = _minutes(post, path)
            case "send":
                step["template"] = post.get(f"{path}-template", "")
            case "ask":
                step["template"], step["minutes"] = post.get(f"{path}-template", ""), _minutes(post, path)
                step["choices"] = _choices(post, path)
            case "task":
                step["title"] = post.get(f"{path}-title", "")
                step["days"] = _number(post.get(f"{path}-days", ""))
            case "branch":
                step["if"] = _condition(post.get(f"{path}-if", ""))
        for arm in arms_of(step):
            _fill(step.setdefault(arm, []), post, f"{path}.{arm}.")


def _minutes(post: Mapping[str, str], path: str) -> int:
    return _number(post.get(f"{path}-count", "")) * UNITS.get(post.get(f"{path}-unit", ""), 1)


def _choices(post: Mapping[str, str], path: str) -> list[str]:
    """The answers that were written, up to the last."""
    titles = [one_line(post.get(f"{path}-choice-{letter}", ""), BUTTON) for letter in CHOICES]
    while titles and not titles[-1]:
        titles.pop()
    return titles


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _condition(chosen: str) -> dict[str, str]:
    if chosen.startswith("segment:"):
        return {"is": "in_segment", "segment": chosen.removeprefix("segment:")}
    return {"is": chosen or "answered"}


def change(steps: list[Step], op: str) -> str:
    """Do "add:send:2.then", "up:3", "down:3" or "drop:3"; returns the path of what was changed."""
    act, _colon, rest = op.partition(":")
    if act == "add":
        kind, _colon, place = rest.partition(":")
        found = _list(steps, place)
        if found is None or kind not in NEW or len(found) >= MOST_STEPS:
            return ""
        found.append(json.loads(json.dumps(NEW[kind])))
        return f"{place}.{len(found) - 1}" if place else str(len(found) - 1)
    place, _dot, last = rest.rpartition(".")
    found = _list(steps, place)
    if found is None or not (last.isascii() and last.isdigit() and len(last) < 4 and int(last) < len(found)):
        return ""
    number = int(last)
    if act == "drop":
        del found[number]
        return ""
    other = number + (1 if act == "down" else -1)
    if act in {"up", "down"} and 0 <= other < len(found):
        found[number], found[other] = found[other], found[number]
        return f"{place}.{other}" if place else str(other)
    return rest


def _list(steps: list[Step], place: str) -> list[Step] | None:
    """The steps on one level: "" the first, "2.then" those that follow if it is so."""
    if not place:
        return steps
    path, _dot, arm = place.rpartition(".")
    known = all(part in ARMS or (part.isascii() and part.isdigit()) for part in path.split("."))
    if arm not in ARMS or not known:
        return None
    try:
        step = step_at(steps, path)
    except (TypeError, AttributeError, ValueError):
        return None
    found = step.get(arm) if step else None
    return found if isinstance(found, list) else None
