"""What members take when conversations are assigned, and how teams share them out."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from conversations.actions import bells
from conversations.channels.registry import adapters
from conversations.models import WorkProfile
from crm.models import Label
from tenants import audit
from tenants.actors import Actor
from tenants.models import Membership, Team, Tenant
from tenants.refusals import Refused

FIELDS = ("weight", "languages", "channel_kinds", "label_ids", "most_priority", "most_amount")


def profile_of(membership: Membership) -> WorkProfile:
    """What a member takes; everything where nothing was said yet."""
    found: WorkProfile | None = WorkProfile.objects.filter(membership=membership).first()
    return found or WorkProfile(membership=membership)


@transaction.atomic
def set_work(*, membership: Membership, by: Actor, **changes: Any) -> WorkProfile:
    """Say what a member takes; what is not given stays.

    In: fields of `WorkProfile` that a form or serializer has checked. Raises `Refused` for a language, a
    kind of channel or a label that there is not.
    """
    Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    profile = profile_of(membership)
    for name in FIELDS:
        if name in changes:
            setattr(profile, name, changes[name])
    _check(profile)
    profile.save()
    audit.record("member.work_set", target=membership, by=by, name=membership.name)
    bells.assign_waiting()
    return profile


def _check(profile: WorkProfile) -> None:
    labels = {str(pk) for pk in Label.objects.values_list("pk", flat=True)}
    for name, known in (
        ("languages", set(dict(settings.LANGUAGES))),
        ("channel_kinds", set(adapters())),
        ("label_ids", labels),
    ):
        chosen = [str(one) for one in getattr(profile, name)]
        if set(chosen) - known:
            raise Refused(_("Choose among what there is."), name)
        setattr(profile, name, sorted(set(chosen)))


@transaction.atomic
def set_strategy(*, team: Team, assignment: str, by: Actor) -> Team:
    """Say how a team's conversations are assigned; "" follows the business."""
    if assignment not in {"", *Tenant.Assignment.values}:
        raise Refused(_("Choose among what there is."), "assignment")
    if team.assignment != assignment:
        team.assignment = assignment
        team.save(update_fields=["assignment"])
        audit.record("team.updated", target=team, by=by, name=team.name, assignment=assignment)
        bells.assign_waiting()
    return team
