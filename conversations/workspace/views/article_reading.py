"""Drafts of answers out of a page, a document or pasted text: looked at, ticked, kept as drafts."""

import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from conversations.actions import article_import, article_reading
from conversations.models import ArticleVersion
from tenants.decorators import requires
from tenants.kit.ratelimit import allow
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

PAGES_AN_HOUR = 60


@requires(Permission.KNOWLEDGE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: BusinessRequest) -> HttpResponse:
    """What is found in it, and then those that were ticked as drafts."""
    language = request.POST.get("language", "")
    context: dict[str, Any] = {
        "languages": settings.LANGUAGES,
        "language": language if language in dict(settings.LANGUAGES) else request.tenant.language,
        "url": request.POST.get("url", "")[:500],
    }
    if request.method != "POST":
        return render(request, "conversations/article_reading.html", context)
    try:
        if request.POST.get("op") == "keep":
            return _keep(request, context["language"])
        found = article_reading.drafts(_blocks(request))
        if not found:
            raise article_import.InvalidImport(
                _("No question and no heading with text below was found in it."), "text"
            )
    except Refused as refusal:
        context["problem"] = str(refusal)
        return render(request, "conversations/article_reading.html", context, status=422)
    rows = [asdict(one) for one in found]
    return render(
        request,
        "conversations/article_reading.html",
        {**context, "rows": rows, "rows_json": json.dumps(rows)},
    )


def _blocks(request: BusinessRequest) -> list[article_reading.Block]:
    sent, url = request.FILES.get("file"), request.POST.get("url", "").strip()[:2_000]
    if sent is not None:
        return article_reading.of_file(sent.name or "", sent.read(article_reading.LARGEST + 1))
    if url:
        if not allow("page-read", str(request.tenant.pk), limit=PAGES_AN_HOUR, seconds=3_600):
            raise article_import.InvalidImport(_("Too many pages within an hour. Wait a little."), "url")
        return article_reading.of_page(url)
    if text := request.POST.get("text", "").strip():
        return article_reading.of_text(text)
    raise article_import.InvalidImport(_("Give an address, a document or some text."), "text")


def _keep(request: BusinessRequest, language: str) -> HttpResponse:
    rows = article_import.rows_of_json(request.POST.get("rows", ""))
    ticked = {text for text in request.POST.getlist("row") if text.isascii() and text.isdigit()}
    chosen = [
        {"question": row.get("question", ""), "answer": row.get("answer", ""), "language": language}
        for number, row in enumerate(rows)
        if isinstance(row, dict) and str(number) in ticked
    ]
    if not chosen:
        raise article_import.InvalidImport(_("Tick what to keep."), "rows")
    done = article_import.import_articles(
        rows=chosen, by=request.actor, source=ArticleVersion.Source.IMPORT, publish=False, only_good=True
    )
    count = done.counts["created"] + done.counts["changed"]
    said = ngettext(
        "%(n)s draft kept. Read it, then publish it.",
        "%(n)s drafts kept. Read them, then publish them.",
        count,
    )
    messages.success(request, said % {"n": count})
    return redirect(burl(request, "conversations:knowledge") + "?state=draft")
