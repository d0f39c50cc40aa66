"""The ways customers write on: listed, opened, changed, tried and closed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations.actions.channels import (
    create_channel,
    delete_channel,
    request_check,
    reset_token,
    update_channel,
)
from conversations.channels.base import Adapter
from conversations.channels.registry import adapter_for, adapters
from conversations.models import Channel
from conversations.reasons import shown
from conversations.workspace import facts
from conversations.workspace.views.outbox import waiting_card
from tenants.decorators import get_or_404, requires
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

PAGE = "conversations/channel.html"


@requires(Permission.CHANNELS_READ)
@require_safe
def channels(request: BusinessRequest) -> HttpResponse:
    """All of them, and which of them do not work."""
    rows = [
        {
            "channel": channel,
            "icon": facts.channel_icon(channel.kind),
            "title": facts.channel_title(channel.kind),
            "problem": shown(channel.problem),
        }
        for channel in Channel.objects.all()
    ]
    return render(request, "conversations/channels.html", {"rows": rows})


@requires(Permission.CHANNELS_WRITE)
@require_safe
def kinds(request: BusinessRequest) -> HttpResponse:
    """What can be opened."""
    offered = [adapter for adapter in adapters().values() if adapter.connection.offered]
    return render(request, "conversations/channel_kinds.html", {"kinds": offered})


@requires(Permission.CHANNELS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: BusinessRequest, kind: str) -> HttpResponse:
    """Open a channel of a kind: what to do at the vendor, then what to enter."""
    adapter = _offered(kind)
    form = adapter.connection.form(request.POST or None, channel=Channel(kind=kind, name=str(adapter.title)))
    if request.method == "POST" and form.is_valid():
        made = create_channel(kind=kind, by=request.actor, **form.changes())
        messages.success(request, _("The channel is open."))
        return redirect(burl(request, "conversations:channel", made.pk))
    context = {"adapter": adapter, "connection": adapter.connection, "form": form}
    return render(request, "conversations/channel_new.html", context, status=422 if form.is_bound else 200)


@requires(Permission.CHANNELS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def channel(request: BusinessRequest, channel_id: UUID) -> HttpResponse:
    """One channel: what is copied from it, whether it works, what it is called."""
    found = _channel(channel_id)
    form = adapter_for(found.kind).connection.form(request.POST or None, channel=found)
    if request.method == "POST" and form.is_valid():
        update_channel(channel=found, by=request.actor, **form.changes())
        messages.success(request, _("Saved."))
        return redirect(burl(request, "conversations:channel", found.pk))
    return render(request, PAGE, page(found) | {"form": form}, status=422 if form.is_bound else 200)


@requires(Permission.CHANNELS_WRITE)
@require_POST
@never_cache
def token(request: BusinessRequest, channel_id: UUID) -> HttpResponse:
    """A new token for the channel's webhook, shown this once."""
    found = _channel(channel_id)
    if not adapter_for(found.kind).connection.has_token:
        raise Http404
    made = reset_token(channel=found, by=request.actor)
    return render(request, PAGE, page(found) | {"token": made})


@requires(Permission.CHANNELS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request: BusinessRequest, channel_id: UUID) -> HttpResponse:
    """POST lets a worker try the channel; GET is how far it is."""
    found = _channel(channel_id)
    if request.method == "POST":
        try:
            request_check(channel=found, by=request.actor)
        except Refused as refused:
            messages.error(request, str(refused))
        if not request.htmx:
            return redirect(burl(request, "conversations:channel", found.pk) + "#check")
    return render(request, "conversations/channel_check.html", checking(found))


@requires(Permission.CHANNELS_WRITE)
@require_POST
def closure(request: BusinessRequest, channel_id: UUID) -> HttpResponse:
    """Close a channel for good: its secrets are forgotten, its conversations stay."""
    delete_channel(channel=_channel(channel_id), by=request.actor)
    messages.success(request, _("The channel is closed and its keys are forgotten. Its conversations stay."))
    return redirect(burl(request, "conversations:channels"))


def page(found: Channel) -> dict[str, Any]:
    """What the page of a channel shows."""
    adapter = adapter_for(found.kind)
    connection = adapter.connection
    return {
        "adapter": adapter,
        "connection": connection,
        "copied": connection.copied(found),
        "form": connection.form(None, channel=found),
        "can_check": connection.can_check(found),
        **checking(found),
        **waiting_card(found),
        **connection.page(found),
    }


def checking(found: Channel) -> dict[str, Any]:
    """What the last check found, and whether one is on its way."""
    return {
        "channel": found,
        "findings": [
            {"what": _(what), "works": works, "said": shown(said)} for what, works, said in found.findings
        ],
    }


def _channel(channel_id: UUID) -> Channel:
    found: Channel = get_or_404(Channel.objects.filter(kind__in=adapters()), channel_id)
    return found


def _offered(kind: str) -> Adapter:
    adapter = adapters().get(kind)
    if adapter is None or not adapter.connection.offered:
        raise Http404
    return adapter
