"""The editor of a template: one medium and language at a time, with what customers would see beside it."""

import json
import secrets
from typing import Any
from uuid import UUID

import redis
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import template_parts
from conversations.actions import message_template_files as file_acts
from conversations.actions import message_templates as acts
from conversations.actions.campaigns import trying_out
from conversations.campaigns import template_forms
from conversations.campaigns.views.templates import READ, WRITE, find
from conversations.channels.base import File
from conversations.channels.sms.segments import segments
from conversations.models import (
    Channel,
    MessageTemplate,
    MessageTemplateFile,
    MessageTemplateVersion,
    Template,
)
from conversations.personalising import contents, names, pictures, previews
from conversations.personalising.pieces import written
from conversations.workspace.forms import uuid_or_none
from conversations.workspace.views.files import FRAME_CSP
from crm import queries as crm
from crm.models import Customer, Medium, Purpose
from tenants.decorators import requires
from tenants.kit import valkey
from tenants.kit.serving import FILE_CSP, serve
from tenants.kit.text import one_line
from tenants.permissions import Sees
from tenants.refusals import Conflicting, Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

LOOKED_AT = 900  # seconds that a preview can be opened
MOST_FOUND = 8


@requires(READ)
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: BusinessRequest, message_template_id: UUID) -> HttpResponse:
    """One: written, looked at and saved."""
    found = find(message_template_id)
    latest = acts.latest(found)
    medium, language = _where(request, latest)
    now_says = latest.contents.get(medium, {}).get(language)
    draft = now_says or template_forms.begun(medium)
    if request.method != "POST":
        return _page(request, found, latest, medium, language, draft)
    if not request.actor.can(WRITE):
        raise PermissionDenied
    draft = template_forms.read(request.POST, medium)
    try:
        _take_files(request, found, draft)
        op = request.POST.get("op", "save")
        if op != "save" and not op.startswith("go:"):
            return _page(request, found, latest, medium, language, draft, status=200)
        _save(request, found, latest, medium, language, draft)
    except Refused as refusal:
        status = 409 if isinstance(refusal, Conflicting) and not refusal.field else 422
        return _page(request, found, latest, medium, language, draft, problem=str(refusal), status=status)
    if op == "save":
        messages.success(request, _("Saved."))
    return redirect(_address(request, found, op, medium, language))


def _where(request: BusinessRequest, latest: MessageTemplateVersion) -> tuple[str, str]:
    """The medium and language that are looked at: those asked for, else the first that says something."""
    media, languages = template_forms.media(latest.contents), dict(settings.LANGUAGES)
    first = next(contents.each(latest.contents), (Medium.EMAIL.value, request.tenant.language, {}))
    medium, language = request.GET.get("medium", ""), request.GET.get("language", "")
    medium = medium if medium in media else first[0]
    if language not in languages:
        own = latest.contents.get(medium, {})
        home = request.tenant.language
        language = home if home in own or not own else next(iter(own))
    return medium, language if language in languages else "es"


def _address(request: BusinessRequest, found: MessageTemplate, op: str, medium: str, language: str) -> str:
    if op.startswith("go:"):
        medium, _colon, language = op.removeprefix("go:").partition(":")
    address = burl(request, "conversations:message-template", found.pk)
    if medium in Medium.values and language in dict(settings.LANGUAGES):
        return f"{address}?medium={medium}&language={language}"
    return address


def _save(
    request: BusinessRequest,
    found: MessageTemplate,
    latest: MessageTemplateVersion,
    medium: str,
    language: str,
    draft: dict[str, Any],
) -> None:
    base = request.POST.get("base", "")
    whole = {name: dict(by_language) for name, by_language in latest.contents.items()}
    said = template_forms.kept(draft)
    if medium not in whole and said == template_forms.begun(medium) | {"files": []}:
        said = {}  # looked at and left as it began
    whole.setdefault(medium, {})[language] = said
    acts.save_message_template(
        template=found,
        by=request.actor,
        contents=whole,
        name=request.POST.get("name"),
        purpose=request.POST.get("purpose"),
        base=int(base) if base.isascii() and base.isdigit() and len(base) < 9 else None,
    )


def _take_files(request: BusinessRequest, found: MessageTemplate, draft: dict[str, Any]) -> None:
    """Keep what was uploaded with the form."""
    for block in draft.get("blocks", []):
        if sent := request.FILES.get(block.pop("upload", "")):
            block["file"] = str(_kept(request, found, sent, picture=True).pk)
    for sent in request.FILES.getlist("attachment"):
        draft.setdefault("files", []).append(str(_kept(request, found, sent, picture=False).pk))


def _kept(
    request: BusinessRequest, found: MessageTemplate, sent: Any, *, picture: bool
) -> MessageTemplateFile:
    file = File.named(sent.name or "", sent.read(file_acts.LARGEST + 1))
    return file_acts.add_template_file(template=found, file=file, by=request.actor, picture=picture)


