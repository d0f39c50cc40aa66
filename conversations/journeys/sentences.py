"""The steps of a journey as a person reads them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.confirmations.sentences import length
from conversations.journeys.content import BIRTHDAY, CHOICES, NO_SHOW, OTHER, SILENCE, Step
from conversations.left_out import sentence
from conversations.models import Happening

GONE = gettext_lazy("(gone)")
STOPS = {
    "answered": gettext_lazy("he answers"),
    "bought": gettext_lazy("he buys"),
    "complained": gettext_lazy("he has an open complaint"),
}
CONDITIONS = {
    "answered": gettext_lazy("he answered since he entered"),
    "bought": gettext_lazy("he bought since he entered"),
}
WAYS = {
    "then": gettext_lazy("If so:"),
    "else": gettext_lazy("If not:"),
    OTHER: gettext_lazy("If he answers something else, which is read as any message:"),
    SILENCE: gettext_lazy("If he does not answer:"),
}
KINDS = {
    "wait": gettext_lazy("Wait"),
    "send": gettext_lazy("Send"),
    "ask": gettext_lazy("Ask"),
    "task": gettext_lazy("Ask for work"),
    "branch": gettext_lazy("Decide"),
    "stop": gettext_lazy("End"),
}
TRAIL = {
    "wait": gettext_lazy("He waited."),
    "sent": gettext_lazy("He was sent “%(detail)s”."),
    "left_out": gettext_lazy("Not sent: %(detail)s"),
    "paused": gettext_lazy("He wrote to us: the next message waits."),
    "task": gettext_lazy("Work was asked for: “%(detail)s”."),
    "asked": gettext_lazy("He was asked “%(detail)s”."),
    "chosen": gettext_lazy("He answered “%(detail)s”."),
    "other": gettext_lazy("He answered in his own words."),
    "silence": gettext_lazy("He did not answer."),
    "yes": gettext_lazy("It was so."),
    "no": gettext_lazy("It was not so."),
}
Names = Mapping[str, str]


def entry(what: Mapping[str, str], segments: Names) -> str:
    """Who enters."""
    if "segment" in what:
        return _("Whoever comes into “%(name)s”") % {"name": segments.get(what["segment"], str(GONE))}
    if what.get("on") == BIRTHDAY:
        return _("Whose birthday it is")
    if what.get("on") == NO_SHOW:
        return _("Whoever did not come to his appointment")
    if what.get("on") in Happening.values:
        return str(Happening(what["on"]).label)
    return ""


def step(one: Step, templates: Names, segments: Names) -> str:
    """What one step does."""
    match one.get("do"):
        case "wait":
            return _("Wait %(length)s") % {"length": length(one["minutes"])}
        case "send":
            return _("Send “%(name)s”") % {"name": templates.get(str(one["template"]), str(GONE))}
        case "ask":
            asked = {"name": templates.get(str(one["template"]), str(GONE)), "length": length(one["minutes"])}
            return _("Ask “%(name)s” and wait %(length)s for an answer") % asked
        case "task":
            return _("Ask for work: “%(title)s”") % {"title": one["title"]}
        case "branch":
            return _("If %(condition)s") % {"condition": condition(one["if"], segments)}
    return _("It ends here")


def arm(one: Step, way: str) -> str:
    """By what it goes on one of the ways of a step."""
    if way in CHOICES:
        return _("If he answers “%(answer)s”:") % {"answer": one["choices"][CHOICES.index(way)]}
    return str(WAYS[way])


def condition(what: Mapping[str, str], segments: Names) -> str:
    """What a decision depends on."""
    if what.get("is") == "in_segment":
        return _("he is in “%(name)s”") % {"name": segments.get(what.get("segment", ""), str(GONE))}
    return str(CONDITIONS.get(what.get("is", ""), GONE))


def trail(line: Mapping[str, Any]) -> str:
    """What was done with a customer at a step."""
    detail = str(line.get("detail", ""))
    what = str(line.get("what"))
    if what == "left_out":
        detail = sentence(detail)
    return str(TRAIL[what]) % {"detail": detail} if what in TRAIL else detail
