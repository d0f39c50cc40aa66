"""Whom a note can speak to."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations import queries
from conversations.actions import mentions
from tenants.decorators import requires
from tenants.permissions import Permission
from tenants.requests import BusinessRequest


@requires(Permission.CONVERSATIONS_WRITE)
@require_safe
def mention_choices(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """Colleagues and teams, for the list that an at sign opens; who cannot see the conversation is marked."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    found = mentions.mentionable(conversation, request.actor)
    return render(request, "conversations/mention_choices.html", {"choices": found})
