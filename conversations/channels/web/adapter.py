"""Web chat: the visitor's widget posts and fetches, so what is stored is sent."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy, gettext_noop

from conversations.channels.base import Adapter, Capabilities, Inbound, InboundMessage, Unreadable
from conversations.channels.web import uploads
from conversations.channels.web.connection import WebConnection
from conversations.models import Channel, Delivery, InboundEvent
from crm.models import Identity

NO_MESSAGE = gettext_noop("This is not a message of the web chat")
ANSWER_KINDS = {"email": Identity.Kind.EMAIL, "phone": Identity.Kind.PHONE}
CLAIM_KINDS = {"id": Identity.Kind.EXTERNAL, **ANSWER_KINDS}


class WebAdapter(Adapter):
    """The chat on the business's own site."""

    kind = "web"
    title = gettext_lazy("Web chat")
    icon = "message-circle"
    connection = WebConnection()
    capabilities = Capabilities(
        text_limit=20_000,
        attachments=True,
        attachment_limit=20_000_000,
        fetches=True,
        buttons=10,
        list_rows=10,
    )

    def parse(self, event: InboundEvent, channel: Channel) -> list[Inbound]:
        try:
            posted = json.loads(bytes(event.body))
            visitor, client_id = str(UUID(posted["visitor"])), UUID(posted["client_id"])
            answers, page, text = posted["answers"], posted["page"], posted["text"]
            files = [UUID(one) for one in posted.get("files", [])]
            chosen = str(posted.get("choice", ""))
            written_at = datetime.fromisoformat(posted["written_at"]) if "written_at" in posted else None
            claims = {name: str(value) for name, value in dict(posted.get("vouched_for", {})).items()}
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable(f"{NO_MESSAGE}: {error}") from error
        return [
            InboundMessage(
                provider_id=f"{visitor}:{client_id}",
                identity_kind=Identity.Kind.WEB,
                identity=visitor,
                identity_verified=True,  # the token is ours
                name=claims.get("name") or answers.get("name", ""),
                text=text,
                language=posted.get("language", ""),
                client_id=client_id,
                also=tuple((kind, answers[name]) for name, kind in ANSWER_KINDS.items() if answers.get(name)),
                aliases=tuple((kind, claims[name]) for name, kind in CLAIM_KINDS.items() if claims.get(name)),
                files=uploads.files(channel.pk, UUID(visitor), files),
                provider_at=written_at,
                data={"page": page, "answers": answers, **(_choice(chosen, text) if chosen else {})},
            )
        ]

    def reaches(self, identity_kind: str) -> bool:
        return False  # a visitor is there only while his page is open

    def prepare(self, delivery: Delivery) -> str:
        return str(delivery.message_id)

    def send(self, prepared: str) -> str:
        return prepared


def _choice(chosen: str, title: str) -> dict[str, Any]:
    return {"kind": "choice", "choice": {"id": chosen, "title": title}}


adapter = WebAdapter()
