"""Who gets a conversation next."""

from django.db import connection
from django.db.models import Count, F, Q
from django.utils import timezone

from conversations.models import Conversation
from tenants.models import Membership, Tenant
from tenants.permissions import Role
from tenants.scoping import current_tenant_id


def next_in_turn(conversation: Conversation) -> Membership | None:
    """The available member whose turn is longest ago and who has room; of the team, if there is one.

    Turns are taken one at a time in a business, so that two conversations go to two people and nobody
    gets more than fits.
    """
    _lock_turns()
    takers = Membership.objects.filter(
        is_active=True, is_available=True, role__in=[Role.AGENT, Role.SUPERVISOR, Role.ADMIN, Role.OWNER]
    )
    if conversation.team_id:
        takers = takers.filter(team_links__team_id=conversation.team_id)
    loads = (
        Conversation.objects.filter(status=Conversation.Status.OPEN, assignee__isnull=False)
        .values("assignee_id")
        .annotate(load=Count("id"))
    )
    full = {row["assignee_id"]: row["load"] for row in loads}
    order = (
        takers.filter(~Q(role__in=[Role.ADMIN, Role.OWNER]) | Q(team_links__isnull=False))
        .order_by(F("last_assigned_at").asc(nulls_first=True), "id")
        .distinct()
    )
    for candidate in order:
        if full.get(candidate.id, 0) < candidate.capacity:
            Membership.objects.filter(pk=candidate.pk).update(last_assigned_at=timezone.now())
            return candidate
    return None


def _lock_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"turns:{current_tenant_id()}"]
        )


def assign_in_turn(conversation: Conversation, tenant: Tenant) -> Membership | None:
    """Give an unassigned conversation to the next in turn, where the business wants it so."""
    if conversation.assignee_id or tenant.assignment != Tenant.Assignment.ROUND_ROBIN:
        return None
    conversation.assignee = next_in_turn(conversation)
    return conversation.assignee
