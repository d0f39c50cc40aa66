"""Public comments in a conversation: answered below the post or privately, hidden and shown again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations import queries
from conversations.actions.comments import answer_comment, hide_comment
from conversations.models import Conversation, Message
from conversations.workspace.forms import uuid_or_none
from conversations.workspace.views import panes
from tenants.decorators import get_or_404, requires
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def answer(request: BusinessRequest, message_id: UUID) -> HttpResponse:
    """Answer a comment; the button that was pressed says whether everybody sees it."""
    comment = _comment(request, message_id)
    conversation = queries.conversation_or_404(comment.conversation_id, request.actor)
    try:
        answer_comment(
            comment=comment,
            text=request.POST.get("text", ""),
            mode=request.POST.get("mode", ""),
            by=request.actor,
            client_id=uuid_or_none(request.POST.get("client_id")),
        )
    except Refused as error:
        return _refused(request, conversation, str(error))
    return _done(request, conversation, comment, _("Your answer is on its way."))


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def visibility(request: BusinessRequest, message_id: UUID) -> HttpResponse:
    """Hide a comment, or with `hidden` of 0 show it again."""
    comment = _comment(request, message_id)
    conversation = queries.conversation_or_404(comment.conversation_id, request.actor)
    hidden = request.POST.get("hidden") == "1"
    try:
        hide_comment(comment=comment, hidden=hidden, by=request.actor)
    except Refused as error:
        return _refused(request, conversation, str(error))
    said = _("The comment is being hidden.") if hidden else _("The comment is being shown again.")
    return _done(request, conversation, comment, said)


def _comment(request: BusinessRequest, message_id: UUID) -> Message:
    visible = Message.objects.filter(conversation__in=queries.visible_to(request.actor))
    carried = visible.select_related("conversation__channel", "came_by")
    comment: Message = get_or_404(carried, message_id)
    return comment


def _refused(request: BusinessRequest, conversation: Conversation, sentence: str) -> HttpResponse:
    if request.htmx:
        return HttpResponse(sentence, status=422, content_type="text/plain; charset=utf-8")
    messages.error(request, sentence)
    return panes.back_to(request, conversation)


def _done(request: BusinessRequest, conversation: Conversation, comment: Message, said: str) -> HttpResponse:
    if request.htmx:
        fresh = queries.conversation_or_404(conversation.pk, request.actor)
        return panes.updates_response(request, fresh, uuid_or_none(request.POST.get("after")), [comment.pk])
    messages.success(request, said)
    return panes.back_to(request, conversation)
