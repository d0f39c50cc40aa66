"""What every webhook does with a call before it stores anything: is it whole, and whose secret signs it."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from conversations.channels.entrance import Entrance
from conversations.models import Channel
from tenants.kit.problems import problem
from tenants.scoping import tenant_scope


def whole_body(request: HttpRequest, largest: int) -> bytes | HttpResponse:
    """The body when it came whole and is not larger than `largest` bytes, else what is wrong."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if "HTTP_TRANSFER_ENCODING" in request.META or not (length.isascii() and length.isdigit()):
        return problem(411, "Send the event with its Content-Length.")
    if int(length[:20]) > largest:
        return problem(413, f"The event is larger than {largest // 1024:,} KB.")
    body = request.body
    if len(body) != int(length):
        return problem(400, "The event did not arrive whole. Send it again.")
    return body


def secrets_of(entrance: Entrance) -> dict[str, Any]:
    """The secrets of the channel behind an entrance, remembered until its row changes."""
    return _secrets(entrance.tenant_id, entrance.channel_id, entrance.version)


@lru_cache(maxsize=1_024)
def _secrets(tenant_id: UUID, channel_id: UUID, version: str) -> dict[str, Any]:
    """`version` is another one after every change of the row."""
    with tenant_scope(tenant_id):
        channel = Channel.objects.filter(pk=channel_id).first()
    return channel.secrets if channel else {}
