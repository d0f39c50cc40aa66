"""What becomes of the conversations of somebody who no longer answers."""

from uuid import UUID

from django.db import transaction

from conversations.actions.assignment import assign_in_turn, told
from conversations.actions.conversations import announce_loss, record
from conversations.actions.messages import lock
from conversations.models import Conversation
from tenants.actors import Actor
from tenants.models import Membership, Tenant
from tenants.permissions import ROLES, Permission
from tenants.scoping import tenant_scope


def may_answer(membership: Membership) -> bool:
    """Whether a member is here and his role answers customers."""
    return membership.is_active and Permission.CONVERSATIONS_WRITE in ROLES[membership.role]


def release_member(tenant_id: UUID | str, membership_id: UUID | str) -> int:
    """Give back what is not closed and belongs to a member who may not answer; returns how many.

    Commits one conversation after the other, in the order of locks that `receive` keeps: nobody who
    writes meanwhile waits for more than one of them. Harmless when run again.
    """
    with tenant_scope(tenant_id):
        member = Membership.objects.filter(pk=membership_id).first()
        if member is None or may_answer(member):
            return 0
        held = list(
            Conversation.objects.active()
            .filter(assignee=member)
            .order_by("waiting_since", "id")
            .values_list("pk", flat=True)
        )
    released = 0
    for conversation_id in held:
        with tenant_scope(tenant_id):
            released += _release(conversation_id, member)
    return released


@transaction.atomic
def _release(conversation_id: UUID, member: Membership) -> bool:
    """Back to the queue, or to the next in turn where the business wants it so."""
    conversation = lock(conversation_id)
    if conversation.assignee_id != member.pk or conversation.is_closed:
        return False
    by = Actor.system()
    conversation.assignee = None
    taker = None
    if conversation.status == Conversation.Status.OPEN:  # the others wait for the customer, who brings a turn
        taker = assign_in_turn(conversation, Tenant.objects.get())
    conversation.save(update_fields=["assignee"])
    record(conversation, "released", by, to=member.name)
    if taker:
        record(conversation, "assigned", by, **told(taker))
    announce_loss(conversation, assignee_id=member.pk)
    return True
