"""Rehearsals: what drafts would have changed in the last 30 days, before they are published."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from conversations import rehearsals as queries
from conversations import review
from conversations.actions import rehearsal as acts
from conversations.models import Article, ArticleVersion, RehearsalRun
from conversations.workspace.forms import uuid_or_none
from tenants.decorators import get_or_404, requires
from tenants.kit.cursors import BadCursor
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

WRITE = Permission.KNOWLEDGE_WRITE


@requires(WRITE)
@require_safe
def rehearsals(request: BusinessRequest) -> HttpResponse:
    """All of the last 30 days, the newest first."""
    try:
        page = queries.page(request.actor, request.GET.get("cursor", ""))
    except BadCursor:
        return redirect(burl(request, "conversations:rehearsals"))
    drafts = ArticleVersion.objects.filter(state=ArticleVersion.State.DRAFT, article__archived_at=None)
    context = {"page": page, "drafts": drafts.count(), "due": review.due_count(request.actor)}
    return render(request, "conversations/rehearsals.html", context)


@requires(WRITE)
@require_POST
def rehearsal_new(request: BusinessRequest) -> HttpResponse:
    """Rehearse the ticked answers' drafts, or all drafts."""
    ids = [
        one for text in request.POST.getlist("article")[: acts.MOST_VERSIONS] if (one := uuid_or_none(text))
    ]
    chosen = list(Article.objects.filter(pk__in=ids))
    if len(chosen) < len(set(ids)):
        raise Http404
    try:
        run = acts.rehearse(by=request.actor, chosen=chosen)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(burl(request, "conversations:rehearsals"))
    return redirect(burl(request, "conversations:rehearsal", run.pk))


def _find(request: BusinessRequest, rehearsal_id: UUID) -> RehearsalRun:
    found: RehearsalRun = get_or_404(queries.seen_by(request.actor), rehearsal_id)
    return found


@requires(WRITE)
@require_safe
def rehearsal(request: BusinessRequest, rehearsal_id: UUID) -> HttpResponse:
    """How far it is; what would change, with examples; then publish or discard."""
    run = _find(request, rehearsal_id)
    context = {"run": run, "tried": queries.rehearsed(run)}
    template = "conversations/rehearsal.html"
    if run.is_under_way:
        return render(request, f"{template}#state" if request.htmx else template, context)
    context |= {"counted": queries.counted(run), "changes": queries.changes(run, request.actor)}
    response = render(request, template, context)
    if request.htmx:
        response["HX-Refresh"] = "true"
    return response


@requires(WRITE)
@require_POST
def rehearsal_publication(request: BusinessRequest, rehearsal_id: UUID) -> HttpResponse:
    """Publish what was rehearsed."""
    run = _find(request, rehearsal_id)
    try:
        number = acts.publish(run=run, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        done = ngettext("%(n)s answer published.", "%(n)s answers published.", number)
        messages.success(request, done % {"n": number})
    return redirect(burl(request, "conversations:rehearsal", run.pk))


@requires(WRITE)
@require_POST
def rehearsal_discarding(request: BusinessRequest, rehearsal_id: UUID) -> HttpResponse:
    """Discard the drafts that were rehearsed."""
    run = _find(request, rehearsal_id)
    try:
        acts.discard(run=run, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Drafts discarded. What is published stays."))
    return redirect(burl(request, "conversations:rehearsal", run.pk))
