"""What the composer says of a draft while it is being written, and the replies it proposes."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from conversations import queries
from conversations.actions import suggestions as acts
from conversations.actions.draft_check import check_draft, sounds
from conversations.workspace.views import panes
from tenants.decorators import requires
from tenants.kit.text import clean
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

MOST_SOUNDS = 2
"""More at once would be nagging."""


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
    heard = [] if is_note else sounds(conversation=conversation, text=text)[:MOST_SOUNDS]
    return render(request, "conversations/draft_check.html", {"findings": found, "sounds": heard})


@requires(Permission.CONVERSATIONS_WRITE)
@require_safe
def suggestions(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """Up to three replies proposed to the customer's last word; a piece for the composer."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    if not request.htmx:
        return panes.back_to(request, conversation)
    proposed = [
        {
            "one": one,
            "source": one.get_source_display(),
            "number": number,
            "outcome_url": burl(request, "conversations:suggestion-outcome", conversation.pk, one.pk),
        }
        for number, one in enumerate(acts.proposed(conversation), 1)
    ]
    return render(request, "conversations/suggestions.html", {"proposed": proposed})


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def suggestion_outcome(request: BusinessRequest, conversation_id: UUID, suggestion_id: UUID) -> HttpResponse:
    """Note that a proposal does not fit; it goes away."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    outcome = clean(request.POST.get("outcome", ""), 20)
    try:
        found = acts.decide(
            conversation=conversation, suggestion_id=suggestion_id, outcome=outcome, by=request.actor
        )
    except Refused as refusal:
        return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")
    if found is None:
        raise Http404
    return HttpResponse(status=204) if request.htmx else panes.back_to(request, conversation)
