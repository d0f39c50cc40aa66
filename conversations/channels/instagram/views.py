"""The addresses that Instagram's webhooks call."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from conversations.channels.meta import hooks, networks

PLATFORM = hooks.by_entry(networks.INSTAGRAM)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def channel_hook(request: HttpRequest, channel_id: UUID) -> HttpResponseBase:
    """The address of a channel with its own app: GET is Meta's verification, POST an event."""
    return hooks.for_channel(request, channel_id, PLATFORM)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def app_hook(request: HttpRequest) -> HttpResponseBase:
    """The address of our own app, which serves every business."""
    return hooks.for_everybody(request, PLATFORM)
