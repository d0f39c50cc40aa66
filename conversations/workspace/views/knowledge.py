"""Settings: the answers of the business, written, published, searched and imported."""

from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import knowledge as queries
from conversations import review, wordings
from conversations.actions import article_files, article_import, articles
from conversations.actions.article_content import (
    ENOUGH_PHRASINGS,
    MOST_BUTTONS,
    MOST_PHRASINGS,
    NAMES,
    Content,
)
from conversations.models import Article, ArticleVersion, Category
from conversations.workspace import article_difference, article_forms
from conversations.workspace.article_forms import ArticleForm
from conversations.workspace.forms import uuid_or_none
from crm.imports import at_once
from crm.views import row_imports
from tenants.decorators import get_or_404, requires
from tenants.kit.cursors import BadCursor
from tenants.kit.text import one_line
from tenants.kit.undo import Undo, offer
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

READ, WRITE = Permission.KNOWLEDGE_READ, Permission.KNOWLEDGE_WRITE
HISTORY = 50  # versions on an article's page


@requires(READ)
@require_safe
def knowledge(request: BusinessRequest) -> HttpResponse:
    """What the business knows, narrowed by words, state, category and language."""
    narrow = article_forms.read_narrow(request.GET)
    try:
        page = queries.page(narrow, request.GET.get("cursor", ""))
    except BadCursor:
        return redirect(burl(request, "conversations:knowledge"))
    day, languages = queries.today(), dict(settings.LANGUAGES)
    rows = [
        {
            "article": one,
            "says": one.shown,
            "is_outside": bool(one.published and not one.published.is_valid_on(day)),
            "is_thin": bool(one.shown and len(one.shown.phrasings) < ENOUGH_PHRASINGS),
            "category": one.shown.get_category_display() if one.shown else "",
            "language": languages.get(one.shown.language, "") if one.shown else "",
        }
        for one in page.items
    ]
    context = {
        "rows": rows,
        "page": page,
        "narrow": narrow,
        "is_narrowed": any((narrow.q, narrow.state, narrow.category, narrow.language)),
        "states": _states(),
        "categories": Category.choices,
        "languages": settings.LANGUAGES,
        "may_publish_many": narrow.state == "draft" and request.actor.can(WRITE),
        "due": review.due_count(request.actor) if request.actor.can(WRITE) else 0,
    }
    return render(request, "conversations/knowledge.html", context)


def _states() -> list[tuple[str, str]]:
    return [
        ("", _("All answers")),
        ("published", _("Published answers")),
        ("draft", _("With a draft")),
        ("outside", _("Not valid today")),
        ("archived", _("Archived answers")),
    ]


def _find(article_id: UUID) -> Article:
    return queries.with_versions([get_or_404(Article.objects.all(), article_id)])[0]


# --- one answer ---


@requires(READ)
@require_safe
def article(request: BusinessRequest, article_id: UUID) -> HttpResponse:
    """One: as the customer sees it, what a draft would change, what it said before."""
    found = _find(article_id)
    changes = []
    kept = list(article_files.files_of(found))
    if found.published and found.draft:
        changes = article_difference.difference(
            Content.of(found.published), Content.of(found.draft), {file.pk: file.name for file in kept}
        )
    content = Content.of(found.shown) if found.shown else Content()
    named = (found.draft or found.published or content).file_ids
    history = list(queries.history(found)[:HISTORY])
    for version in history:
        version.files = [file for file in kept if file.pk in version.file_ids]
    facts = [
        (article_difference.LABELS[name], article_difference.plain(content, name))
        for name in ("language", "category", "channel_kinds", "valid_from", "valid_until", "is_public")
    ]
    context = {
        "article": found,
        "says": found.shown,
        "changes": changes,
        "facts": facts,
        "is_outside": bool(found.published and not found.published.is_valid_on(queries.today())),
        "enough": ENOUGH_PHRASINGS,
        "history": history,
        "files": [file for file in kept if file.pk in named],
        "may_add_file": len(named) < article_files.MOST and len(kept) < article_files.MOST_KEPT,
        "may_write": request.actor.can(WRITE) and found.archived_at is None,
    }
    return render(request, "conversations/article.html", context)


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def article_new(request: BusinessRequest) -> HttpResponse:
    """A new one."""
    return _form(request, None)


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def article_change(request: BusinessRequest, article_id: UUID) -> HttpResponse:
    """Change one: its draft, or what is published."""
    return _form(request, _find(article_id))


