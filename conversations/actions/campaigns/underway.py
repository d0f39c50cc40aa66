"""A campaign's messages that lie in the outbox: how many at once, and what is asked before each goes.

What may not go any more, or not now, is taken out, and his line says so: left out with the reason, or
waiting for his turn, on which the same message goes back into the outbox. So nobody gets it twice.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from conversations import gate, right_time
from conversations.actions.campaigns.claiming import leave_out
from conversations.actions.last_question import WAITS, Withheld
from conversations.channels.registry import adapter_for
from conversations.consent import may_send
from conversations.his_hour import his_hour
from conversations.left_out import CANCELLED, ERASED, SENTENCES
from conversations.models import Campaign, Channel, Delivery, Recipient, Variant
from crm.models import Purpose
from tenants.queries import own

AHEAD = 30  # seconds of a channel's rate that may lie in the outbox
USUAL_RATE = 10.0  # messages a second of a channel that names no rate
LATER = timedelta(minutes=5)
PAUSED = gettext_noop("The campaign was paused. It goes out when the campaign goes on.")
State = Recipient.State


# --- how many at once ---


def ways(campaign: Campaign) -> list[Channel]:
    """The channels its people are written to on."""
    lettered = Variant.objects.filter(campaign=campaign, channel__isnull=False).values("channel")
    return list(Channel.objects.filter(Q(pk__in=campaign.channels) | Q(pk__in=lettered)))


def full(campaign: Campaign, channels: Sequence[Channel]) -> list[UUID]:
    """The vendors' channels for which enough of its messages lie in the outbox. No query for mail alone."""
    room = {one.pk: _room(one) for one in channels if one.kind != "email"}
    if not room:
        return []
    lying = Recipient.objects.filter(campaign=campaign, state=State.SENDING, channel__in=list(room))
    counts = lying.order_by().values_list("channel_id").annotate(count=Count("pk"))
    return [pk for pk, count in counts if count >= room[pk]]


def _room(channel: Channel) -> int:
    return round(AHEAD * (adapter_for(channel.kind).capabilities.rate or USUAL_RATE))


def obstacle(campaign: Campaign, at: datetime) -> str:
    """Why nobody can get it now, by a code of `Campaign.Braked`; "" for nothing."""
    if _has_dead_way(campaign, ways(campaign), at):
        return str(Campaign.Braked.CHANNEL)
    tenant = own()
    hours = right_time.hours_of(gate.policy(), tenant)
    try:
        right_time.next_allowed(at, tenant.zone, hours, promotion=campaign.purpose != Purpose.SERVICE)
    except right_time.NeverAllowed:
        return str(Campaign.Braked.HOURS)
    return ""


def _has_dead_way(campaign: Campaign, channels: Collection[Channel], at: datetime) -> bool:
    """Whether somebody waits for it on a channel that is switched off or does not work."""
    dead = [one.pk for one in channels if not one.is_active or _is_broken(one, at)]
    if not dead:
        return False
    waiting = Recipient.objects.waiting().filter(campaign=campaign, channel=OuterRef("pk"))
    return bool(Channel.objects.filter(Exists(waiting), pk__in=dead).exists())


def _is_broken(channel: Channel, at: datetime) -> bool:
    """Red, and no message is to try again yet."""
    return bool(channel.problem) and (channel.paused_until is None or channel.paused_until > at)


# --- before each goes ---


def ask(delivery: Delivery) -> None:
    """Raise `Withheld` where a campaign's message may not go now."""
    row = Recipient.objects.select_related("campaign").filter(message=delivery.message_id).first()
    if row is None:
        return
    now, state = timezone.now(), row.campaign.state
    if state not in (Campaign.State.SENDING, Campaign.State.DONE, Campaign.State.CANCELLED):
        raise Withheld(PAUSED, then=partial(_wait, row, now))
    why = CANCELLED if state == Campaign.State.CANCELLED else _against(row, delivery, now)
    if why:
        raise Withheld(SENTENCES[why], then=partial(leave_out, [row.pk], why))
    try:
        moment = his_hour(row.customer_id, now, promotion=row.campaign.purpose != Purpose.SERVICE)
    except right_time.NeverAllowed:
        moment = now + LATER  # the campaign will have stopped by then
    if moment > now:
        raise Withheld(WAITS, then=partial(_wait, row, moment))


def _against(row: Recipient, delivery: Delivery, at: datetime) -> str:
    """Why he does not get it after all, by a code of left_out.py; "" for nothing."""
    if row.customer_id is None:
        return ERASED
    verdict = may_send(delivery.message.conversation, delivery.purpose)
    if not verdict.allowed:
        return str(verdict.reason)
    people = [row.customer_id]
    spared = gate.judge(people, purpose=row.campaign.purpose, at=at, besides=row.campaign_id)
    return spared.get(row.customer_id, "")


def _wait(row: Recipient, until: datetime) -> None:
    """He waits for his turn again, and his campaign goes on for him if it was over."""
    Recipient.objects.filter(pk=row.pk).update(
        state=State.WAITING,
        reason="",
        detail="",
        due_at=until,
        calling_at=None,
        attempt_id=None,
        lease_until=None,
    )
    Campaign.objects.filter(pk=row.campaign_id, state=Campaign.State.DONE).update(
        state=Campaign.State.SENDING, finished_at=None, due_at=timezone.now()
    )
