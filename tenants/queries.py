"""What the pages of people and settings read, each in a constant number of queries."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet
from django.utils import timezone

from tenants.db.prepared import prepared
from tenants.models import ApiKey, AuditEvent, Invite, Membership, SpecialDay, Team, TeamMember, Tenant

AUDIT_PAGE = 50


def own() -> Tenant:
    """The business of the open scope."""
    return _own()[0]


@prepared(Tenant)
def _own() -> QuerySet[Tenant]:
    return Tenant.objects.all()


def members() -> QuerySet[Membership]:
    """Everybody who is or was in the business, those with access first, with their teams."""
    links = Prefetch("team_links", TeamMember.objects.select_related("team").order_by("team__name"))
    return Membership.objects.prefetch_related(links).order_by("-is_active", "user__name", "id")


def waiting_invites() -> QuerySet[Invite]:
    """Invitations nobody has used yet, also those whose time has passed."""
    return Invite.objects.filter(accepted_at=None, revoked_at=None).select_related("team").order_by("-id")


def teams() -> QuerySet[Team]:
    """Teams with the people in them who have access."""
    links = TeamMember.objects.filter(membership__is_active=True).select_related("membership__user")
    return Team.objects.prefetch_related(Prefetch("links", links.order_by("membership__user__name")))


def api_keys() -> QuerySet[ApiKey]:
    """Keys that work first, the newest on top."""
    return ApiKey.objects.select_related("created_by__user").order_by(
        F("revoked_at").desc(nulls_first=True), "-id"
    )


def special_days() -> QuerySet[SpecialDay]:
    """Days of their own from yesterday on: yesterday's may still run past midnight."""
    return SpecialDay.objects.filter(date__gte=timezone.localdate() - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of the trail and the cursors of its neighbours."""

    events: list[AuditEvent]
    older: UUID | None
    newer: UUID | None


def audit_page(
    *,
    person: Membership | None = None,
    action: str = "",
    before: UUID | None = None,
    after: UUID | None = None,
) -> AuditPage:
    """One page of the trail, newest first; `before` and `after` are ids of events at its edge."""
    found = AuditEvent.objects.select_related("actor__user")
    if person is not None:
        found = found.filter(actor=person)
    if action:
        found = found.filter(action=action)
    if after is not None:
        rows = list(found.filter(id__gt=after).order_by("id")[: AUDIT_PAGE + 1])
        more = len(rows) > AUDIT_PAGE
        events = rows[:AUDIT_PAGE][::-1]
        return AuditPage(events, events[-1].id if events else None, events[0].id if more else None)
    if before is not None:
        found = found.filter(id__lt=before)
    rows = list(found.order_by("-id")[: AUDIT_PAGE + 1])
    events = rows[:AUDIT_PAGE]
    older = events[-1].id if len(rows) > AUDIT_PAGE else None
    return AuditPage(events, older, events[0].id if before is not None and events else None)
