"""Instagram: a professional account's messages and comments. See tests/vendors/meta.py."""

import time
from typing import Any
from uuid import UUID

from tests.vendors.meta import MEGABYTE, Meta
from tests.vendors.stand_in import Answer, Hook, Person, Sent

ACCOUNT = "17841400008460056"
PAGE = "682498302938465"
MEDIA = "17858893269000001"


class Instagram(Meta):
    """An account with a login of its own; with `by_page` it is reached through its Facebook page."""

    kind = "instagram"
    account = ACCOUNT
    about = "instagram"
    text_limit = 1_000  # bytes
    limits = {"image": 8 * MEGABYTE, "audio": 25 * MEGABYTE, "video": 25 * MEGABYTE, "file": 25 * MEGABYTE}
    types = {
        "image": {"image/png", "image/jpeg", "image/gif"},
        "audio": {"audio/aac", "audio/m4a", "audio/x-m4a", "audio/mp4", "audio/wav", "audio/x-wav"},
        "video": {"video/mp4", "video/ogg", "video/x-msvideo", "video/quicktime", "video/webm"},
        "file": {"application/pdf"},
    }
    _reply_edge = "replies"
    _hide_field = "hide"

    def __init__(self, port: int = 0, *, by_page: bool = False) -> None:
        super().__init__(port)
        self.by_page = by_page

    @property
    def node(self) -> str:
        """Whose endpoint takes messages."""
        return PAGE if self.by_page else ACCOUNT

    def channel_settings(self) -> dict[str, Any]:
        return {"account_id": ACCOUNT} | ({"page_id": PAGE} if self.by_page else {})

    def channel_secrets(self) -> dict[str, Any]:
        return super().channel_secrets() | {"meta_app_secret": "of-the-app-at-meta"}

    def status(self, channel_id: UUID, sent: Sent, status: str) -> Hook | None:
        if status != "read":
            return None
        item = {
            "sender": {"id": sent.to},
            "recipient": {"id": ACCOUNT},
            "timestamp": int(time.time() * 1_000),
            "read": {"mid": sent.id},
        }
        return self.hook(channel_id, self.event(item))

    def comment(
        self, channel_id: UUID, person: Person, text: str, *, id: str = "", at: float = 0, **more: Any
    ) -> Hook:
        """Somebody comments below the account's media."""
        id_ = id or f"1790000{len(self.comments) + 1}"
        self.comments[id_] = at or time.time()
        value = {
            "id": id_,
            "from": {"id": person.address, "username": person.name},
            "text": text,
            "media": {"id": MEDIA, "media_product_type": "FEED"},
            **more,
        }
        return self.hook(channel_id, self.change("comments", value, at))

    def _length(self, said: str) -> int:
        return len(said.encode())

    def _wrong_content(self, message: dict[str, Any]) -> Answer | None:
        if "metadata" in message:
            return Answer(400, {"error": {"message": "Invalid parameter: metadata", "code": 100}})
        return super()._wrong_content(message)

    def _node(self, node: str, fields: str) -> Answer:
        if node == "me":
            return Answer(200, {"user_id": ACCOUNT, "id": "2400", "username": "cafesol", "name": "Café Sol"})
        if node == PAGE:
            return Answer(200, {"instagram_business_account": {"id": ACCOUNT, "username": "cafesol"}})
        return super()._node(node, fields)
