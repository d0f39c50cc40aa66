"""Signs of life: who is at a conversation, and who is writing."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from conversations import queries
from conversations.actions import notifications, receipts
from conversations.workspace import presence
from tenants.decorators import requires
from tenants.kit.events import publish
from tenants.permissions import Permission
from tenants.requests import BusinessRequest


@requires(Permission.CONVERSATIONS_READ)
@require_http_methods(["GET", "POST"])
def present(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """GET shows who else is there. POST says "I am here", with `typing=1`, or `leaving=1`."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    if request.method == "POST":
        typing = request.POST.get("typing") == "1"
        leaving = request.POST.get("leaving") == "1"
        news = (
            presence.leave(conversation.pk, request.membership)
            if leaving
            else presence.sign(conversation.pk, request.membership, typing=typing)
        )
        if news and not leaving:
            notifications.seen(membership_id=request.membership.pk, conversation_id=conversation.pk)
        if news:
            presence.tell(conversation.pk, team_id=conversation.team_id, assignee_id=conversation.assignee_id)
        if typing and request.POST.get("kind") == "reply":
            _tell_visitor(request, conversation_id, conversation.customer_id)
            receipts.ring(receipts.TYPING, conversation)
    others = presence.others_at(conversation.pk, request.membership)
    return render(request, "conversations/presence.html", {"present": others})


def _tell_visitor(request: BusinessRequest, conversation_id: UUID, customer_id: UUID) -> None:
    """Let the customer see that somebody answers."""
    publish(
        "agent_typing",
        {"conversation": str(conversation_id), "name": request.membership.name.split(" ")[0]},
        visitor=customer_id,
        audience="visitor",
    )
