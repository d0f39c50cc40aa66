"""Reading ratings."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet

from conversations.models import Conversation
from feedback.models import Invitation, Response
from tenants import doors
from tenants.actors import Actor
from tenants.models import DirectoryEntry, Tenant

SATISFIED = 4  # from this rating on a customer counts as satisfied


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a breakdown: whose ratings, how many, and their mean from 1 to 5."""

    name: str
    count: int
    mean: float


@dataclass(frozen=True, slots=True)
class Summary:
    """A period's ratings."""

    asked: int
    answered: int
    mean: float | None
    satisfied: int  # answers of 4 and 5
    by_score: list[tuple[int, int]]  # 5 first
    by_agent: list[Line]
    by_channel: list[Line]

    @property
    def answer_rate(self) -> int | None:
        """Percent of those asked who answered."""
        return round(100 * self.answered / self.asked) if self.asked else None

    @property
    def satisfaction(self) -> int | None:
        """Percent of the answers that are 4 or 5."""
        return round(100 * self.satisfied / self.answered) if self.answered else None


def invitation_by_token(token: str) -> Invitation | None:
    """The invitation behind a rating link, if it is of the current business and still open."""
    door = doors.by_secret(DirectoryEntry.Kind.RATING, token)
    if door is None or door.tenant_id != Tenant.objects.get().pk:
        return None
    return (
        Invitation.objects.select_related("survey", "conversation", "customer")
        .filter(pk=door.target_id)
        .first()
    )


def responses_visible_to(actor: Actor) -> QuerySet[Response]:
    """Ratings of the conversations an actor may see."""
    seen = Conversation.objects.visible_to(actor).filter(pk=OuterRef("invitation__conversation_id"))
    responses = Response.objects.select_related("customer", "agent__user", "invitation")
    return responses if actor.sees == "all" else responses.filter(Exists(seen))


def summary(actor: Actor, *, since: datetime) -> Summary:
    """The ratings an actor may see since a moment, in a constant number of queries."""
    answers = responses_visible_to(actor).filter(created_at__gte=since).order_by()
    totals = answers.aggregate(
        answered=Count("id"), mean=Avg("score"), satisfied=Count("id", filter=Q(score__gte=SATISFIED))
    )
    asked = Invitation.objects.filter(created_at__gte=since)
    if actor.sees != "all":
        asked = asked.filter(
            Exists(Conversation.objects.visible_to(actor).filter(pk=OuterRef("conversation_id")))
        )
    scores = dict(answers.values_list("score").annotate(Count("id")))
    return Summary(
        asked=asked.count(),
        by_score=[(score, scores.get(score, 0)) for score in (5, 4, 3, 2, 1)],
        by_agent=_lines(answers, "agent__user__name"),
        by_channel=_lines(answers, "channel_kind"),
        **totals,
    )


def _lines(answers: QuerySet[Response], name: str) -> list[Line]:
    rows = answers.values_list(name).annotate(count=Count("id"), mean=Avg("score")).order_by("-count", name)
    return [Line(label or "", count, round(float(mean), 2)) for label, count, mean in rows[:20]]