def _form(request: BusinessRequest, found: Article | None) -> HttpResponse:
    now_says = (found.draft or found.published) if found else None
    content = Content.of(now_says) if now_says else None
    lists = {name: list(getattr(content, name)) if content else [] for name in ("phrasings", "buttons")}
    initial = article_forms.initial_of(content, request.tenant.language)
    if request.method == "POST":
        lists = article_forms.read_lists(request.POST)
    op, added = request.POST.get("op", ""), one_line(request.POST.get("add", ""), wordings.LONGEST)
    if added:
        lists["phrasings"].append(added)
    is_saving = request.method == "POST" and op != "more" and not added
    form = ArticleForm(request.POST if is_saving else None, initial=initial)
    if request.method == "POST" and not is_saving:
        form.initial = {**initial, **_typed(request)}
    if (
        is_saving
        and form.is_valid()
        and (saved := _save(request, found, form, lists, publish=op == "publish"))
    ):
        return saved
    context: dict[str, Any] = {
        "article": found,
        "seen": articles.stamp(now_says),
        "form": form,
        "phrasings": article_forms.rows_of(
            lists["phrasings"], least=ENOUGH_PHRASINGS, most=MOST_PHRASINGS, spare=op == "more"
        ),
        "buttons": article_forms.rows_of(lists["buttons"], least=MOST_BUTTONS, most=MOST_BUTTONS),
        "shown_buttons": lists["buttons"],
        "said": form["answer"].value() or "",
        "asked": form["question"].value() or "",
        "most_phrasings": MOST_PHRASINGS,
    }
    context["proposals"] = wordings.proposals(
        request.actor, article=found, question=context["asked"], language=form["language"].value() or "",
        known=lists["phrasings"],
    )  # fmt: skip
    return render(request, "conversations/article_form.html", context, status=422 if form.errors else 200)


@requires(WRITE)
@require_safe
def article_proposals(request: BusinessRequest) -> HttpResponse:
    """How customers put a question that is about to be answered."""
    question = one_line(request.GET.get("question", ""), 1_000)
    language = request.GET.get("language", "")[:20]
    found = wordings.proposals(request.actor, question=question, language=language)
    return render(request, "conversations/article_proposals.html", {"proposals": found})


def _typed(request: BusinessRequest) -> dict[str, Any]:
    """What was typed so far, to be shown again unchecked."""
    typed: dict[str, Any] = {
        name: request.POST.get(name, "") for name in ArticleForm.base_fields if name != "channel_kinds"
    }
    return {**typed, "channel_kinds": request.POST.getlist("channel_kinds")}


