"""Telegram as far as we talk to it: a bot's calls of the Bot API, and its webhook.

It refuses what the documented API refuses (token, webhook address and secret, lengths, files, albums,
buttons, people who never wrote or who blocked the bot) and misbehaves when told to.
Source: core.telegram.org/bots/api (Bot API 10.3).
"""

import itertools
import json
import re
import time
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote
from uuid import UUID

from tests.vendors.stand_in import RETRY_AFTER, Answer, Call, Hook, Mood, Person, Sent, StandIn, Upload

BOT = 4839574812
TOKEN = f"{BOT}:AAFD39kkdpWt3ywyRZergyOLMaJhac60qcK"
SECRET = "hook_secret-0123456789"
USERNAME = "tienda_luna_bot"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
EMOJI = frozenset(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡"
)
SENDING = {
    "sendMessage": "text",
    "sendPhoto": "photo",
    "sendVideo": "video",
    "sendAudio": "audio",
    "sendVoice": "voice",
    "sendDocument": "document",
    "sendMediaGroup": "media",
    "sendLocation": "latitude",
    "sendVenue": "title",
}
REFUSALS = {
    400: "Bad Request: message is too long",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
}


@dataclass
class Stored:
    """A file at the vendor."""

    content: bytes
    content_type: str
    path: str
    size: int  # as the vendor tells it


