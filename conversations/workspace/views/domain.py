"""The page that says how the domain of a mail channel stands, and what to write into its DNS."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conversations import domain_words
from conversations.actions import domains as acts
from conversations.models import Channel
from tenants.decorators import get_or_404, requires
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

PAGE, PART = "conversations/domain.html", "conversations/domain_records.html"


@requires(Permission.CHANNELS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def domain(request: BusinessRequest, channel_id: UUID) -> HttpResponse:
    """POST lets a worker ask the DNS; GET is what it found."""
    channel = _channel(channel_id)
    if request.method == "POST":
        try:
            acts.request_look(channel=channel, by=request.actor)
        except Refused as refused:
            messages.error(request, str(refused))
        if not request.htmx:
            return redirect(burl(request, "conversations:channel-domain", channel.pk))
    return _shown(request, channel, PART if request.htmx else PAGE)


@requires(Permission.CHANNELS_WRITE)
@require_POST
def key(request: BusinessRequest, channel_id: UUID) -> HttpResponse:
    """Sign with a key of one's own from now on, or leave it to the mail server."""
    channel = _channel(channel_id)
    try:
        if "drop" in request.POST:
            acts.drop_key(channel=channel, by=request.actor)
            messages.success(request, _("We do not sign any more. Your mail server has to."))
        else:
            acts.make_key(channel=channel, by=request.actor)
            messages.success(request, _("The key is made. Add its record to your DNS."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(burl(request, "conversations:channel-domain", channel.pk))


def _shown(request: BusinessRequest, channel: Channel, template: str) -> HttpResponse:
    found = acts.standing(channel)
    records = [
        {
            "line": line,
            "name": domain_words.NAMES[line.what],
            "why": domain_words.WHY[line.what],
            "state": domain_words.STATES[line.state],
            "tone": domain_words.TONES[line.state],
            "advice": domain_words.advice(line.what, line.state),
        }
        for line in found.lines
    ]
    return render(request, template, {"channel": channel, "standing": found, "records": records})


def _channel(channel_id: UUID) -> Channel:
    found: Channel = get_or_404(Channel.objects.filter(kind="email", is_active=True), channel_id)
    if found.kind != "email":
        raise Http404
    return found