def _save(
    request: BusinessRequest,
    found: Article | None,
    form: ArticleForm,
    lists: dict[str, list[str]],
    *,
    publish: bool,
) -> HttpResponse | None:
    """Keep it and go to its page; None when it was refused, which the form then says."""
    try:
        article = articles.write_article(
            article=found,
            by=request.actor,
            publish=publish,
            seen=request.POST.get("seen"),
            **{**form.cleaned_data, **lists},
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None
    messages.success(
        request, _("Published.") if publish else _("Saved as a draft. Customers do not see it yet.")
    )
    return redirect(burl(request, "conversations:article", article.pk))


@requires(WRITE)
@require_POST
def article_publication(request: BusinessRequest, article_id: UUID) -> HttpResponse:
    """Publish the draft."""
    found = get_or_404(Article.objects.all(), article_id)
    try:
        articles.publish_articles(articles=[found], by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Published."))
    return redirect(burl(request, "conversations:article", found.pk))


@requires(WRITE)
@require_POST
def knowledge_publication(request: BusinessRequest) -> HttpResponse:
    """Publish the drafts that were ticked, all or none."""
    ids = {one for text in request.POST.getlist("article")[: queries.PAGE] if (one := uuid_or_none(text))}
    chosen = list(Article.objects.filter(pk__in=ids))
    if len(chosen) < len(ids):
        raise Http404
    response = redirect(burl(request, "conversations:knowledge"))
    if not chosen:
        messages.error(request, _("Tick the drafts to publish."))
        return response
    try:
        articles.publish_articles(articles=chosen, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        done = ngettext("%(n)s answer published.", "%(n)s answers published.", len(chosen))
        messages.success(request, done % {"n": len(chosen)})
    return response


@requires(WRITE)
@require_POST
def article_draft_removal(request: BusinessRequest, article_id: UUID) -> HttpResponse:
    """Discard the draft."""
    found = get_or_404(Article.objects.all(), article_id)
    left: Article | None = found
    try:
        left = articles.discard_draft(article=found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Draft discarded."))
    if left is None:
        return redirect(burl(request, "conversations:knowledge"))
    return redirect(burl(request, "conversations:article", left.pk))


@requires(WRITE)
@require_POST
def article_roll_back(request: BusinessRequest, article_id: UUID, article_version_id: UUID) -> HttpResponse:
    """Publish an earlier version again."""
    found = get_or_404(Article.objects.all(), article_id)
    version: ArticleVersion = get_or_404(found.versions.all(), article_version_id)
    try:
        articles.roll_back(article=found, number=version.number, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Version %(number)s answers again.") % {"number": version.number})
    return redirect(burl(request, "conversations:article", found.pk))


@requires(WRITE)
@require_POST
def article_archiving(request: BusinessRequest, article_id: UUID) -> HttpResponse:
    """Put it away; it can be brought back at once and later."""
    found = get_or_404(Article.objects.all(), article_id)
    articles.archive_article(article=found, by=request.actor)
    response = redirect(burl(request, "conversations:knowledge"))
    url = burl(request, "conversations:article-restoration", found.pk)
    return offer(request, response, Undo(_("Archived: it answers nothing any more."), url))


@requires(WRITE)
@require_POST
def article_restoration(request: BusinessRequest, article_id: UUID) -> HttpResponse:
    """Bring it back."""
    found = get_or_404(Article.objects.all(), article_id)
    try:
        articles.restore_article(article=found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Brought back."))
    return redirect(burl(request, "conversations:article", found.pk))


# --- many ---


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def knowledge_import(request: BusinessRequest) -> HttpResponse:
    """A file or pasted rows: what would become of each, then the same for good."""
    publish = request.method != "POST" or request.POST.get("publish") == "1"
    return row_imports.bring(
        request,
        "conversations/knowledge_import.html",
        {"most": at_once.MOST_ROWS, "columns": NAMES, "publish": publish},
        read=_rows,
        write=partial(article_import.import_articles, source=ArticleVersion.Source.IMPORT, publish=publish),
        said=_("%(created)s answers are new, %(changed)s changed, %(unchanged)s were so already."),
        back=burl(request, "conversations:knowledge"),
    )


def _rows(request: BusinessRequest) -> list[Any]:
    """The rows of the file, of the box, or of the preview that is confirmed. Raises `InvalidImport`."""
    sent = request.FILES.get("file")
    if sent is not None:
        return article_import.rows_of_file(sent.read(at_once.LARGEST + 1))
    text = request.POST.get("rows", "").strip()
    if not text:
        raise at_once.InvalidImport(_("Choose a file, or paste the rows."), "file")
    if request.POST.get("op") == "import":
        return at_once.rows_of_json(text)
    return article_import.rows_of_file(text.encode("utf-8", "replace"))
