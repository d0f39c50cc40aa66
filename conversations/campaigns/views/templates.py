"""Templates of what is written to many: the list, a new one, put away, brought back, copied, as it was."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import message_templates as queries
from conversations.actions import message_templates as acts
from conversations.actions.campaigns import trying_out
from conversations.campaigns import campaign_forms, template_forms
from conversations.campaigns.views.campaigns import TEST_GOES, sees_everybody
from conversations.campaigns.views.doing import done
from conversations.models import MessageTemplate
from crm.models import Medium, Purpose
from tenants.decorators import get_or_404, requires
from tenants.kit.cursors import BadCursor
from tenants.kit.text import one_line
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

READ, WRITE = Permission.CAMPAIGNS_READ, Permission.CAMPAIGNS_WRITE
HISTORY = 50  # versions that the page of versions shows


@requires(READ)
@require_safe
def templates(request: BusinessRequest) -> HttpResponse:
    """All that are in use, or those put away."""
    narrow = queries.Narrow(
        q=one_line(request.GET.get("q", ""), 100),
        state="archived" if request.GET.get("state") == "archived" else "",
        purpose=request.GET.get("purpose", ""),
    )
    try:
        page = queries.page(narrow, request.GET.get("cursor", ""))
    except BadCursor:
        return redirect(burl(request, "conversations:message-templates"))
    languages = dict(settings.LANGUAGES)
    rows = [
        {
            "template": one,
            "says": [
                {
                    "media": [said.label for said in alike],
                    "languages": [languages[code] for code in alike[0].languages],
                    "missing": [languages[code] for code in alike[0].missing],
                }
                for alike in queries.in_the_same_languages(queries.says(one.latest))
            ],
        }
        for one in page.items
    ]
    context = {
        "rows": rows, "page": page, "narrow": narrow, "purposes": Purpose.choices,
        "is_narrowed": bool(narrow.q or narrow.state or narrow.purpose),
    }  # fmt: skip
    return render(request, "campaigns/templates.html", context)


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def template_new(request: BusinessRequest) -> HttpResponse:
    """A new one: its name, what it is for, and where it is written first."""
    given = {"name": "", "purpose": Purpose.PROMOTION.value, "medium": Medium.EMAIL.value}
    problem, status = "", 200
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in given}
        try:
            made = acts.create_message_template(
                name=given["name"], purpose=given["purpose"], by=request.actor
            )
        except Refused as refusal:
            problem, status = str(refusal), 422
        else:
            medium = given["medium"] if given["medium"] in template_forms.EDITED else Medium.EMAIL
            address = burl(request, "conversations:message-template", made.pk)
            return redirect(f"{address}?medium={medium}&language={request.tenant.language}")
    context: dict[str, Any] = {
        "given": given, "problem": problem, "purposes": Purpose.choices,
        "media": [(one.value, one.label) for one in template_forms.EDITED],
    }  # fmt: skip
    return render(request, "campaigns/template_new.html", context, status=status)


def find(template_id: UUID) -> MessageTemplate:
    """A template of this business, or 404."""
    found: MessageTemplate = get_or_404(MessageTemplate.objects.all(), template_id)
    return found


@requires(WRITE)
@require_POST
def template_archiving(request: BusinessRequest, message_template_id: UUID) -> HttpResponse:
    """Put one away; at once or later it can be brought back."""
    found = find(message_template_id)
    return done(
        request,
        lambda: acts.archive_message_template(template=found, by=request.actor),
        _("Archived."),
        to=burl(request, "conversations:message-templates"),
        undo=burl(request, "conversations:message-template-restoration", found.pk),
    )


@requires(WRITE)
@require_POST
def template_restoration(request: BusinessRequest, message_template_id: UUID) -> HttpResponse:
    """Bring one back."""
    found = find(message_template_id)
    return done(
        request,
        lambda: acts.bring_back_message_template(template=found, by=request.actor),
        _("Brought back."),
        to=burl(request, "conversations:message-template", found.pk),
    )


@requires(WRITE)
@require_POST
def template_copy(request: BusinessRequest, message_template_id: UUID) -> HttpResponse:
    """Another that says the same."""
    made = acts.duplicate_message_template(template=find(message_template_id), by=request.actor)
    messages.success(request, _("This is the copy."))
    return redirect(burl(request, "conversations:message-template", made.pk))


@requires(WRITE)
@sees_everybody
@require_POST
def template_test_send(request: BusinessRequest, message_template_id: UUID) -> HttpResponse:
    """Send what it says now for a look: to oneself by e-mail, to a number, to a customer."""
    found, medium = find(message_template_id), request.POST.get("medium", "")
    given = campaign_forms.receiver(request.POST)
    shown = urlencode({"medium": medium, "language": request.POST.get("language", "")})
    return done(
        request,
        lambda: trying_out.ask_template(template=found, by=request.actor, medium=medium, **given),
        TEST_GOES,
        to=f"{burl(request, 'conversations:message-template', found.pk)}?{shown}",
    )


@requires(READ)
@require_safe
def template_versions(request: BusinessRequest, message_template_id: UUID) -> HttpResponse:
    """What it said before."""
    found = find(message_template_id)
    versions = list(found.versions.order_by("-number")[:HISTORY])  # type: ignore[attr-defined]
    rows = [{"version": one, "says": queries.says(one)} for one in versions]
    may_write = request.actor.can(WRITE) and found.archived_at is None
    context = {"template": found, "rows": rows, "may_write": may_write}
    return render(request, "campaigns/template_versions.html", context)


@requires(WRITE)
@require_POST
def template_version_restoration(
    request: BusinessRequest, message_template_id: UUID, number: int
) -> HttpResponse:
    """Take again what an earlier version said: it becomes the newest."""
    found = find(message_template_id)
    return done(
        request,
        lambda: acts.restore_version(template=found, number=number, by=request.actor),
        _("It says again what it said then."),
        to=burl(request, "conversations:message-template", found.pk),
    )
