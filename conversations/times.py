"""The clocks and promises of a conversation's episodes, as they stand now."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from conversations.actions.clocks import Hours, count_up
from conversations.models import Conversation, Episode, Goal

MOST = 20  # episodes, the latest first


@dataclass(frozen=True, slots=True)
class Times:
    """One episode: seconds by clock, in opening hours and on the wall; its promises."""

    episode: Episode
    goals: list[Goal]

    @property
    def rows(self) -> list[tuple[str, int, int, bool]]:
        """What each clock is called, its seconds in opening hours and on the wall, and whether it runs."""
        return [
            (
                str(clock.label),
                getattr(self.episode, f"{clock}_seconds"),
                getattr(self.episode, f"{clock}_elapsed"),
                self.episode.clock == clock,
            )
            for clock in Episode.Clock
        ]


def of_conversation(conversation: Conversation, now: datetime | None = None) -> list[Times]:
    """Its latest episodes with what the running clock counts by now, the newest first."""
    now, hours = now or timezone.now(), Hours()
    episodes = list(Episode.objects.filter(conversation=conversation).order_by("-number")[:MOST])
    goals = Goal.objects.filter(episode_id__any=[one.pk for one in episodes]).order_by("id")
    found: dict[object, list[Goal]] = {}
    for goal in goals.select_related("policy"):
        found.setdefault(goal.episode_id, []).append(goal)
    for episode in episodes:
        count_up(episode, now, hours)  # not saved: the clock runs on
    return [Times(episode, found.get(episode.pk, [])) for episode in episodes]
