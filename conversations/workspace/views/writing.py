"""Replies, notes, drafts, canned replies: everything typed into the composer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from conversations import canned, knowledge, queries
from conversations.actions import conversations as acts
from conversations.actions import mentions
from conversations.actions.drafts import save_draft
from conversations.actions.messages import AnsweredMeanwhile, CannotSend, add_note, send_reply
from conversations.bot.commitments import commitment_in
from conversations.channels.registry import adapter_for
from conversations.models import ArticleVersion, CannedReply, Conversation
from conversations.workspace import presence
from conversations.workspace.composing import given_in
from conversations.workspace.forms import DraftForm, ReplyForm, files_of, uuid_or_none
from conversations.workspace.views import later, panes
from tenants.decorators import requires
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest

MOST_ANSWERS = 200  # in the composer's picker


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def replies(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """Answer the customer. What the composer marks as a note stays a note."""
    return _write(request, conversation_id, as_note=request.POST.get("kind") == "note")


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def notes(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """A note among colleagues."""
    return _write(request, conversation_id, as_note=True)


def _write(request: BusinessRequest, conversation_id: UUID, *, as_note: bool) -> HttpResponse:
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _refused(request, conversation, form, _("This could not be read. Load the page again."))
    try:
        _send(request, conversation, form.cleaned_data, as_note=as_note)
    except AnsweredMeanwhile as answered:
        return _answered(request, conversation, form, answered)
    except Refused as error:
        return _refused(request, conversation, form, str(error))
    if form.cleaned_data["then"] == "close" and not as_note:
        acts.close(conversation=conversation, by=request.actor)
    if presence.sign(conversation.pk, request.membership, typing=False):
        presence.tell(conversation.pk, team_id=conversation.team_id, assignee_id=conversation.assignee_id)
    if request.htmx:
        fresh = queries.conversation_or_404(conversation.pk, request.actor)
        is_sent = not as_note and not request.POST.get("send_at")
        offer = commitment_in(form.cleaned_data["text"], timezone.localtime()) if is_sent else None
        return panes.updates_response(request, fresh, form.cleaned_data["after"], offer=offer)
    return panes.back_to(request, conversation)


def _send(
    request: BusinessRequest, conversation: Conversation, data: dict[str, Any], *, as_note: bool
) -> None:
    uploads = request.FILES.getlist("files")
    _check_size(conversation, sum(upload.size or 0 for upload in uploads))
    common = {
        "conversation": conversation,
        "text": data["text"],
        "by": request.actor,
        "client_id": data["client_id"],
        "files": files_of(uploads),
    }
    if as_note:
        chosen = [one for one in map(uuid_or_none, request.POST.getlist("mention")) if one]
        add_note(**common, mentions=mentions.find(data["text"], chosen=chosen))
    elif request.POST.get("send_at"):
        later.plan(request, **common, data=given_in(request.POST))
    else:
        seen = None if data["anyway"] else data["seen"]
        send_reply(**common, seen=seen, data=given_in(request.POST))


def _check_size(conversation: Conversation, size: int) -> None:
    """Refuse before reading what the channel would refuse after."""
    limit = adapter_for(conversation.way.channel.kind).capabilities.attachment_limit
    if size > limit:
        raise CannotSend(
            _("The files are too large: together at most %(limit)s MB.") % {"limit": limit // 1_000_000}
        )


def _refused(
    request: BusinessRequest, conversation: Conversation, form: ReplyForm, sentence: str
) -> HttpResponse:
    """The sentence beside the text, which stays."""
    if request.htmx:
        return HttpResponse(sentence, status=422, content_type="text/plain; charset=utf-8")
    return _page_with_text(request, conversation, form, {"problem": sentence}, 422)


def _answered(
    request: BusinessRequest, conversation: Conversation, form: ReplyForm, answered: AnsweredMeanwhile
) -> HttpResponse:
    """What a colleague wrote meanwhile, and the question what to do."""
    context = {"answer": answered.message}
    if request.htmx:
        return render(request, "conversations/answered.html", context, status=409)
    return _page_with_text(request, conversation, form, context, 409)


def _page_with_text(
    request: BusinessRequest, conversation: Conversation, form: ReplyForm, more: dict[str, Any], status: int
) -> HttpResponse:
    since = panes.stream_position(request)
    context = panes.queue_context(
        request, panes.filters_of(request), since, conversation.pk
    ) | panes.thread_context(request, conversation)
    typed = {
        "pane": "conversation",
        "draft_text": request.POST.get("text", "").replace("\x00", ""),
        "draft_mode": "note" if request.POST.get("kind") == "note" else "reply",
        "client_id": form.cleaned_data.get("client_id") or context["client_id"],
    }
    return panes.whole_page(request, context | typed | more, status)


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def draft(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """Keep what has been typed so far; nothing typed removes it."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    kept = save_draft(
        conversation=conversation,
        text=form.cleaned_data["text"],
        is_note=form.cleaned_data["kind"] == "note",
        client_id=form.cleaned_data["client_id"],
        by=request.actor,
    )
    if request.htmx:
        return render(request, "conversations/draft_state.html", {"kept": kept, "now": timezone.now()})
    messages.success(request, _("Draft kept."))
    return panes.back_to(request, conversation)


@requires(Permission.CONVERSATIONS_WRITE)
@require_GET
def canned_choices(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """The canned replies, filled in for this conversation, and the business's answers, for the composer."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    values = canned.values_for(conversation, request.membership, request.tenant)
    return shown_choices(request, values, conversation.customer.language, conversation.channel.kind)


def shown_choices(
    request: BusinessRequest, values: dict[str, str], language: str, channel_kind: str | None = None
) -> HttpResponse:
    """What the slash offers: canned replies with `values` filled in; answers, those in `language` first."""
    choices = [
        {
            "reply": reply,
            "text": canned.fill(reply.body, values),
            "missing": list(canned.missing(reply.body, values)),
        }
        for reply in CannedReply.objects.all()[:200]
    ]
    answers = _answers(language, channel_kind) if request.actor.can(Permission.KNOWLEDGE_READ) else []
    return render(request, "conversations/canned_choices.html", {"choices": choices, "answers": answers})


def _answers(language: str, channel_kind: str | None) -> list[ArticleVersion]:
    """What the business answers on a kind of channel, in the customer's language first."""
    spoken = language.partition("-")[0]
    found = knowledge.published(channel_kind=channel_kind)
    return sorted(found, key=lambda one: one.language.partition("-")[0] != spoken)[:MOST_ANSWERS]
