"""The addresses that Twilio calls for a WhatsApp number."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from conversations.channels.twilio import hooks


@csrf_exempt
@require_POST
def hook(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """A customer's message."""
    return hooks.received(request, channel_id, "twilio_whatsapp")


@csrf_exempt
@require_POST
def status(request: HttpRequest, channel_id: UUID, delivery_id: UUID | None = None) -> HttpResponse:
    """What became of a message of ours."""
    return hooks.received(request, channel_id, "twilio_whatsapp", delivery_id)
