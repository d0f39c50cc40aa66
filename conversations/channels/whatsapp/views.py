"""The addresses that WhatsApp's webhooks call."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from conversations.channels.connection import Address
from conversations.channels.meta import hooks, values
from conversations.channels.meta.hooks import Platform


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


def pieces(entry: dict[str, Any]) -> Iterator[tuple[Address, dict[str, Any]]]:
    """Each change of an entry and whose it is: the number's, else the WhatsApp Business account's."""
    for change in values.mappings(entry.get("changes")):
        value = values.mapping(change.get("value"))
        number = values.text(values.mapping(value.get("metadata")).get("phone_number_id"), 100)
        account = values.text(values.mapping(value.get("waba_info")).get("waba_id"), 100)
        piece = {**entry, "changes": [change]}
        if number:
            yield Address("whatsapp", number), piece
        else:
            yield Address("whatsapp_account", account or values.text(entry.get("id"), 100)), piece


def own(settings: dict[str, Any]) -> set[Address]:
    """What a channel is known by."""
    names = {"whatsapp": "phone_number_id", "whatsapp_account": "waba_id"}
    return {Address(kind, values.text(settings.get(name), 100)) for kind, name in names.items()}


PLATFORM = Platform("whatsapp", pieces, own)
