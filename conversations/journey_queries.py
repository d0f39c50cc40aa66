"""Journeys as the screens show them: the list, the steps with who is where, a customer's trail."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q, QuerySet

from conversations.confirmation_queries import seen
from conversations.confirmations.sentences import in_units
from conversations.journeys import sentences
from conversations.journeys.content import CHOICES, Step, arms_of, step_at
from conversations.models import Journey, JourneyPlace, JourneyVersion, MessageTemplate
from crm.models import Attribute, Segment
from tenants.actors import Actor

State = JourneyPlace.State
MOST = 500  # templates and segments to choose from


class Names:
    """The templates and segments that steps name; read once."""

    def __init__(self) -> None:
        self.kept = list(MessageTemplate.objects.kept().order_by("name").values_list("pk", "name")[:MOST])
        self.standing = list(Segment.objects.standing().order_by("name").values_list("pk", "name")[:MOST])
        self.templates = {str(pk): name for pk, name in self.kept}
        self.segments = {str(pk): name for pk, name in self.standing}


def listed(*, archived: bool) -> QuerySet[Journey]:
    """The journeys in use, or those put away."""
    rows: QuerySet[Journey] = Journey.objects.filter(archived_at__isnull=not archived)
    return rows


def newest(journeys: list[Journey]) -> dict[Any, JourneyVersion]:
    """The newest version of each. One query."""
    rows = JourneyVersion.objects.filter(journey__in=journeys).order_by("journey_id", "-number")
    return {one.journey_id: one for one in rows.distinct("journey_id")}


def counts(journeys: list[Journey], actor: Actor) -> dict[Any, dict[str, int]]:
    """How many are under way, finished and stopped in each. One query."""
    rows = seen(JourneyPlace.objects.filter(journey__in=journeys), actor).order_by()
    parts = {str(state): Count("pk", filter=Q(state=state)) for state in State}
    return {one.pop("journey_id"): one for one in rows.values("journey_id").annotate(**parts)}


def where(version: JourneyVersion, actor: Actor) -> dict[str, int]:
    """How many are under way at each step of a version. One query."""
    rows = seen(JourneyPlace.objects.filter(journey_id=version.journey_id, state=State.WAITING), actor)
    here = rows.filter(version=version).order_by().values_list("step").annotate(people=Count("pk"))
    return dict(here)


def lines(
    steps: list[Step], names: Names, people: dict[str, int], before: str = "", depth: int = 0
) -> Iterator[dict[str, Any]]:
    """Each step as a sentence, indented below the condition it hangs on."""
    for number, one in enumerate(steps):
        path = f"{before}{number}"
        yield {
            "path": path, "step": one, "depth": depth, "kind": one["do"], "people": people.get(path, 0),
            "sentence": sentences.step(one, names.templates, names.segments),
        }  # fmt: skip
        for arm in arms_of(one):
            yield {"arm": sentences.arm(one, arm), "depth": depth + 1, "is_empty": not one.get(arm)}
            yield from lines(one.get(arm, []), names, people, f"{path}.{arm}.", depth + 1)
            yield {"add": f"{path}.{arm}", "depth": depth + 1}


def fields(line: dict[str, Any]) -> dict[str, Any]:
    """What the form shows of a step."""
    step = line["step"]
    match step["do"]:
        case "wait":
            return _length(step)
        case "ask":
            titles = [*step["choices"], "", "", ""]
            return _length(step) | {"choices": list(zip(CHOICES, titles, strict=False))}
        case "branch":
            condition = step.get("if", {})
            segment = condition.get("segment")
            return {"if": f"segment:{segment}" if segment else condition.get("is", "")}
    return {}


def _length(step: Step) -> dict[str, Any]:
    count, unit = in_units(step["minutes"]) if isinstance(step.get("minutes"), int) else (0, 60)
    return {"count": count or "", "unit": {1: "minutes", 60: "hours", 1440: "days"}[unit]}


def dates() -> list[Attribute]:
    """The facts in which a birthday can stand."""
    return list(Attribute.objects.filter(kind=Attribute.Kind.DATE).order_by("name")[:MOST])


def trail(place: JourneyPlace) -> list[dict[str, str]]:
    """What was done with a customer, in order."""
    return [{"at": one.get("at", ""), "words": sentences.trail(one)} for one in place.trail]


def step_of(place: JourneyPlace) -> Step | None:
    """The step that comes next for a customer who is under way."""
    return step_at(place.version.content["steps"], place.step) if place.state == State.WAITING else None
