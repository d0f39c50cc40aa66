"""A campaign's texts filled in for everybody who would get it, by a worker, before anything is sent.

What is found stands in Valkey for a while: it is true of a moment, and asked anew when the campaign changes.
"""

import json
from time import monotonic
from typing import Any
from uuid import UUID

import redis
from celery import current_app
from django.utils import timezone

from conversations import personalising
from conversations.actions.campaigns import foreseeing, freezing, pieces
from conversations.consent import medium_of
from conversations.models import Campaign, Channel, Variant
from conversations.personalising import Empty, NotWritten
from tenants.kit import valkey
from tenants.kit.tasks import ring_once
from tenants.models import Tenant
from tenants.refusals import Refused
from tenants.scoping import current_tenant_id

KEPT = 3_600  # seconds
AT_ONCE = 2_000
LONGEST = 15.0  # seconds a task reads before it makes room for others
SHOWN = 20  # people named of each kind
State = dict[str, Any]


def _key(campaign_id: UUID) -> str:
    return valkey.key(current_tenant_id(), "campaign-reading", str(campaign_id))


def state_of(campaign: Campaign) -> State | None:
    """What was found so far; None where nobody asked since it was changed, or Valkey is away."""
    try:
        kept = valkey.client().get(_key(campaign.pk))
    except redis.RedisError:
        return None
    found: State | None = json.loads(kept) if isinstance(kept, str) else None
    return found if found and found["of"] == campaign.updated_at.isoformat() else None


def begin(campaign: Campaign) -> State | None:
    """Let a worker read it, unless it was read as it stands or was sent off; returns what is known."""
    known = state_of(campaign)
    if known or campaign.state not in (Campaign.State.DRAFT, Campaign.State.WAITING):
        return known
    found = {
        "of": campaign.updated_at.isoformat(),
        "campaign": str(campaign.pk),
        "after": "",
        "seen": 0,
        "nothing": 0,
        "empty": {},
        "done": False,
    }
    if not _keep(campaign.pk, found):
        return None
    valkey.client().sadd(_line(), str(campaign.pk))
    ring_once(current_app.tasks["conversations.campaign_reading_tasks.read_campaign"], campaign.tenant_id)
    return found


def _line() -> str:
    return valkey.key(current_tenant_id(), "campaigns-to-read")


def _keep(campaign_id: UUID, found: State) -> bool:
    try:
        valkey.client().set(_key(campaign_id), json.dumps(found), ex=KEPT)
    except redis.RedisError:
        return False
    return True


def read_on() -> bool:
    """Read some of what was asked for; whether there is more. Harmless twice."""
    until = monotonic() + LONGEST
    while monotonic() < until:
        waiting: Any = valkey.client().srandmember(_line())
        if waiting is None:
            return False
        campaign = Campaign.objects.filter(pk=waiting).first()
        found = state_of(campaign) if campaign else None
        if campaign is None or found is None or found["done"] or _step(campaign, found):
            valkey.client().srem(_line(), waiting)
    return True


def _step(campaign: Campaign, found: State) -> bool:
    """The next of its people; whether they were the last."""
    try:
        people = freezing.audience_of(campaign).customers.order_by("-pk")
        if found["after"]:
            people = people.filter(pk__lt=found["after"])
        ids = list(people.values_list("pk", flat=True)[:AT_ONCE])
        page = foreseeing.people(campaign, "", at=timezone.now(), limit=len(ids), among=ids) if ids else None
        if page:
            _read(campaign, page.items, found)
    except (Refused, foreseeing.TooLate) as problem:
        found["problem"] = str(problem)
        ids = []
    found["after"] = str(ids[-1]) if ids else ""
    found["done"] = len(ids) < AT_ONCE
    _keep(campaign.pk, found)
    return bool(found["done"])


def _read(campaign: Campaign, some: list[foreseeing.Meant], found: State) -> None:
    """Fill every letter in for each of some people, and count who would get nothing."""
    home = Tenant.objects.get().language
    media = {one.pk: medium_of(one) for one in Channel.objects.filter(pk__in=campaign.channels)}
    known, letters = pieces.Pieces(), list(Variant.objects.filter(campaign=campaign))
    his: dict[UUID, list[personalising.Piece]] = {}
    for one in some:
        medium = media.get(one.channel, "") if one.channel else ""
        said = (known.of(letter, medium, one.language or home) for letter in letters)
        his[one.customer] = [piece for piece in said if piece]
        found["seen"] += 1
        found["nothing"] += len(his[one.customer]) < len(letters)
    names = {name for mine in his.values() for piece in mine for name in piece.names}
    values = personalising.values_for(list(his), names)
    for customer, mine in his.items():
        for piece in mine:
            try:
                piece.render(values[customer])
            except NotWritten as lacks:
                name = lacks.name if isinstance(lacks, Empty) else ""
                count, who = found["empty"].get(name, [0, []])
                found["empty"][name] = [count + 1, [*who, str(customer)][:SHOWN]]
                break
