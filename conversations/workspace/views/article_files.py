"""The files of an answer, on its page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from conversations.actions import article_files
from conversations.channels.base import File
from conversations.models import Article, ArticleFile
from tenants.decorators import get_or_404, requires
from tenants.kit.serving import FILE_CSP, serve
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

READ, WRITE = Permission.KNOWLEDGE_READ, Permission.KNOWLEDGE_WRITE


@requires(READ)
@require_safe
@csp_override(FILE_CSP)
@cache_control(private=True, max_age=86_400)
def article_file(request: BusinessRequest, article_file_id: UUID) -> Any:
    """One, to be saved."""
    found: ArticleFile = get_or_404(ArticleFile.objects.all(), article_file_id)
    try:
        return serve(request, found.file, name=found.name, etag=found.pk.hex, download=True)
    except FileNotFoundError:
        raise Http404 from None


@requires(WRITE)
@require_POST
def article_file_new(request: BusinessRequest, article_id: UUID) -> HttpResponse:
    """One more."""
    found: Article = get_or_404(Article.objects.all(), article_id)
    sent = request.FILES.get("file")
    if sent is None:
        messages.error(request, _("Choose a file."))
        return redirect(burl(request, "conversations:article", found.pk))
    try:
        content = sent.read(article_files.LARGEST + 1)
        article_files.add_file(article=found, file=File.named(sent.name or "", content), by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is in the draft: publish it, and it goes out with the answer."))
    return redirect(burl(request, "conversations:article", found.pk))


@requires(WRITE)
@require_POST
def article_file_removal(request: BusinessRequest, article_file_id: UUID) -> HttpResponse:
    """One less."""
    found: ArticleFile = get_or_404(ArticleFile.objects.select_related("article"), article_file_id)
    try:
        article_files.remove_file(file=found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is out of the draft: publish it, and it goes out no more."))
    return redirect(burl(request, "conversations:article", found.article_id))
