"""Messenger: a Facebook page's messages and comments. See tests/vendors/meta.py."""

import json
import time
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from tests.vendors.meta import MEGABYTE, Meta, no
from tests.vendors.stand_in import Answer, Call, Hook, Person, Sent

PAGE = "682498302938465"
POST = f"{PAGE}_1001"


class Messenger(Meta):
    """A page."""

    kind = "messenger"
    account = PAGE
    about = "page"
    text_limit = 2_000
    limits = dict.fromkeys(("image", "audio", "video", "file"), 25 * MEGABYTE)

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.templates: list[dict[str, Any]] = []

    def channel_settings(self) -> dict[str, Any]:
        return {"page_id": PAGE}

    def status(self, channel_id: UUID, sent: Sent, status: str) -> Hook | None:
        now = int(time.time() * 1_000)
        told: dict[str, dict[str, Any]] = {
            "delivered": {"delivery": {"mids": [sent.id], "watermark": now}},
            "read": {"read": {"watermark": now}},
        }
        if status not in told:
            return None
        item = {"sender": {"id": sent.to}, "recipient": {"id": PAGE}, "timestamp": now, **told[status]}
        return self.hook(channel_id, self.event(item))

    def comment(
        self, channel_id: UUID, person: Person, text: str, *, id: str = "", at: float = 0, **more: Any
    ) -> Hook:
        """Somebody comments below a post of the page."""
        id_ = id or f"1001_{len(self.comments) + 1}"
        if more.get("verb", "add") == "add":
            self.comments[id_] = at or time.time()
        value = {
            "item": "comment",
            "verb": "add",
            "comment_id": id_,
            "post_id": POST,
            "parent_id": POST,
            "from": {"id": person.address, "name": person.name},
            "message": text,
            "created_time": int(at or time.time()),
            "post": {"id": POST, "permalink_url": f"https://www.facebook.com/{PAGE}/posts/1001"},
            **more,
        }
        return self.hook(channel_id, self.change("feed", value, at))

    def _posted(self, node: str, edge: str, call: Call) -> Answer | None:
        if (node, edge) != (PAGE, "message_templates"):
            return super()._posted(node, edge, call)
        if call.method == "DELETE":
            name = parse_qs(call.query)["name"][0]
            kept = [one for one in self.templates if one["name"] != name]
            known, self.templates = len(kept) < len(self.templates), kept
            return Answer(200, {"success": True}) if known else no(400, 100, "Invalid parameter: name")
        told = json.loads(call.body)
        parts = [part.get("type") for part in told.get("components", [])]
        if told.get("category") != "UTILITY" or "BODY" not in parts or not told.get("language"):
            return no(400, 100, "Invalid parameter")
        self.templates.append({**told, "id": str(5_000 + len(self.templates)), "status": "APPROVED"})
        return Answer(200, {"id": self.templates[-1]["id"], "status": "APPROVED", "category": "UTILITY"})

    def _node(self, node: str, fields: str) -> Answer:
        if node == f"{PAGE}/message_templates":
            return Answer(200, {"data": self.templates, "paging": {"cursors": {"after": "x"}}})
        if node == PAGE:
            return Answer(200, {"id": PAGE, "name": "Café Sol", "username": "cafesol"})
        return super()._node(node, fields)
