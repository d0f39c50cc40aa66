"""Answer times, who takes what, and the clocks of what happened: what makes the live page live."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max

from config.demo.stage import Stage
from conversations.actions import sla, work
from conversations.actions.clocks import Hours, keep
from conversations.models import Channel, Conversation, Delivery, Episode, Goal, SlaPolicy
from tenants.actors import Actor
from tenants.models import Membership

POLICIES: list[dict[str, Any]] = [
    {"name": "VIP", "label": "VIP", "first_minutes": 30, "next_minutes": 60, "resolution_minutes": 480},
    {"name": "Chat", "channel_kind": "web", "first_minutes": 15, "next_minutes": 30},
    {"name": "Todos", "first_minutes": 240, "next_minutes": 480, "resolution_minutes": 2_400},
]
WORK: dict[str, dict[str, Any]] = {
    "diego": {"labels": ("Mayoreo",), "languages": ["es", "en"]},
    "paulina": {"channel_kinds": ["web", "email"], "weight": 80},
    "tono": {"labels": ("Garantía", "Taller"), "most_amount": 20_000},
}
AWAY = "paulina"


def furnish(stage: Stage, owner: Membership) -> None:
    """What the business promises and who takes what, then the clocks as they would have run."""
    by = Actor.of_membership(owner)
    for policy in POLICIES:
        fields = {**policy, "label": stage.labels.get(policy.get("label", ""))}
        sla.save_policy(policy=SlaPolicy(**fields), by=by)
    for key, takes in WORK.items():
        fields = dict(takes)
        names = fields.pop("labels", ())
        fields["label_ids"] = [str(stage.labels[name].pk) for name in names if name in stage.labels]
        work.set_work(membership=stage.members[key], by=by, **fields)
    stage.members[AWAY].is_available = False
    stage.members[AWAY].save(update_fields=["is_available"])
    hours = Hours()
    _past_clocks(hours)
    _open_clocks(hours, stage.clock.now)
    _signs(stage.clock.now)


def _past_clocks(hours: Hours) -> None:
    """Of what is over: it waited until the first answer, and was with a person from then on."""
    episodes = list(Episode.objects.filter(closed_at__isnull=False))
    for episode in episodes:
        answered = episode.first_answer_at or episode.closed_at
        assert answered is not None
        assert episode.closed_at is not None
        answered = min(answered, episode.closed_at)
        _count(episode, "waiting", episode.opened_at, answered, hours)
        _count(episode, "human", answered, episode.closed_at, hours)
    names = [f"{clock}_{unit}" for clock in ("waiting", "human") for unit in ("seconds", "elapsed")]
    Episode.objects.bulk_update(episodes, names)


def _count(episode: Episode, clock: str, since: datetime, until: datetime, hours: Hours) -> None:
    setattr(episode, f"{clock}_seconds", hours.between(since, until))
    setattr(episode, f"{clock}_elapsed", hours.between(since, until, around_the_clock=True))


def _open_clocks(hours: Hours, now: datetime) -> None:
    """Of what is open: clocks run since the customer waits, and what was due before now was missed."""
    for conversation in Conversation.objects.active().select_related("channel"):
        keep(conversation, times=hours)
        since = conversation.waiting_since or conversation.last_message_at
        Episode.objects.filter(conversation=conversation).exclude(clock="").update(clock_since=since)
    for goal in Goal.objects.running().filter(due_at__lte=now):
        goal.missed_at = goal.due_at
        goal.save(update_fields=["missed_at"])


def _signs(now: datetime) -> None:
    """When each channel last brought something and last sent something."""
    brought = (
        Conversation.objects.order_by()
        .values_list("channel_id")
        .annotate(count=Count("pk"), last=Max("last_inbound_at"))
    )
    sent = dict(Delivery.objects.order_by().values_list("channel_id").annotate(last=Max("settled_at")))
    for channel, _count_of, last in brought:
        Channel.objects.filter(pk=channel).update(
            last_event_at=last and min(last, now), last_sent_at=sent.get(channel)
        )
    mail = Channel.objects.filter(kind="email")
    mail.update(token_expires_at=now + timedelta(days=5))
