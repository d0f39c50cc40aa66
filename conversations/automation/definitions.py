"""A rule's definition: versioned JSON, checked, and read as a sentence.

{"version": 1, "when": {"is": "waited", "minutes": 30}, "if": […], "then": […], "stop": false}
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.automation import conditions, steps
from conversations.automation.names import Names
from conversations.models import Trigger
from tenants.refusals import Refused

VERSION = 1
LONGEST_WAIT = 7 * 24 * 60  # minutes


class InvalidRule(Refused):
    """A definition that cannot be meant; the sentence says why."""


def checked(given: Any, names: Names) -> dict[str, Any]:
    """A definition as it is kept. Raises `InvalidRule`, `InvalidConditions`, `InvalidSteps`."""
    if not isinstance(given, dict):
        raise InvalidRule(_("Give the rule as an object."), "definition")
    unknown = set(given) - {"version", "when", "if", "then", "stop"}
    if unknown:
        raise InvalidRule(
            _("There is no part “%(name)s”.") % {"name": ", ".join(sorted(map(str, unknown)))}, "definition"
        )
    if given.get("version", VERSION) != VERSION or isinstance(given.get("version"), bool):
        raise InvalidRule(_("This is version %(version)s.") % {"version": VERSION}, "version")
    stop = given.get("stop", False)
    if not isinstance(stop, bool):
        raise InvalidRule(_("“stop” is true or false."), "stop")
    when = _when(given.get("when"))
    return {
        "version": VERSION,
        "when": when,
        "if": conditions.checked(given.get("if", []), names, when["is"]),
        "then": steps.checked(given.get("then"), names, rules=True),
        "stop": stop,
    }


def _when(given: Any) -> dict[str, Any]:
    what = given.get("is") if isinstance(given, dict) else None
    if not isinstance(what, str) or what not in Trigger.values:
        raise InvalidRule(_("Choose when: %(known)s.") % {"known": ", ".join(Trigger.values)}, "when")
    if what != Trigger.WAITED:
        if set(given) - {"is"}:
            raise InvalidRule(_("Only “waited” takes minutes."), "when")
        return {"is": what}
    minutes = given.get("minutes")
    if isinstance(minutes, bool) or not isinstance(minutes, int) or not 1 <= minutes <= LONGEST_WAIT:
        raise InvalidRule(_("Say after how many minutes, 1 to %(most)s.") % {"most": LONGEST_WAIT}, "when")
    return {"is": what, "minutes": minutes}


def is_broken(definition: dict[str, Any], names: Names) -> bool:
    """Whether it names something that was deleted since it was written."""
    return conditions.gone(definition["if"], names) or steps.gone(definition["then"], names)


def when_sentence(definition: dict[str, Any]) -> str:
    """What sets it off: “a customer writes”."""
    when = definition["when"]
    if when["is"] != Trigger.WAITED:
        return str(Trigger(when["is"]).label)
    count = when["minutes"]
    return ngettext(
        "a customer has waited for %(count)s minute", "a customer has waited for %(count)s minutes", count
    ) % {"count": count}


def sentence(definition: dict[str, Any], names: Names) -> str:
    """The whole rule as one sentence."""
    asked = [conditions.sentence(one, names) for one in definition["if"]]
    does = steps.sentences(definition["then"], names)
    words = {"when": when_sentence(definition), "if": _(" and ").join(asked), "then": _listed(does)}
    text = _("When %(when)s and %(if)s, then %(then)s.") if asked else _("When %(when)s, then %(then)s.")
    return text % words


def _listed(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return _(" and ").join([", ".join(parts[:-1]), parts[-1]])
