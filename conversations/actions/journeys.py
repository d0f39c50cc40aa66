"""Journeys: made, changed by versions, switched, put away; and customers taken out of them."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.actions.message_templates import create_message_template, latest
from conversations.actions.versioned import Kind
from conversations.journeys import content as contents_of
from conversations.journeys import recipes
from conversations.journeys.content import InvalidJourney, walk
from conversations.left_out import BY_HAND
from conversations.models import Journey, JourneyPlace, JourneyVersion, MessageTemplate
from crm.models import Segment
from tenants import audit
from tenants.actors import Actor
from tenants.kit import events
from tenants.queries import own
from tenants.refusals import Conflicting

MOST = 100  # journeys of a business that are not archived
JOURNEYS = Kind(
    model=Journey,
    version=JourneyVersion,
    key="journey",
    says="content",
    audited="journey",
    taken=gettext_lazy("Another journey has this name."),
    archived=gettext_lazy("This journey is archived. Bring it back first."),
)


class NotUnderWay(Conflicting):
    """He finished it or was taken out already."""


@transaction.atomic
def create_journey(*, name: str, content: Any, by: Actor, recipe: str = "") -> Journey:
    """A new journey, off, with its first version. Raises `InvalidJourney`, `NameTaken`."""
    if Journey.objects.kept().count() >= MOST:
        raise InvalidJourney(_("At most %(most)s journeys. Archive those nobody uses.") % {"most": MOST})
    kept = _checked(content)
    journey = Journey(name=JOURNEYS.name(name), recipe=recipe)
    JOURNEYS.save(journey)
    JOURNEYS.add_version(journey, kept, 1, by)
    audit.record("journey.created", target=journey, by=by, name=journey.name)
    return journey


@transaction.atomic
def create_from_recipe(
    *, recipe: str, by: Actor, segment: Segment | None = None, attribute: str = ""
) -> Journey:
    """One of the ready-made journeys with templates of its own, off. Raises `InvalidJourney`.

    Winning back wants a segment; a birthday the fact in which it stands.
    """
    known = recipes.RECIPES.get(recipe)
    if known is None:
        raise InvalidJourney(_("There is no such recipe."), "recipe")
    entry = dict(known.entry)
    if known.needs == "segment":
        if segment is None:
            raise InvalidJourney(_("Choose the segment whose people enter."), "segment")
        entry = {"segment": str(segment.pk)}
    elif known.needs == "attribute":
        entry["attribute"] = attribute or entry["attribute"]
    with translation.override(own().language):
        templates = [str(_template(text, by).pk) for text in known.texts]
        steps = recipes.steps_of(known, templates, _)
        name = JOURNEYS.free_name(str(known.name))
    content = {"entry": entry, "steps": steps, "stops": known.stops}
    return create_journey(name=name, content=content, by=by, recipe=recipe)


def _template(text: recipes.Text, by: Actor) -> MessageTemplate:
    name = _(text.name)
    found: MessageTemplate | None = (
        MessageTemplate.objects.kept().filter(name=name, purpose=text.purpose).first()
    )
    if found is not None:
        return found
    taken = MessageTemplate.objects.kept().filter(name=name).exists()
    return create_message_template(
        name=f"{name} (2)" if taken else name, purpose=text.purpose, contents=recipes.contents(text), by=by
    )


@transaction.atomic
def save_journey(
    *, journey: Journey, by: Actor, name: str | None = None, content: Any = None, base: int | None = None
) -> JourneyVersion:
    """Keep what is given; other steps are a new version, and who is inside finishes the one he began.

    `base` is the version that was changed. Raises `InvalidJourney`, `NameTaken`, `Archived`,
    `ChangedMeanwhile`.
    """
    held = JOURNEYS.locked(journey)
    newest = newest_of(held)
    JOURNEYS.check_base(newest, base)
    if name is not None and JOURNEYS.name(name) != held.name:
        held.name = JOURNEYS.name(name)
        JOURNEYS.save(held)
        audit.record("journey.renamed", target=held, by=by, name=held.name)
    if content is None or (kept := _checked(content)) == newest.content:
        return newest
    version: JourneyVersion = JOURNEYS.add_version(held, kept, newest.number + 1, by)
    audit.record("journey.changed", target=held, by=by, name=held.name, version=version.number)
    return version


@transaction.atomic
def switch_journey(*, journey: Journey, is_on: bool, by: Actor) -> Journey:
    """Let customers enter, or no more: who is inside goes on. Raises `InvalidJourney`, `Archived`."""
    held: Journey = JOURNEYS.locked(journey)
    if held.is_on == is_on:
        return held
    if is_on:
        _check_ready(newest_of(held).content)
        held.looked_at = timezone.now()
    held.is_on = is_on
    held.save(update_fields=["is_on", "looked_at"])
    act = "switched_on" if is_on else "switched_off"
    audit.record(f"journey.{act}", target=held, by=by, name=held.name)
    return held


def _check_ready(content: contents_of.Step) -> None:
    for _path, step in walk(content["steps"]):
        if "template" not in step:
            continue
        template = MessageTemplate.objects.kept().filter(pk=step["template"]).first()
        if template is None or not latest(template).contents:
            raise InvalidJourney(_("One of its templates is archived or says nothing yet."), "steps")


def archive_journey(*, journey: Journey, by: Actor) -> None:
    """Put it away, off: who is inside stops at his next step."""
    JOURNEYS.archive(journey, by, is_on=False)


def bring_back_journey(*, journey: Journey, by: Actor) -> Journey:
    """Take it out of the archive; it is off. Raises `NameTaken`."""
    found: Journey = JOURNEYS.bring_back(journey, by)
    return found


@transaction.atomic
def take_out(*, place: JourneyPlace, by: Actor) -> JourneyPlace:
    """Let it end for one customer. Raises `NotUnderWay`."""
    held: JourneyPlace = JourneyPlace.objects.select_for_update(of=("self",)).get(pk=place.pk)
    if held.state != JourneyPlace.State.WAITING:
        raise NotUnderWay(_("He is not under way in it any more."))
    held.state, held.reason, held.due_at = JourneyPlace.State.STOPPED, BY_HAND, None
    held.finished_at = timezone.now()
    held.save(update_fields=["state", "reason", "due_at", "finished_at"])
    audit.record("journey.taken_out", target=held, by=by, customer=str(held.customer_id))
    events.publish("journey", {"id": str(held.journey_id), "customer": str(held.customer_id)})
    return held


def newest_of(journey: Journey) -> JourneyVersion:
    """What its steps are for those who enter now."""
    found: JourneyVersion = JOURNEYS.latest(journey)
    return found


def _checked(content: Any) -> dict[str, Any]:
    """Content fit to keep, whose templates and segments exist."""
    kept = contents_of.tidy(content)
    steps = [step for _path, step in walk(kept["steps"])]
    templates = {UUID(step["template"]) for step in steps if "template" in step}
    segments = {UUID(step["if"]["segment"]) for step in steps if "segment" in step.get("if", {})}
    if "segment" in kept["entry"]:
        segments.add(UUID(kept["entry"]["segment"]))
    if MessageTemplate.objects.filter(pk__in=templates).count() != len(templates):
        raise InvalidJourney(_("A template that it names does not exist."), "steps")
    if Segment.objects.filter(pk__in=segments).count() != len(segments):
        raise InvalidJourney(_("A segment that it names does not exist."), "steps")
    return kept
