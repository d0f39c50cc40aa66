"""Follow-ups: work for a person, with a clock."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import timeline
from crm.actions.customers import tell
from crm.models import Customer, FollowUp, TimelineEntry
from tenants.actors import Actor
from tenants.kit import events
from tenants.kit.text import one_line
from tenants.models import Membership
from tenants.refusals import Refused


class InvalidFollowUp(Refused):
    """A follow-up that does not say what to do."""


@transaction.atomic
def open_follow_up(
    *,
    customer: Customer,
    title: str,
    due_at: datetime,
    by: Actor,
    reason: str = FollowUp.Reason.OTHER,
    source_id: UUID | None = None,
    context_id: UUID | None = None,
    assignee: Membership | None = None,
) -> FollowUp:
    """Give somebody something to do about a customer. Raises `InvalidFollowUp`.

    With `source_id` (what caused it) there is one per reason and source: asked again, it returns the first.
    """
    title = one_line(title, 200)
    if not title:
        raise InvalidFollowUp(_("Say in a few words what to do."), "title")
    fresh = FollowUp(
        customer=customer,
        title=title,
        due_at=due_at,
        reason=reason,
        source_id=source_id,
        context_id=context_id,
        assignee=assignee,
        created_at=timezone.now(),
    )
    FollowUp.objects.bulk_create([fresh], ignore_conflicts=source_id is not None)
    if source_id is not None:
        first: FollowUp = FollowUp.objects.get(reason=reason, source_id=source_id)
        if first.id != fresh.id:
            return first
    _tell(fresh, fresh.created_at, by, event="opened")
    return fresh


@transaction.atomic
def complete_follow_up(*, follow_up: FollowUp, by: Actor) -> FollowUp:
    """Done; one that is done already stays as it is."""
    follow_up = (
        FollowUp.objects.select_for_update(of=("self",)).select_related("customer").get(pk=follow_up.pk)
    )
    if follow_up.done_at:
        return follow_up
    follow_up.done_at = timezone.now()
    follow_up.done_by = by.membership
    follow_up.save(update_fields=["done_at", "done_by"])
    _tell(follow_up, follow_up.done_at, by, event="done")
    return follow_up


@transaction.atomic
def reopen_follow_up(*, follow_up: FollowUp, by: Actor) -> FollowUp:
    """Not done after all; one that is open stays as it is."""
    follow_up = (
        FollowUp.objects.select_for_update(of=("self",)).select_related("customer").get(pk=follow_up.pk)
    )
    if follow_up.done_at is None:
        return follow_up
    follow_up.done_at = follow_up.done_by = None
    follow_up.save(update_fields=["done_at", "done_by"])
    _tell(follow_up, timezone.now(), by, event="reopened")
    return follow_up


@transaction.atomic
def reassign_follow_up(*, follow_up: FollowUp, assignee: Membership | None, by: Actor) -> FollowUp:
    """Another person is to do it, or nobody in particular."""
    before = follow_up.assignee_id
    follow_up.assignee = assignee
    follow_up.save(update_fields=["assignee"])
    tell(follow_up.customer_id)
    for whose in {before, follow_up.assignee_id}:
        _tell_lists(follow_up, whose)
    return follow_up


def _tell_lists(follow_up: FollowUp, assignee_id: UUID | None) -> None:
    """Let open lists of follow-ups read theirs again."""
    data = {"id": str(follow_up.id), "customer": str(follow_up.customer_id)}
    events.publish("follow_up", data, assignee_id=assignee_id)


def _tell(follow_up: FollowUp, at: datetime, by: Actor, **data: str) -> None:
    timeline.record(
        customer=follow_up.customer,
        kind=TimelineEntry.Kind.FOLLOW_UP,
        happened_at=at,
        object_id=follow_up.id,
        context_id=follow_up.context_id,
        actor_label=by.label,
        data={"title": follow_up.title, "reason": follow_up.reason, **data},
    )
    tell(follow_up.customer_id)
    _tell_lists(follow_up, follow_up.assignee_id)
