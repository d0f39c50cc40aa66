"""What the bot could not answer, gathered by meaning: one press makes a draft of what colleagues answered."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations import review, unanswered
from conversations.actions import unanswered as acts
from conversations.models import UnansweredGroup
from tenants.decorators import get_or_404, requires
from tenants.kit.cursors import BadCursor
from tenants.kit.text import clean
from tenants.kit.undo import Undo, offer
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

WRITE = Permission.KNOWLEDGE_WRITE


@requires(WRITE)
@require_safe
def groups(request: BusinessRequest) -> HttpResponse:
    """The groups of the last gathering, the largest first."""
    run, newest = unanswered.latest(), unanswered.newest()
    try:
        page = unanswered.page(run, request.actor, request.GET.get("cursor", "")) if run else None
    except BadCursor:
        return redirect(burl(request, "conversations:unanswered"))
    context = {
        "run": run,
        "newest": newest,
        "page": page,
        "is_under_way": bool(newest and newest.is_under_way),
        "days": unanswered.DAYS,
        "due": review.due_count(request.actor),
    }
    template = "conversations/unanswered.html"
    if request.htmx and context["is_under_way"]:
        template += "#state"
    response = render(request, template, context)
    if request.htmx and not context["is_under_way"]:
        response["HX-Refresh"] = "true"
    return response


@requires(WRITE)
@require_POST
def unanswered_gathering(request: BusinessRequest) -> HttpResponse:
    """Let a worker gather anew."""
    days = request.POST.get("days", "")
    try:
        acts.gather(
            days=int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0, by=request.actor
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(burl(request, "conversations:unanswered"))


def _find(request: BusinessRequest, group_id: UUID) -> UnansweredGroup:
    found: UnansweredGroup = get_or_404(unanswered.groups_seen_by(request.actor), group_id)
    return found


@requires(WRITE)
@require_POST
def unanswered_draft(request: BusinessRequest, group_id: UUID) -> HttpResponse:
    """A draft of it, to be read and published."""
    typed = {name: clean(request.POST.get(name, "")).strip() for name in ("question", "answer")}
    try:
        article = acts.draft(group=_find(request, group_id), by=request.actor, **typed)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(burl(request, "conversations:unanswered"))
    messages.success(request, _("Saved as a draft. Read it, and publish it when it is right."))
    return redirect(burl(request, "conversations:article", article.pk))


@requires(WRITE)
@require_POST
def unanswered_dismissal(request: BusinessRequest, group_id: UUID) -> HttpResponse:
    """Leave such questions to people."""
    group = _find(request, group_id)
    response = redirect(burl(request, "conversations:unanswered"))
    try:
        acts.dismiss(group=group, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return response
    url = burl(request, "conversations:unanswered-reopening", group.pk)
    return offer(request, response, Undo(_("Left to people."), url))


@requires(WRITE)
@require_POST
def unanswered_reopening(request: BusinessRequest, group_id: UUID) -> HttpResponse:
    """Take that back."""
    acts.reopen(group=_find(request, group_id), by=request.actor)
    return redirect(burl(request, "conversations:unanswered"))
