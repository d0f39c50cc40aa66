"""Drafts of answers out of a page, a document or pasted text: read by a worker, ticked, kept as drafts."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations.actions import readings
from conversations.channels.base import File
from conversations.models import Reading
from tenants.decorators import get_or_404, requires
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

WRITE = Permission.KNOWLEDGE_WRITE


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: BusinessRequest) -> HttpResponse:
    """What to read."""
    language = request.POST.get("language", "")
    context: dict[str, Any] = {
        "languages": settings.LANGUAGES,
        "language": language if language in dict(settings.LANGUAGES) else request.tenant.language,
        "url": request.POST.get("url", "")[:500],
    }
    if request.method != "POST":
        return render(request, "conversations/article_reading.html", context)
    sent = request.FILES.get("file")
    file = File.named(sent.name or "", sent.read(readings.LARGEST + 1)) if sent else None
    try:
        found = readings.read(
            by=request.actor,
            url=request.POST.get("url", ""),
            file=file,
            text=request.POST.get("text", ""),
            language=context["language"],
        )
    except Refused as refusal:
        context["problem"] = str(refusal)
        return render(request, "conversations/article_reading.html", context, status=422)
    return redirect(burl(request, "conversations:article-reading-found", found.pk))


@requires(WRITE)
@require_safe
def reading_found(request: BusinessRequest, reading_id: UUID) -> HttpResponse:
    """How far it is, then what was found in it."""
    found: Reading = get_or_404(Reading.objects.all(), reading_id)
    template = "conversations/article_reading_found.html"
    if request.htmx and found.is_under_way:
        template += "#state"
    response = render(request, template, {"reading": found})
    if request.htmx and not found.is_under_way:
        response["HX-Refresh"] = "true"
    return response


@requires(WRITE)
@require_POST
def reading_keeping(request: BusinessRequest, reading_id: UUID) -> HttpResponse:
    """Keep those that were ticked as drafts."""
    found: Reading = get_or_404(Reading.objects.all(), reading_id)
    ticked = {
        int(text)
        for text in request.POST.getlist("row")
        if text.isascii() and text.isdigit() and len(text) < 6
    }
    try:
        count = readings.keep(reading=found, places=ticked, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(burl(request, "conversations:article-reading-found", found.pk))
    said = ngettext(
        "%(n)s draft kept. Read it, then publish it.",
        "%(n)s drafts kept. Read them, then publish them.",
        count,
    )
    messages.success(request, said % {"n": count})
    return redirect(burl(request, "conversations:knowledge") + "?state=draft")
