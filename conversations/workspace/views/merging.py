"""Putting a customer's conversations together, taking one apart, and taking that back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations import queries
from conversations.actions import merging
from conversations.models import Conversation, ConversationMerge, Message
from conversations.workspace.forms import uuid_or_none
from tenants.decorators import get_or_404, requires
from tenants.kit.undo import Undo, offer
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

SHOWN = 60  # messages one can choose from


@requires(Permission.CONVERSATIONS_WRITE)
@require_safe
def together(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """The other conversations of the customer, the ways replies can go, the messages, what can be undone."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    others = queries.visible_to(request.actor).filter(customer_id=conversation.customer_id)
    said = Message.objects.filter(conversation=conversation).exclude(kind=Message.Kind.EVENT)
    seen = Conversation.objects.within(request.actor).values("pk")
    made = merging.undoable(conversation).filter(source__in=seen, target__in=seen)
    context = {
        "conversation": conversation,
        "others": others.exclude(pk=conversation.pk).select_related("channel").newest_first()[:20],
        "ways": merging.ways_of(conversation),
        "way": conversation.answers_by_id or conversation.pk,
        "said": list(said.order_by("-id")[:SHOWN])[::-1],
        "made": made[:20],
    }
    return render(request, "conversations/together.html", context)


def changing(change: Callable[[BusinessRequest, Conversation], Conversation | HttpResponse]) -> Any:
    """A view that changes a conversation and opens what the change returns; what is refused is said."""

    @requires(Permission.CONVERSATIONS_WRITE)
    @require_POST
    def view(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
        conversation = queries.conversation_or_404(conversation_id, request.actor)
        try:
            done = change(request, conversation)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(burl(request, "conversations:together", conversation_id))
        if isinstance(done, HttpResponse):
            return done
        return redirect(burl(request, "conversations:thread", done.pk))

    view.__name__, view.__doc__ = change.__name__, change.__doc__
    return view


@changing
def merging_here(request: BusinessRequest, conversation: Conversation) -> HttpResponse:
    """Put the conversation named by `source` into this one."""
    source = _other(request, conversation, request.POST.get("source"))
    made = merging.merge(
        source=source,
        target=conversation,
        by=request.actor,
        answer_by_source=request.POST.get("answer") == "source",
    )
    response = redirect(burl(request, "conversations:thread", conversation.pk))
    undo = Undo(_("Put together."), burl(request, "conversations:merge-undoing", made.pk))
    return offer(request, response, undo)


def _other(request: BusinessRequest, conversation: Conversation, given: str | None) -> Conversation:
    chosen = uuid_or_none(given)
    found = queries.visible_to(request.actor).filter(pk=chosen).first() if chosen else None
    if found is None:
        raise Refused(_("This conversation is no longer there. Choose another."))
    return found  # type: ignore[no-any-return]


@changing
def splitting(request: BusinessRequest, conversation: Conversation) -> HttpResponse:
    """Make a new conversation out of the messages named, or of all from `since` on."""
    chosen = [one for one in map(uuid_or_none, request.POST.getlist("message")[:1_000]) if one]
    since = uuid_or_none(request.POST.get("since"))
    made = merging.split(conversation=conversation, messages=chosen, since=since, by=request.actor)
    response = redirect(burl(request, "conversations:thread", made.target_id))
    undo = Undo(
        _("This is a conversation of its own now."), burl(request, "conversations:merge-undoing", made.pk)
    )
    return offer(request, response, undo)


@changing
def way(request: BusinessRequest, conversation: Conversation) -> Conversation:
    """Let replies go by the channel and address of one that was merged here, or by the own again."""
    chosen = uuid_or_none(request.POST.get("way"))
    found = Conversation.objects.within(request.actor).filter(pk=chosen).first() if chosen else None
    if found is None:
        raise Refused(_("Replies can only go where one of these conversations was."))
    return merging.answer_by(conversation=conversation, way=found, by=request.actor)


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def merge_undoing(request: BusinessRequest, merge_id: UUID) -> HttpResponse:
    """Put both back as they were."""
    seen = Conversation.objects.within(request.actor).values("pk")
    made = get_or_404(ConversationMerge.objects.filter(source__in=seen, target__in=seen), merge_id)
    try:
        apart = merging.undo(made=made, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        apart = made.target
    else:
        messages.success(request, _("Undone."))
    return redirect(burl(request, "conversations:thread", apart.pk))
