"""A channel's templates in the settings: as the vendor has them, written and deleted."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import template_parts
from conversations.actions.templates import create_template, delete_template, look_again, problem_of
from conversations.channels.registry import adapter_for
from conversations.models import Channel, Template
from conversations.reasons import shown
from conversations.workspace.template_forms import TemplateForm
from conversations.workspace.views.composer import preview
from tenants.decorators import get_or_404, requires
from tenants.kit import cursors
from tenants.kit.cursors import BadCursor
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

PAGE = 50
ORDER = ("name", "language", "id")
Status = Template.Status
TONES = {
    Status.APPROVED: "success",
    Status.PENDING: "info",
    Status.DRAFT: "info",
    Status.REJECTED: "danger",
    Status.PAUSED: "warning",
}
QUALITIES = {"green": "success", "yellow": "warning", "red": "danger"}


def _channel(channel_id: UUID) -> Channel:
    channel: Channel = get_or_404(Channel.objects.all(), channel_id)
    if not adapter_for(channel.kind).capabilities.templates:
        raise Http404
    return channel


@requires(Permission.CHANNELS_READ)
@require_safe
def templates(request: BusinessRequest, channel_id: UUID) -> HttpResponse:
    """All of them, by name."""
    channel = _channel(channel_id)
    look_again(channel)
    rows = Template.objects.filter(channel=channel)
    try:
        page = cursors.page(rows, ordering=ORDER, limit=PAGE, cursor=request.GET.get("cursor", ""))
    except BadCursor:
        page = cursors.page(rows, ordering=ORDER, limit=PAGE)
    context = {
        "channel": channel,
        "rows": [_row(template) for template in page.items],
        "next_cursor": page.next_cursor,
        "problem": shown(problem_of(channel)),
    }
    return render(request, "conversations/templates.html", context)


def _row(template: Template) -> dict[str, Any]:
    values = template_parts.sample_values(template.components)
    return {
        "template": template,
        "text": template_parts.rendered(template.components, values),
        "tone": TONES.get(Status(template.status), "grey"),
        "quality_tone": QUALITIES.get(template.quality, "grey"),
        "reason": shown(template.reason),
        "can_send": template_parts.can_send(template.components),
    }


@requires(Permission.CHANNELS_READ)
@require_safe
def template(request: BusinessRequest, channel_id: UUID, template_id: UUID) -> HttpResponse:
    """One of them, as customers see it."""
    channel = _channel(channel_id)
    found = get_or_404(Template.objects.filter(channel=channel), template_id)
    values = template_parts.sample_values(found.components)
    context = _row(found) | {
        "channel": channel,
        "preview": preview(found.components, values),
        "titles": template_parts.titles(found.components),
        "media": template_parts.media(found.components),
        "places": template_parts.places(found.components),
    }
    return render(request, "conversations/template.html", context)


@requires(Permission.CHANNELS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def template_new(request: BusinessRequest, channel_id: UUID) -> HttpResponse:
    """Write one and have it looked at by the vendor."""
    channel = _channel(channel_id)
    form = TemplateForm(request.POST, request.FILES) if request.method == "POST" else TemplateForm()
    if form.is_bound and form.is_valid() and _created(request, channel, form):
        messages.success(request, _("Submitted. The vendor looks at it, mostly within minutes."))
        return redirect(burl(request, "conversations:templates", channel.pk))
    context = {
        "channel": channel,
        "form": form,
        "rows": form.button_rows(),
        "samples": sorted(form.samples().items()),
    }
    return render(request, "conversations/template_new.html", context, status=422 if form.is_bound else 200)


def _created(request: BusinessRequest, channel: Channel, form: TemplateForm) -> bool:
    data = form.cleaned_data
    try:
        create_template(
            channel=channel,
            name=data["name"],
            language=data["language"],
            category=data["category"],
            components=data["written"].components,
            is_named=data["written"].is_named,
            sample=data.get("sample"),
            by=request.actor,
        )
    except Refused as refusal:
        form.refuse(refusal)
        return False
    return True


@requires(Permission.CHANNELS_WRITE)
@require_POST
def template_removal(request: BusinessRequest, channel_id: UUID, template_id: UUID) -> HttpResponse:
    """Delete it, also at the vendor."""
    channel = _channel(channel_id)
    found = get_or_404(Template.objects.filter(channel=channel), template_id)
    delete_template(template=found, by=request.actor)
    messages.success(request, _("It is being deleted, also at the vendor."))
    return redirect(burl(request, "conversations:templates", channel.pk))


@requires(Permission.CHANNELS_WRITE)
@require_POST
def template_fetch(request: BusinessRequest, channel_id: UUID) -> HttpResponse:
    """Fetch them from the vendor now."""
    channel = _channel(channel_id)
    look_again(channel, now=True)
    messages.info(request, _("They are being fetched. Load the page again in a moment."))
    return redirect(burl(request, "conversations:templates", channel.pk))