class Telegram(StandIn):
    """One bot. `hook` is what setWebhook was told, `typed` the chats that were shown typing."""

    kind: ClassVar[str] = "telegram"
    refusal_code: ClassVar[int] = 403
    broken_code: ClassVar[int] = 401
    address_form: ClassVar[str] = "5241{:05d}"

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.files: dict[str, Stored] = {}
        self.known: set[str] = set()
        self.blockers: set[str] = set()
        self.moved: dict[str, int] = {}
        self.answered: list[str] = []  # pressed buttons we heard of
        self.typed: list[str] = []
        self.hook: dict[str, Any] = {}
        self.last_error: tuple[float, str, int] | None = None
        self._numbers = itertools.count(1)
        self._updates = itertools.count(700_000_001)
        self._known_updates: dict[str, tuple[int, int]] = {}

    # --- what a vendor says of itself ---

    def django_settings(self) -> dict[str, Any]:
        return {"TELEGRAM_API": self.host, "OUTBOUND_ALLOWED": ["127.0.0.1/32"]}

    def channel_settings(self) -> dict[str, Any]:
        return {}

    def channel_secrets(self) -> dict[str, Any]:
        return {"bot_token": TOKEN, "webhook_secret": SECRET}

    def wrote(self, person: Person, *, hours_ago: float = 0) -> None:
        self.known.add(person.address)
        self.blockers.discard(person.address)

    # --- calls of our webhook ---

    def text(self, channel_id: UUID, person: Person, text: str, *, event_id: str = "", at: float = 0) -> Hook:
        return self.message(channel_id, person, event_id=event_id, at=at, text=text)

    def file(self, channel_id: UUID, person: Person, upload: Upload, *, text: str = "") -> Hook:
        said = self.media(upload) | ({"caption": text} if text else {})
        return self.message(channel_id, person, **said)

    def media(self, upload: Upload) -> dict[str, Any]:
        """Keep a file; what a message says of it."""
        with self._lock:
            file_id = f"AgACAgEAAx{len(self.files)}"
            path = f"documents/file_{len(self.files)}"
            self.files[file_id] = Stored(upload.content, upload.content_type, path, len(upload.content))
        known = {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(upload.content)}
        if upload.content_type == "image/jpeg":
            small = {**known, "file_id": f"{file_id}-small", "width": 90, "height": 67}
            return {"photo": [small, {**known, "width": 1280, "height": 960}]}
        if upload.content_type == "audio/ogg":
            return {"voice": {**known, "duration": 3, "mime_type": "audio/ogg"}}
        return {"document": {**known, "file_name": upload.name, "mime_type": upload.content_type}}

    def pressed(self, channel_id: UUID, person: Person, sent: Sent, title: str) -> Hook | None:
        self.wrote(person)
        keyboard = sent.body.get("reply_markup") or {}
        buttons = [button for row in keyboard.get("inline_keyboard", []) for button in row]
        button = next((one for one in buttons if one["text"] == title), None)
        if button is None:
            return None
        under = {
            "message_id": int(sent.id.rpartition(":")[2]),
            "from": ourselves(),
            "chat": chat_of(person),
            "date": int(sent.at),
            "text": sent.text,
            "reply_markup": keyboard,
        }
        said = {
            "id": str(next(self._numbers) + 4_382_000_000),
            "from": user_of(person),
            "message": under,
            "chat_instance": "-3784923",
            "data": button["callback_data"],
        }
        return self.update(channel_id, callback_query=said)

    def shares_phone(self, channel_id: UUID, person: Person, phone: str) -> Hook | None:
        contact = {"phone_number": phone, "first_name": person.name, "user_id": int(person.address)}
        return self.message(channel_id, person, contact=contact)

    def odd(self, channel_id: UUID, person: Person) -> Hook:
        self.wrote(person)
        said = {"id": "h1", "from": user_of(person), "date": int(time.time()), "shape": "cube"}
        return self.update(channel_id, hologram=said)

    def forged(self, hook: Hook) -> Hook:
        return hook._replace(headers={**hook.headers, HEADER: "guessed"})

    def message(
        self, channel_id: UUID, person: Person, *, event_id: str = "", at: float = 0, **said: Any
    ) -> Hook:
        """A message of any kind; what it says as the API names it."""
        self.wrote(person)
        update, number = self._numbered(event_id)
        whole = {
            "message_id": number,
            "from": user_of(person),
            "chat": chat_of(person),
            "date": int(at or time.time()),
            **said,
        }
        return self.update(channel_id, update_id=update, message=whole)

    def blocks(self, channel_id: UUID, person: Person, *, again: bool = False, at: float = 0) -> Hook:
        """The person blocks the bot, or lets it write again."""
        if again:
            self.wrote(person)
        else:
            self.blockers.add(person.address)
        bot = ourselves()
        old, new = ("kicked", "member") if again else ("member", "kicked")
        said = {
            "chat": chat_of(person),
            "from": user_of(person),
            "date": int(at or time.time()),
            "old_chat_member": {"user": bot, "status": old},
            "new_chat_member": {"user": bot, "status": new, "until_date": 0},
        }
        return self.update(channel_id, my_chat_member=said)

    def update(self, channel_id: UUID, *, update_id: int = 0, **said: Any) -> Hook:
        """Any update."""
        body = json.dumps({"update_id": update_id or next(self._updates), **said}).encode()
        path = f"/hooks/telegram/{channel_id}/"
        return Hook(path, body, "application/json", {HEADER: self.hook.get("secret_token", SECRET)})

    def _numbered(self, event_id: str) -> tuple[int, int]:
        """The update's and the message's number; the same for the same event."""
        with self._lock:
            if event_id in self._known_updates:
                return self._known_updates[event_id]
            made = (next(self._updates), next(self._numbers))
            if event_id:
                self._known_updates[event_id] = made
            return made

    # --- the API ---

    def answer(self, call: Call) -> Answer | None:
        found = re.fullmatch(r"/bot([^/]+)/(\w+)", unquote(call.path))
        if call.path.startswith("/file/"):
            return self._stored(unquote(call.path))
        if not found or found[1] != TOKEN:
            return error(401 if found else 404, "Unauthorized" if found else "Not Found")
        if self.knows_no_token:
            return error(401, REFUSALS[401])
        given, files = fields_of(call)
        method = found[2]
        if method in SENDING:
            return self._send(method, given, files)
        if method == "setMessageReaction":
            return self._react(given)
        quiet = {
            "getMe": lambda _given: done(ourselves()),
            "setWebhook": self._set_hook,
            "getWebhookInfo": lambda _given: done(self._hook_info()),
            "getFile": lambda given: self._where(str(given.get("file_id"))),
            "answerCallbackQuery": lambda given: self._heard(self.answered, given.get("callback_query_id")),
            "sendChatAction": lambda given: self._heard(self.typed, given.get("chat_id")),
        }
        return quiet[method](given) if method in quiet else error(404, "Not Found: method not found")

    def _heard(self, told: list[str], what: Any) -> Answer:
        told.append(str(what))
        return done(True)

    def _send(self, method: str, given: dict[str, Any], files: dict[str, bytes]) -> Answer | None:
        to = str(given.get("chat_id"))
        if to in self.moved:
            known = {"migrate_to_chat_id": self.moved[to]}
            return error(400, "Bad Request: group chat was upgraded to a supergroup chat", **known)
        if (refused := self._stranger(to) or self._wrong(method, given, files)) is not None:
            return refused
        said = given.get("text") or given.get("caption") or ""
        if method == "sendMediaGroup":
            said = given["media"][0].get("caption", "")
        return self.take(to, said, {"method": method, **given, "files": files})

    def _stranger(self, to: str) -> Answer | None:
        if to in self.blockers:
            return error(403, REFUSALS[403])
        if to not in self.known:
            return error(400, "Bad Request: chat not found")
        return None

    def _wrong(self, method: str, given: dict[str, Any], files: dict[str, bytes]) -> Answer | None:
        """The vendor's complaint about a message, None when it is in order."""
        needed = SENDING[method]
        rows = (given.get("reply_markup") or {}).get("inline_keyboard", [])
        photo = files.get("photo", b"") if method == "sendPhoto" else b""
        album = method != "sendMediaGroup" or is_album(given.get("media", []), files)
        complaints = {
            f"Bad Request: there is no {needed} in the request": needed not in given and needed not in files,
            "Bad Request: message is too long": not 0 < len(given.get("text", "x")) <= 4_096,
            "Bad Request: message caption is too long": len(given.get("caption", "")) > 1_024,
            "Request Entity Too Large": any(len(content) > 50_000_000 for content in files.values()),
            "Bad Request: PHOTO_INVALID_DIMENSIONS": len(photo) > 10_000_000,
            "Bad Request: wrong type of the media group": not album,
            "Bad Request: BUTTON_DATA_INVALID": not all(is_button(one) for row in rows for one in row),
        }
        return next((error(400, said) for said, is_wrong in complaints.items() if is_wrong), None)

    def _react(self, given: dict[str, Any]) -> Answer | None:
        signs = [one.get("emoji", "") for one in given.get("reaction", [])]
        if len(signs) > 1 or any(sign.rstrip("\ufe0f") not in EMOJI for sign in signs):
            return error(400, "Bad Request: REACTION_INVALID")
        if not isinstance(given.get("message_id"), int):
            return error(400, "Bad Request: message to react not found")
        if (refused := self._stranger(str(given.get("chat_id"))) or self.in_mood()) is not None:
            return refused
        taken = self.take(str(given["chat_id"]), "".join(signs), {"method": "setMessageReaction", **given})
        return done(True) if taken is not None else None

    def _set_hook(self, given: dict[str, Any]) -> Answer:
        secret = str(given.get("secret_token", ""))
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            return error(400, "Bad Request: secret token contains unallowed characters")
        url = str(given.get("url", ""))
        if not url.startswith("https://") and not (self.is_simulated and url.startswith("http://localhost:")):
            return error(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.hook = given
        return done(True)

    def _hook_info(self) -> dict[str, Any]:
        info = {"url": self.hook.get("url", ""), "has_custom_certificate": False, "pending_update_count": 0}
        if self.last_error:
            at, said, waiting = self.last_error
            info |= {
                "last_error_date": int(at),
                "last_error_message": said,
                "pending_update_count": waiting,
            }
        return info

    def _where(self, file_id: str) -> Answer:
        file = self.files.get(file_id)
        if file is None:
            return error(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if file.size > 20 * 1024 * 1024:
            return error(400, "Bad Request: file is too big")
        return done({"file_id": file_id, "file_size": file.size, "file_path": file.path})

    def _stored(self, path: str) -> Answer:
        asked = path.removeprefix(f"/file/bot{TOKEN}/")
        file = next((one for one in self.files.values() if one.path == asked), None)
        if file is None:
            return error(404, "Not Found")
        return Answer(200, file.content, "application/octet-stream")

    # --- what it says of messages ---

    def id_of(self, number: int) -> str:
        return str(next(self._numbers))

    def accepted(self, sent: Sent) -> Answer:
        number, sent.id = int(sent.id), f"{sent.to}:{sent.id}"  # a number counts in its chat only
        taken = {"message_id": number, "date": int(sent.at), "chat": {"id": int(sent.to), "type": "private"}}
        count = len(sent.body["media"]) if sent.body["method"] == "sendMediaGroup" else 0
        return done([taken] * count if count else taken)

    def in_mood(self) -> Answer | None:
        match self.mood:
            case Mood.BREAKS:
                return error(500, "Internal Server Error")
            case Mood.THROTTLES:
                said = f"Too Many Requests: retry after {RETRY_AFTER}"
                return error(429, said, retry_after=RETRY_AFTER)
            case Mood.REFUSES:
                return error(self.code, REFUSALS.get(self.code, "Bad Request: refused"))
        return None


def ourselves() -> dict[str, Any]:
    """The bot."""
    return {"id": BOT, "is_bot": True, "first_name": "Luna", "username": USERNAME}


def is_button(button: dict[str, Any]) -> bool:
    return bool(button["text"]) and 1 <= len(button["callback_data"].encode()) <= 64


def user_of(person: Person) -> dict[str, Any]:
    """A person as the API shows him."""
    first, _space, last = person.name.partition(" ")
    named = {"first_name": first or "A", **({"last_name": last} if last else {})}
    return {"id": int(person.address), "is_bot": False, **named, "language_code": "es"}


def chat_of(person: Person) -> dict[str, Any]:
    """The private chat with a person has his id."""
    return {"id": int(person.address), "first_name": person.name.partition(" ")[0], "type": "private"}


def done(result: Any) -> Answer:
    return Answer(200, {"ok": True, "result": result})


def error(code: int, description: str, **parameters: int) -> Answer:
    said: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return Answer(code, said | ({"parameters": parameters} if parameters else {}))


def is_album(media: list[dict[str, Any]], files: dict[str, bytes]) -> bool:
    """Two to ten files that are there, of kinds that go together."""
    kinds = {one["type"] for one in media}
    together = len(kinds) == 1 or kinds <= {"photo", "video"}
    here = all(one["media"].removeprefix("attach://") in files for one in media)
    return 2 <= len(media) <= 10 and together and here and "voice" not in kinds


def fields_of(call: Call) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The fields and files of a call: JSON, a form with files, or the address."""
    kind = call.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return json.loads(call.body or b"{}"), {}
    if not kind.startswith("multipart/form-data"):
        return {name: read_value(found[0]) for name, found in parse_qs(call.query).items()}, {}
    parts: Message = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + call.body)
    given: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    for part in parts.get_payload():
        assert isinstance(part, Message)
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if part.get_filename() is None:
            given[name] = content.decode() if name in {"caption", "text"} else read_value(content.decode())
        else:
            files[name] = content
    return given, files


def read_value(written: str) -> Any:
    """What a form's text means where it is JSON."""
    try:
        return json.loads(written)
    except ValueError:
        return written
