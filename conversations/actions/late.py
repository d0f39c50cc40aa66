"""Late assignment: what waited until somebody had room."""

from uuid import UUID

from conversations.actions.assignment import assign_in_turn, could_be_given, told
from conversations.actions.conversations import record
from conversations.models import Conversation
from tenants.actors import Actor
from tenants.models import Tenant
from tenants.scoping import tenant_scope


def assign_waiting(tenant_id: UUID | str) -> int:
    """Give what waits to whoever has room, the most urgent and oldest first; returns how many.

    Commits one after the other, in the order of locks that `receive` keeps: the conversation, then the
    turns. Harmless when run twice or in parallel.
    """
    with tenant_scope(tenant_id):
        hopeful = could_be_given(Tenant.objects.get())
    given = 0
    for conversation_id in hopeful:
        with tenant_scope(tenant_id):
            given += _give(conversation_id)
    return given


def _give(conversation_id: UUID) -> bool:
    rows = Conversation.objects.select_for_update(of=("self",), skip_locked=True)
    conversation = rows.filter(pk=conversation_id, status=Conversation.Status.OPEN, assignee=None).first()
    if conversation is None:
        return False
    choice = assign_in_turn(conversation, Tenant.objects.get(), late=True)
    if choice is None:
        return False
    conversation.save(update_fields=["assignee", "declined_by"])
    record(conversation, "assigned", Actor.system(), **told(choice))
    return True
