"""Our side of the ledger vendor: idempotency key in, look-up afterwards."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from typing import Any

from conversations.channels.base import (
    Adapter,
    Capabilities,
    ChannelError,
    Inbound,
    InboundStatus,
    Unreadable,
)
from conversations.models import Channel, Delivery, InboundEvent

TIMEOUT = 30  # seconds


class Confused(Exception):
    """The vendor answered in a way that says nothing about the message."""


class LedgerAdapter(Adapter):
    """Outbound only."""

    kind = "ledger"
    title = "Ledger"
    capabilities = Capabilities(text_limit=4_000, attachments=False, looks_up=True)

    def parse(self, event: InboundEvent, channel: Channel) -> list[Inbound]:
        raise Unreadable("The ledger sends nothing.")

    def prepare(self, delivery: Delivery) -> dict[str, str]:
        return {"key": str(delivery.pk), "text": delivery.message.text}

    def own_id(self, prepared: dict[str, str]) -> str:
        """The vendor gives an id before the message is handed over: after the claim, before the mark."""
        _status, body = _call("POST", "/ids", {"key": prepared["key"]})
        return str(body["id"])

    def send(self, prepared: dict[str, str]) -> str:
        status, body = _call("POST", "/messages", prepared)
        match status:
            case 201 | 409:  # 409: it has had this key before
                return str(body["id"])
            case 429:
                raise ChannelError("The vendor asks us to slow down.", permanent=False)
            case 400:
                raise ChannelError("The vendor refused the message.", permanent=True)
        raise Confused(f"status {status}")

    def look_up(self, delivery: Delivery) -> InboundStatus | None:
        status, body = _call("GET", f"/messages/{delivery.pk}")
        match status:
            case 200:
                return InboundStatus(provider_id=str(body["id"]), status="sent")
            case 404:
                return InboundStatus(provider_id="", status="pending")
        return None


def _call(method: str, path: str, data: dict[str, str] | None = None) -> tuple[int, Any]:
    body = None if data is None else json.dumps(data).encode()
    request = urllib.request.Request(os.environ["LEDGER_URL"] + path, body, method=method)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")


adapter = LedgerAdapter()
