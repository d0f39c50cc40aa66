"""A business's WhatsApp number, as the tests use it."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.test import Client

from conversations.actions.channels import create_channel
from conversations.channels.base import Inbound
from conversations.channels.registry import adapter_for
from conversations.models import Channel, InboundEvent
from tenants import doors
from tenants.models import DirectoryEntry
from tenants.scoping import tenant_scope
from tests.conversations.inbound import read_everything
from tests.factories.tenants import Business
from tests.vendors import whatsapp

UPDATES = Path(__file__).parent / "updates"
ACCOUNT = "102290129340398"


def payloads() -> dict[str, dict[str, Any]]:
    """Every recorded event by file and name."""
    files = sorted(UPDATES.glob("*.json"))
    return {f"{f.stem}.{name}": p for f in files for name, p in json.loads(f.read_text()).items()}


class Number:
    """A number with its own app at Meta, and its door for the installation's app."""

    def __init__(self, business: Business, number: str = whatsapp.NUMBER, account: str = ACCOUNT) -> None:
        self.business = business
        with tenant_scope(business.tenant.id):
            settings = {"phone_number_id": number, "waba_id": account}
            made = create_channel(
                kind="whatsapp",
                name="WhatsApp",
                by=business.actor(),
                settings=settings,
                secrets={
                    "app_secret": whatsapp.APP_SECRET,
                    "access_token": whatsapp.TOKEN,
                    "verify_token": "verify",
                },
            )
            for kind, key in (("whatsapp", number), ("whatsapp_account", account)):
                doors.register(
                    DirectoryEntry.Kind.ADDRESS,
                    f"{kind}:{key}",
                    tenant_id=business.tenant.id,
                    target_id=made.pk,
                )
        self.channel: Channel = made

    @property
    def path(self) -> str:
        return f"/hooks/whatsapp/{self.channel.pk}/"

    def post(self, payload: object, **changes: Any) -> Any:
        return whatsapp.post(Client(), self.path, payload, **changes)

    def take_in(self, payload: object) -> InboundEvent:
        """Post an event and read it; returns it as it ended."""
        assert self.post(payload).status_code == 200
        read_everything(self.business)
        raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        with tenant_scope(self.business.tenant.id):
            event: InboundEvent = InboundEvent.objects.get(body_hash=hashlib.sha256(raw).hexdigest())
            return event

    def parse(self, payload: object) -> list[Inbound]:
        """What an event says."""
        raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        with tenant_scope(self.business.tenant.id):
            event = InboundEvent(channel=self.channel, body=raw, content_type="application/json")
            return adapter_for("whatsapp").parse(event, self.channel)


def event(*messages: dict[str, Any], number: str = whatsapp.NUMBER, **value: Any) -> dict[str, Any]:
    """The envelope around messages of customers."""
    metadata = {"display_phone_number": "972123456789", "phone_number_id": number}
    whole = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    if messages:
        whole["messages"] = list(messages)
    change = {"field": "messages", "value": whole}
    return {"object": "whatsapp_business_account", "entry": [{"id": ACCOUNT, "changes": [change]}]}


def says(said: str, id_: str = "wamid.1", at: int = 1_760_000_000, /, **more: Any) -> dict[str, Any]:
    """A customer's text."""
    who = {} if "from_user_id" in more else {"from": "5213312345678"}
    return {"id": id_, "timestamp": str(at), "type": "text", "text": {"body": said}, **who, **more}