def _page(
    request: BusinessRequest,
    found: MessageTemplate,
    latest: MessageTemplateVersion,
    medium: str,
    language: str,
    draft: dict[str, Any],
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    is_posted = request.method == "POST"
    files = {str(one.pk): one for one in MessageTemplateFile.objects.filter(template=found)}
    vendor = template_forms.vendor_templates() if medium == Medium.WHATSAPP else []
    chosen = next((one for one in vendor if str(one.pk) == str(draft.get("template_id"))), None)
    may_write = request.actor.can(WRITE) and found.archived_at is None
    customer = _customer(request)
    media, said = template_forms.media(latest.contents), latest.contents
    context: dict[str, Any] = {
        "template": found,
        "latest": latest,
        "name": request.POST.get("name", found.name) if is_posted else found.name,
        "purpose": request.POST.get("purpose", found.purpose) if is_posted else found.purpose,
        "purposes": Purpose.choices,
        "medium": medium,
        "language": language,
        "media": [(one, Medium(one).label, bool(said.get(one))) for one in media],
        "languages": [
            (code, name, code not in said.get(medium, {}) and any(code in one for one in said.values()))
            for code, name in settings.LANGUAGES
        ],
        "draft": draft,
        "rows": template_forms.rows(draft, _pictures(request, files)) if medium == Medium.EMAIL else [],
        "attached": [files[one] for one in draft.get("files", []) if one in files],
        "adders": template_forms.adders(),
        "only_choices": template_forms.only_choices(),
        "vendor_templates": vendor,
        "chosen": chosen,
        "chosen_text": template_parts.rendered(chosen.components, {}) if chosen else "",
        "chosen_tone": "success" if chosen and chosen.status == Template.Status.APPROVED else "warning",
        "places": template_forms.places(chosen, draft),
        "names": list(names.grouped()),
        "problem": problem,
        "may_write": may_write,
        "customer": customer,
        "look": _look(request, medium, language, draft, customer),
        "tried": _tried(request, found, medium),
    }
    return render(request, "campaigns/template.html", context, status=status)


def _tried(request: BusinessRequest, found: MessageTemplate, medium: str) -> list[Channel]:
    """The channels on which a test can go out; none for whoever may send none, or sees part of the people."""
    may = request.actor.can(WRITE) and request.actor.sees == Sees.ALL and found.archived_at is None
    return trying_out.channels_of(medium) if may else []


def _pictures(request: BusinessRequest, files: dict[str, MessageTemplateFile]) -> dict[str, str]:
    """Where the pictures among some files lie, as this page asks for them."""
    return {
        key: pictures.address(request.tenant, one.pk).removeprefix(settings.BASE_URL)
        for key, one in files.items()
        if one.is_picture
    }


def _customer(request: BusinessRequest) -> Customer | None:
    given = request.POST.get("customer", request.GET.get("customer", ""))
    wanted = uuid_or_none(given)
    return crm.customers_visible_to(request.actor).filter(pk=wanted).first() if wanted else None


# --- what it looks like ---


@requires(WRITE)
@require_POST
def template_look(request: BusinessRequest, message_template_id: UUID) -> HttpResponse:
    """What a customer would get of what stands in the form, and what is wrong with it."""
    found = find(message_template_id)
    medium, language = _where(request, acts.latest(found))
    draft = template_forms.read(request.POST, medium)
    customer = _customer(request)
    look = _look(request, medium, language, draft, customer)
    context = {
        "look": look, "customer": customer, "template": found, "medium": medium,
        "tried": _tried(request, found, medium),
    }  # fmt: skip
    return render(request, "campaigns/template_look.html", context)


def _look(
    request: BusinessRequest, medium: str, language: str, draft: dict[str, Any], customer: Customer | None
) -> dict[str, Any]:
    """The draft as a customer gets it, with its problems."""
    kept = template_forms.kept(draft)
    try:
        tidy = contents.tidy({medium: {language: kept}}).get(medium, {}).get(language, {})
    except Refused as refusal:
        return {"why": str(refusal), "problems": []}
    shown = previews.shown(written(medium, language, tidy, request.tenant), customer.pk if customer else None)
    is_broken = any(problem.serious for problem in shown.problems)
    look: dict[str, Any] = {
        "why": "" if is_broken else shown.why,
        "problems": shown.problems,
        "said": shown.rendered,
    }
    if shown.rendered and medium == Medium.EMAIL:
        look["key"] = remember(request, shown.rendered.html)
    if shown.rendered and medium == Medium.SMS:
        look["parts"] = segments(shown.rendered.text)
    return look


def remember(request: BusinessRequest, html: str) -> str:
    """Keep a mail for a while, for the frames that show it; returns its key, "" while Valkey is away."""
    key = secrets.token_urlsafe(16)
    shown = html.replace(f'src="{settings.BASE_URL}/i/', 'src="/i/')
    try:
        valkey.client().set(_place(request, key), json.dumps(shown), ex=LOOKED_AT)
    except redis.RedisError:
        return ""
    return key


def _place(request: BusinessRequest, key: str) -> str:
    return valkey.key(request.tenant.pk, "template-look", key)


@requires(READ)
@require_safe
@xframe_options_sameorigin
@csp_override(FRAME_CSP)
def template_frame(request: BusinessRequest, key: str) -> HttpResponse:
    """A mail as its recipient's program shows it."""
    try:
        kept = valkey.client().get(_place(request, key[:64]))
    except redis.RedisError:
        kept = None
    if not isinstance(kept, str):
        raise Http404
    return HttpResponse(json.loads(kept), headers={"Cache-Control": "private, no-store"})


@requires(READ)
@require_safe
def template_customers(request: BusinessRequest) -> HttpResponse:
    """Customers to look with."""
    q = one_line(request.GET.get("q", ""), 100)
    found = crm.search_customers(q, request.actor, MOST_FOUND) if q else []
    if not q:
        found = list(crm.customers_visible_to(request.actor).order_by(*crm.NEWEST_CONTACT)[:MOST_FOUND])
    return render(request, "campaigns/template_customers.html", {"customers": found, "q": q})


@requires(READ)
@require_safe
@csp_override(FILE_CSP)
def template_file(request: BusinessRequest, message_template_file_id: UUID) -> Any:
    """A file of a template, to be saved."""
    found = MessageTemplateFile.objects.filter(pk=message_template_file_id).first()
    if found is None:
        raise Http404
    try:
        return serve(request, found.file, name=found.name, etag=found.pk.hex, download=True)
    except FileNotFoundError:
        raise Http404 from None
