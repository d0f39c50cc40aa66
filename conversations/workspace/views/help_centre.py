"""The public help centre of a business, and its switch in the settings.

Nobody is logged in here and no cookie is set, so that everybody between may keep a page for a while.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations import help_centre
from conversations.facts import opening, place
from conversations.models import ArticleVersion, Channel
from tenants import doors, formats, hours
from tenants.actions.businesses import update_business
from tenants.decorators import requires
from tenants.kit.colours import palette
from tenants.kit.ratelimit import address_of, allow
from tenants.kit.text import one_line
from tenants.models import SpecialDay, Tenant
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.scoping import tenant_scope
from tenants.urls_tools import burl

PER_MINUTE = 240  # pages of one visitor
KEPT = 300  # seconds that a page may be shown as it was
TODAY = {"es": "hoy", "pt-br": "hoje", "en": "today"}
View = Callable[..., HttpResponse]


def _public(view: View) -> Callable[..., HttpResponseBase]:
    """Run a view inside the business at an address; 404 where there is none, or it keeps no help centre."""

    @wraps(view)
    def inside(request: HttpRequest, shop: str, **kwargs: Any) -> HttpResponseBase:
        if not allow("help", address_of(request), limit=PER_MINUTE, seconds=60):
            return render(request, "429.html", status=429)
        door = doors.by_slug(shop)
        if door is None:
            raise Http404
        with tenant_scope(door.tenant_id):
            tenant = Tenant.objects.get()
            if not tenant.has_help_centre:
                raise Http404
            with timezone.override(tenant.zone), formats.written_in(tenant.country):
                return _kept(request, view(request, tenant, **kwargs))

    return require_safe(inside)


def _kept(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """The response, which may be kept for a while; nothing but its name where it is known already."""
    if response.status_code == 200:
        response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response["Cache-Control"] = f"public, max-age={KEPT}"
        return get_conditional_response(request, etag=response["ETag"], response=response) or response
    return response


def _language(request: HttpRequest, tenant: Tenant) -> str:
    """What the address says, else the business's: the same address is the same page for everybody."""
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else str(tenant.language)


def _page(request: HttpRequest, tenant: Tenant, template: str, language: str, **more: Any) -> HttpResponse:
    channel = Channel.objects.active().filter(kind="web").order_by("pk").first()
    home = reverse("help:home", args=[tenant.slug])
    context = {
        "business": tenant,
        "language": language,
        "usual": language == tenant.language,
        "home": home if language == tenant.language else f"{home}?lang={language}",
        "root": settings.BASE_URL,
        "channel": channel,
        **more,
    }
    with translation.override(language):
        return HttpResponse(render_to_string(f"conversations/help/{template}.html", context))


@_public
def home(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """All questions by what they are about; those that fit some words; those of one section."""
    language = _language(request, tenant)
    everything = help_centre.public()
    answers = help_centre.spoken(everything, language, tenant.language)
    q, category = one_line(request.GET.get("q", ""), 100), request.GET.get("about", "")
    with translation.override(language):
        sections = help_centre.sections(answers)
    chosen = next((section for section in sections if section.category == category), None)
    context: dict[str, Any] = {
        "q": q,
        "sections": [(one, _paths(tenant, one.answers if one is chosen else one.shown)) for one in sections],
        "chosen": chosen,
        "found": _paths(tenant, help_centre.search(answers, q)),
        "spoken": sorted({one.language for one in everything}),
        "canonical": _canonical(tenant, language, category if chosen else ""),
        "is_indexed": not q,
        **_visit(tenant, language),
    }
    return _page(request, tenant, "home", language, **context)


def _visit(tenant: Tenant, language: str) -> dict[str, str]:
    """When it is open today, and where it is."""
    calendar = hours.calendar_of(tenant, SpecialDay.objects.all())
    with translation.override(language):
        today = ""
        if any(calendar.week.values()):
            today = opening.told(calendar, timezone.now(), TODAY.get(language, "hoy"), language[:2])
    return {"today": today, "map": place.map_link(tenant) if tenant.address else ""}


def _canonical(tenant: Tenant, language: str, category: str) -> str:
    given = [("about", category), ("lang", "" if language == tenant.language else language)]
    query = "&".join(f"{name}={value}" for name, value in given if value)
    return settings.BASE_URL + reverse("help:home", args=[tenant.slug]) + (f"?{query}" if query else "")


def _paths(tenant: Tenant, versions: list[ArticleVersion]) -> list[tuple[ArticleVersion, str]]:
    return [(one, _path(tenant, one)) for one in versions]


def _path(tenant: Tenant, version: ArticleVersion) -> str:
    return reverse("help:answer", args=[tenant.slug, version.article_id, help_centre.words_of(version)])


@_public
def answer(request: HttpRequest, tenant: Tenant, article_id: UUID, words: str = "") -> HttpResponse:
    """One answer. Its address stays when its words change: the old one leads here."""
    everything = help_centre.public()
    version = next((one for one in everything if one.article_id == article_id), None)
    if version is None:
        raise Http404
    path = _path(tenant, version)
    if words != help_centre.words_of(version):
        return redirect(path)
    with translation.override(version.language):
        sections = help_centre.sections([version])
    return _page(
        request,
        tenant,
        "answer",
        version.language,
        version=version,
        section=sections[0],
        related=_paths(tenant, help_centre.related(everything, version)),
        canonical=settings.BASE_URL + path,
        is_indexed=True,
        excerpt=one_line(version.answer, 155),
    )


@_public
def colours(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """The business's colour, as the style sheet takes it."""
    text = render_to_string("conversations/help/colours.css", {"palette": palette(tenant.accent)})
    return HttpResponse(text, content_type="text/css; charset=utf-8")


@_public
def sitemap(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """All its addresses, for search engines (sitemaps.org)."""
    pages = [
        (settings.BASE_URL + _path(tenant, one), one.published_at or one.updated_at)
        for one in help_centre.public()
    ]
    home = settings.BASE_URL + reverse("help:home", args=[tenant.slug])
    text = render_to_string("conversations/help/sitemap.xml", {"home": home, "pages": pages})
    return HttpResponse(text, content_type="application/xml; charset=utf-8")


@requires(Permission.KNOWLEDGE_READ)
@require_safe
def in_settings(request: BusinessRequest) -> HttpResponse:
    """Whether there is one, where, and what it holds."""
    answers = help_centre.public()
    context = {
        "count": len(answers),
        "sections": help_centre.sections(answers),
        "address": settings.BASE_URL + reverse("help:home", args=[request.tenant.slug]),
    }
    return render(request, "conversations/help_settings.html", context)


@requires(Permission.KNOWLEDGE_WRITE)
@require_POST
def switching(request: BusinessRequest) -> HttpResponse:
    """Open it to everybody, or close it."""
    is_on = request.POST.get("on") == "1"
    update_business(tenant=request.tenant, by=request.actor, has_help_centre=is_on)
    said = _("Your help centre is open.") if is_on else _("Your help centre is closed: nobody sees it.")
    messages.success(request, said)
    return redirect(burl(request, "conversations:help-centre"))
