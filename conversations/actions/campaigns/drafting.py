"""A campaign as it is put together: what stands in it, its letters, a copy of an earlier one."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from conversations import gate
from conversations.actions.campaigns import steering
from conversations.models import Campaign, Channel, MessageTemplate, Variant
from crm.models import Purpose, Segment
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.refusals import Refused

State = Campaign.State
LETTERS = "ABCD"
MOST_SEGMENTS = 20
FIELDS = (
    "name",
    "purpose",
    "include",
    "exclude",
    "channels",
    "starts_at",
    "in_their_zone",
    "per_minute",
    "test",
    "test_percent",
    "hold_out_percent",
)


@transaction.atomic
def create(*, by: Actor, letters: Iterable[Mapping[str, Any]] = (), **fields: Any) -> Campaign:
    """A new draft. Raises `Refused` for what cannot be."""
    campaign = Campaign(made_by_label=by.label[:150])
    _put(campaign, fields)
    campaign.save()
    _write_letters(campaign, letters)
    audit.record("campaign.created", target=campaign, by=by)
    steering.tell(campaign)
    return campaign


@transaction.atomic
def change(
    *, campaign: Campaign, by: Actor, letters: Iterable[Mapping[str, Any]] | None = None, **fields: Any
) -> Campaign:
    """Change a draft; what is not given stays. Raises `Refused`, `NotNow` for what has been sent off."""
    campaign = steering.in_state(campaign, State.DRAFT)
    _put(campaign, fields)
    campaign.save()
    if letters is not None:
        _write_letters(campaign, letters)
    audit.record("campaign.changed", target=campaign, by=by, fields=sorted(fields))
    steering.tell(campaign)
    return campaign


@transaction.atomic
def duplicate(*, campaign: Campaign, by: Actor) -> Campaign:
    """A draft with what stands in a campaign; its letters take the latest versions, its start is open."""
    given = {name: getattr(campaign, name) for name in FIELDS}
    given["name"] = one_line(_("%(name)s (copy)") % {"name": campaign.name}, 120)
    given["starts_at"] = None
    copy = Campaign(made_by_label=by.label[:150], **given)
    copy.save()
    for one in Variant.objects.filter(campaign=campaign).order_by("letter"):
        Variant.objects.create(
            campaign=copy, letter=one.letter, template_id=one.template_id, hour=one.hour, channel=one.channel
        )
    audit.record("campaign.created", target=copy, by=by, of=str(campaign.pk))
    steering.tell(copy)
    return copy


@transaction.atomic
def delete(*, campaign: Campaign, by: Actor) -> None:
    """Drop a draft; what went out stays."""
    campaign = steering.in_state(campaign, State.DRAFT)
    audit.record("campaign.deleted", target=campaign, by=by, name=campaign.name)
    campaign.delete()


def _put(campaign: Campaign, fields: Mapping[str, Any]) -> None:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"a campaign has no {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        setattr(campaign, name, value)
    campaign.name = one_line(campaign.name, 120)
    if not campaign.name:
        raise Refused(_("Give it a name."), "name")
    if "starts_at" in fields:
        steering.check_start(campaign.starts_at)
    if campaign.purpose not in Purpose:
        raise Refused(_("Choose what it is for."), "purpose")
    if campaign.test not in Campaign.Test:
        raise Refused(_("There is no such test."), "test")
    for name, most in (("test_percent", 100), ("hold_out_percent", 50)):
        if not 0 <= getattr(campaign, name) <= most:
            raise Refused(_("Give a share from 0 to %(most)s.") % {"most": most}, name)
    if campaign.per_minute is not None and not 1 <= campaign.per_minute <= 100_000:
        raise Refused(_("Give a pace from 1 to 100,000 a minute, or none."), "per_minute")
    for name in ("include", "exclude"):
        setattr(campaign, name, _known(Segment.objects.standing(), getattr(campaign, name), name))
    campaign.channels = _known(Channel.objects.all(), campaign.channels, "channels")
    for channel in Channel.objects.filter(pk__in=campaign.channels):
        if not gate.reaches(channel):
            said = _("Nobody can be written to first on “%(name)s”. Choose another channel.")
            raise Refused(said % {"name": channel.name}, "channels")


def _known(rows: Any, ids: Iterable[UUID], field: str) -> list[UUID]:
    """The identifiers in their order, each once. Raises `Refused` for one that is none of ours."""
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MOST_SEGMENTS:
        raise Refused(_("Choose at most %(most)s.") % {"most": MOST_SEGMENTS}, field)
    if rows.filter(pk__in=wanted).count() != len(wanted):
        raise Refused(_("One of these is not there any more. Choose again."), field)
    return wanted


def _write_letters(campaign: Campaign, letters: Iterable[Mapping[str, Any]]) -> None:
    """The letters of a draft in place of those it had."""
    given = list(letters)
    if len(given) > len(LETTERS):
        raise Refused(_("A test has at most %(most)s letters.") % {"most": len(LETTERS)}, "letters")
    Variant.objects.filter(campaign=campaign).delete()
    for letter, one in zip(LETTERS, given, strict=False):
        template = MessageTemplate.objects.kept().filter(pk=one.get("template")).first()
        if template is None:
            raise Refused(_("Choose a template."), "letters")
        hour, channel = one.get("hour"), one.get("channel")
        if hour is not None and not isinstance(hour, time):
            raise Refused(_("Give an hour such as 10:30."), "letters")
        if channel is not None and channel not in campaign.channels:
            raise Refused(_("Choose one of the channels of the campaign."), "letters")
        Variant.objects.create(
            campaign=campaign, letter=letter, template=template, hour=hour, channel_id=channel
        )
