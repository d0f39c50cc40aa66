"""What the composer says of a draft while it is being written."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from conversations import queries
from conversations.actions.draft_check import check_draft
from conversations.workspace.views import panes
from tenants.decorators import requires
from tenants.kit.text import clean
from tenants.permissions import Permission
from tenants.requests import BusinessRequest


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def draft_check(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """What a reply asks for that is known already: a line under the text, or nothing."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    if not request.htmx:
        return panes.back_to(request, conversation)
    text = clean(request.POST.get("text", ""), 50_000)
    is_note = request.POST.get("kind") == "note"
    found = [] if is_note else check_draft(conversation=conversation, text=text, by=request.actor)
    return render(request, "conversations/draft_check.html", {"findings": found})
