"""A browser with the widget open."""

import json
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from conversations.models import Channel, Message
from tenants.scoping import tenant_scope
from tests.conversations.inbound import read_everything
from tests.factories.tenants import Business


class Visitor:
    """Speaks docs/guides/web-chat-protocol.md to the server."""

    def __init__(self, business: Business, **headers: str) -> None:
        self.business = business
        with tenant_scope(business.tenant.id):
            self.channel = Channel.objects.get(kind="web")
        self.client = Client(headers={"accept-language": "en", **headers})
        self.token = ""

    def post(self, name: str, body: Any) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body)
        return self.client.post(
            f"/w/{self.channel.pk}/{name}",
            raw,
            content_type="application/json",
            headers={"authorization": f"Visitor {self.token}"},
        )

    def get(self, name: str, **query: str) -> Any:
        return self.client.get(
            f"/w/{self.channel.pk}/{name}", query, headers={"authorization": f"Visitor {self.token}"}
        )

    def begin(self, **body: Any) -> dict[str, Any]:
        """Ask for a token, with the one we have."""
        reply: dict[str, Any] = self.post("session/", {"token": self.token, **body}).json()
        self.token = reply["token"]
        return reply

    def upload(self, content: bytes, name: str = "foto.png") -> Any:
        return self.client.post(
            f"/w/{self.channel.pk}/files/?name={name}",
            content,
            content_type="application/octet-stream",
            headers={"authorization": f"Visitor {self.token}"},
        )

    def say(self, text: str, **body: Any) -> Any:
        answer = self.post("messages/", {"client_id": str(uuid4()), "text": text, **body})
        read_everything(self.business)
        return answer

    def said(self, text: str, **body: Any) -> Message:
        """A message as it was taken in."""
        answer = self.say(text, **body)
        assert answer.status_code == 202, answer.content
        with tenant_scope(self.business.tenant.id):
            found = Message.objects.select_related("conversation__customer")
            message: Message = found.get(client_id=UUID(answer.json()["client_id"]))
            return message
