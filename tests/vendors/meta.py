"""Messenger and Instagram as far as we talk to them: the Graph API's Send API, files, comments, accounts.

They refuse what the documented API refuses: token, recipient, messaging_type and tag, window, lengths, kinds
and sizes of files. Source: developers.facebook.com/docs/messenger-platform/reference/send-api,
…/attachment-upload, …/policy/policy-overview, …/instagram-platform (Graph API v24.0).
"""

import json
import time
from email import message_from_bytes
from email.message import Message
from typing import Any, ClassVar, NamedTuple
from urllib.parse import parse_qs
from uuid import UUID

from conversations.channels.meta.signature import sign
from tests.vendors.stand_in import Answer, Call, Hook, Mood, Person, Sent, StandIn, Upload

VERSION = "v24.0"
TOKEN = "EAAG-page-token"
APP_SECRET = "meta-app-secret"
APP = 1_517_776_481_860_111
DAY = 24 * 3600  # seconds
MEGABYTE = 1 << 20
QUICK_REPLIES = 13
TITLE = 20  # characters


class Stored(NamedTuple):
    """A file at the vendor."""

    content: bytes
    content_type: str
    name: str = ""
    kind: str = ""


class Meta(StandIn):
    """One of the two networks."""

    address_form = "7430{:012d}"
    refusal_code = 551
    broken_code = 190
    account: ClassVar[str]  # the page's or account's id
    about: ClassVar[str]  # what its webhooks name as their object
    text_limit: ClassVar[int]
    limits: ClassVar[dict[str, int]]  # bytes by kind
    _reply_edge = "comments"
    _hide_field = "is_hidden"
    types: ClassVar[dict[str, set[str]]] = {}  # what it takes, by kind; empty takes all

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.files: dict[str, Stored] = {}
        self.last_written: dict[str, float] = {}
        self.names: dict[str, str] = {}
        self.comments: dict[str, float] = {}
        self.answered: set[str] = set()
        self.hidden: dict[str, bool] = {}
        self.actions: list[dict[str, Any]] = []
        self.subscribed: list[str] = []
        self.told = 0
        self.may_comments = True
        self.human_agent = True

    # --- what it says of itself ---

    def django_settings(self) -> dict[str, Any]:
        return {"META_API": f"{self.host}/{VERSION}", "META_INSTAGRAM_API": f"{self.host}/{VERSION}"}

    def channel_secrets(self) -> dict[str, Any]:
        return {"access_token": TOKEN, "app_secret": APP_SECRET, "verify_token": "verify"}

    def id_of(self, number: int) -> str:
        return f"m_{self.kind}.{number}"

    def accepted(self, sent: Sent) -> Answer:
        if sent.body.get("_public"):
            self.comments[sent.id] = time.time()
            return Answer(200, {"id": sent.id})
        return Answer(200, {"recipient_id": sent.to, "message_id": sent.id})

    def in_mood(self) -> Answer | None:
        match self.mood:
            case Mood.BREAKS:
                return no(500, 2, "An unexpected error has occurred")
            case Mood.THROTTLES:
                return no(429, 613, "Calls to this API have exceeded the rate limit")._replace(
                    headers={"Retry-After": "7"}
                )
            case Mood.REFUSES:
                return no(401 if self.code == 190 else 400, self.code, "Refused")
        return None

    # --- its webhooks ---

    def wrote(self, person: Person, *, hours_ago: float = 0) -> None:
        self.names[person.address] = person.name
        self.last_written[person.address] = time.time() - hours_ago * 3600

    def _mid(self) -> str:
        with self._lock:
            self.told += 1
        return f"m_in.{self.told}"

    def hook(self, channel_id: UUID, payload: object) -> Hook:
        """A call of the channel's own address, signed."""
        raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        headers = {"X-Hub-Signature-256": sign(raw, APP_SECRET)}
        return Hook(f"/hooks/{self.kind}/{channel_id}/", raw, "application/json", headers)

    def forged(self, hook: Hook) -> Hook:
        return hook._replace(headers={"X-Hub-Signature-256": sign(hook.body, "another secret")})

    def event(self, *messaging: dict[str, Any], account: str = "") -> dict[str, Any]:
        """The envelope around messaging events."""
        entry = {"id": account or self.account, "time": _now(), "messaging": list(messaging)}
        return {"object": self.about, "entry": [entry]}

    def change(self, field: str, value: dict[str, Any], at: float = 0) -> dict[str, Any]:
        """The envelope around a change."""
        entry = {
            "id": self.account,
            "time": int(at or time.time()),
            "changes": [{"field": field, "value": value}],
        }
        return {"object": self.about, "entry": [entry]}

    def from_person(self, person: Person, at: float = 0, **said: Any) -> dict[str, Any]:
        """A messaging event of a customer."""
        self.names[person.address] = person.name
        self.last_written[person.address] = max(at or time.time(), self.last_written.get(person.address, 0))
        return {
            "sender": {"id": person.address},
            "recipient": {"id": self.account},
            "timestamp": int(at * 1_000) or _now(),
            **said,
        }

    def echo(self, to: str, at: float = 0, **message: Any) -> dict[str, Any]:
        """A messaging event of what the business sent."""
        return {
            "sender": {"id": self.account},
            "recipient": {"id": to},
            "timestamp": int(at * 1_000) or _now(),
            "message": {"is_echo": True, **message},
        }

    def text(self, channel_id: UUID, person: Person, text: str, *, event_id: str = "", at: float = 0) -> Hook:
        message = {"mid": event_id or self._mid(), "text": text}
        return self.hook(channel_id, self.event(self.from_person(person, at, message=message)))

    def file(self, channel_id: UUID, person: Person, upload: Upload, *, text: str = "") -> Hook:
        url = self.keep(Stored(upload.content, upload.content_type, upload.name))
        kind = upload.content_type.partition("/")[0]
        shown = kind if kind in {"image", "audio", "video"} else "file"
        message: dict[str, Any] = {
            "mid": self._mid(),
            "attachments": [{"type": shown, "payload": {"url": url}}],
        }
        if text:
            message["text"] = text
        return self.hook(channel_id, self.event(self.from_person(person, message=message)))

    def pressed(self, channel_id: UUID, person: Person, sent: Sent, title: str) -> Hook | None:
        payload = next(
            (reply["payload"] for reply in sent.body["message"]["quick_replies"] if reply["title"] == title),
            title,
        )
        message = {"mid": self._mid(), "text": title, "quick_reply": {"payload": payload}}
        return self.hook(channel_id, self.event(self.from_person(person, message=message)))

    def odd(self, channel_id: UUID, person: Person) -> Hook:
        item = self.from_person(person, hologram={"beams": 3, "id": f"h.{_now()}"})
        return self.hook(channel_id, self.event(item))

    def keep(self, stored: Stored) -> str:
        """Have a file; returns where it can be fetched."""
        with self._lock:
            number = str(9_000 + len(self.files))
            self.files[number] = stored
        return f"{self.host}/files/{number}"

    # --- its API ---

    def answer(self, call: Call) -> Answer | None:
        if call.path.startswith("/files/"):
            stored = self.files.get(call.path.removeprefix("/files/"))
            return Answer(200, stored.content, stored.content_type) if stored else Answer(404, {})
        if call.headers.get("authorization") != f"Bearer {TOKEN}":
            return no(401, 190, "Invalid OAuth access token")
        node, _slash, edge = call.path.removeprefix(f"/{VERSION}/").partition("/")
        if call.method == "GET":
            fields = parse_qs(call.query).get("fields", [""])[0]
            whole = node if not edge else f"{node}/{edge}"
            return _debugged() if node == "debug_token" else self._node(whole, fields)
        return self._posted(node, edge, call)

    def _posted(self, node: str, edge: str, call: Call) -> Answer | None:
        if edge == "message_attachments" and node == self.node:
            return self._attachment(_form(call.headers["content-type"], call.body))
        told = json.loads(call.body)
        if node == self.node and edge in {"messages", "subscribed_apps"}:
            return self._message(told) if edge == "messages" else self._subscribe(told)
        if node in self.comments and edge in {"", self._reply_edge}:
            return self._public_reply(node, told) if edge else self._hide(node, told)
        return no(404, 100, "Unknown path")

    @property
    def node(self) -> str:
        """Whose endpoint takes messages."""
        return self.account

    def _node(self, node: str, fields: str) -> Answer:
        if node in self.names:
            return Answer(200, {"id": node, "name": self.names[node]})
        return no(400, 100, "Unsupported get request", subcode=33)

    def _subscribe(self, told: dict[str, Any]) -> Answer:
        fields = told["subscribed_fields"].split(",")
        if not self.may_comments and {"feed", "comments"} & set(fields):
            return no(403, 200, "Permissions error")
        self.subscribed = fields
        return Answer(200, {"success": True})

    def _attachment(self, form: dict[str, Stored]) -> Answer:
        told, file = form.get("message"), form.get("filedata")
        kind = json.loads(told.content)["attachment"]["type"] if told else ""
        wrong = self._wrong_file(kind, file) if file else no(400, 100, "Invalid parameter: filedata")
        if wrong:
            return wrong
        assert file
        url = self.keep(file._replace(kind=kind))
        return Answer(200, {"attachment_id": url.rpartition("/")[2]})

    def _wrong_file(self, kind: str, file: Stored) -> Answer | None:
        if kind not in self.limits or not file.name.isascii():
            return no(400, 100, "Invalid parameter: type")
        if len(file.content) > self.limits[kind]:
            return no(400, 100, "Attachment size exceeds allowable limit", subcode=2018109)
        if self.types and file.content_type not in self.types[kind]:
            return no(400, 100, "Upload attachment failure", subcode=2018047)
        return None

    def _message(self, body: dict[str, Any]) -> Answer | None:
        recipient = body.get("recipient", {})
        action = body.get("sender_action")
        if "comment_id" in recipient:
            return self._private_reply(recipient["comment_id"], body)
        to = recipient.get("id")
        if not to or to not in self.last_written:
            return no(400, 100, "No matching user found", subcode=2018001)
        if action in {"typing_on", "typing_off", "mark_seen"}:
            self.actions.append(body)
            return Answer(200, {"recipient_id": to})
        wrong = self._wrong_reaction(body) if action else self._wrong_message(to, body)
        said = "" if action else body["message"].get("text", "")
        return wrong or self.take(to, said, body)

    def _wrong_reaction(self, body: dict[str, Any]) -> Answer | None:
        payload = body.get("payload", {})
        if body["sender_action"] not in {"react", "unreact"} or not payload.get("message_id"):
            return no(400, 100, "Invalid parameter: sender_action")
        if (body["sender_action"] == "react") != bool(payload.get("reaction")) or "message" in body:
            return no(400, 100, "Invalid parameter: payload")
        return None

    def _wrong_message(self, to: str, body: dict[str, Any]) -> Answer | None:
        return self._wrong_rule(to, body) or self._wrong_content(body.get("message", {}))

    def _wrong_rule(self, to: str, body: dict[str, Any]) -> Answer | None:
        """Under what rule it may go out now."""
        message, kind, tag = body.get("message", {}), body.get("messaging_type"), body.get("tag")
        since = time.time() - self.last_written[to]
        known = kind in {"RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY"}
        fits = (kind == "MESSAGE_TAG") == bool(tag) and (kind == "UTILITY") == ("template" in message)
        if not known or not fits:
            return no(400, 100, "Invalid parameter: messaging_type")
        if tag and (tag != "HUMAN_AGENT" or not self.human_agent):
            return no(400, 10, "Human agent permission required", subcode=2018276)
        if kind != "UTILITY" and since > (7 * DAY if tag else DAY):
            return no(400, 10, "This message is sent outside of allowed window.", subcode=2018278)
        return None

    def _wrong_content(self, message: dict[str, Any]) -> Answer | None:
        if len([name for name in ("text", "attachment", "template") if name in message]) != 1:
            return no(400, 100, "Invalid parameter: message")
        replies = message.get("quick_replies", [])
        titled = all(0 < len(one["title"]) <= TITLE and one["payload"] for one in replies)
        if len(replies) > QUICK_REPLIES or not titled or len(message.get("metadata", "")) >= 1_000:
            return no(400, 100, "Invalid parameter: quick_replies")
        if "text" in message and not 0 < self._length(message["text"]) <= self.text_limit:
            return no(400, 100, "Length of param message[text] must be less than allowed")
        if "attachment" in message and not self._fits(message["attachment"]):
            return no(400, 100, "Invalid parameter: attachment")
        return None

    def _length(self, said: str) -> int:
        return len(said)

    def _fits(self, attachment: dict[str, Any]) -> bool:
        payload = attachment["payload"]
        if attachment["type"] == "template":
            return payload["template_type"] == "button" and 0 < len(payload["buttons"]) <= 3
        if "url" in payload:
            return attachment["type"] in self.limits and str(payload["url"]).startswith("http")
        stored = self.files.get(payload.get("attachment_id", ""))
        return stored is not None and stored.kind == attachment["type"]

    # --- comments ---

    def _private_reply(self, comment: str, body: dict[str, Any]) -> Answer | None:
        wrong = self._wrong_content(body.get("message", {}))
        if comment not in self.comments:
            wrong = no(400, 100, "Invalid parameter: comment_id")
        elif comment in self.answered:
            wrong = no(400, 10900, "Activity already replied to")
        elif time.time() - self.comments[comment] > 7 * DAY:
            wrong = no(400, 10, "This message is sent outside of allowed window.", subcode=2018278)
        if wrong is not None:
            return wrong
        answer = self.take(f"comment:{comment}", body["message"]["text"], body)
        if answer is not None and answer.status == 200:
            self.answered.add(comment)
        return answer

    def _public_reply(self, comment: str, body: dict[str, Any]) -> Answer | None:
        if not body.get("message"):
            return no(400, 100, "Invalid parameter: message")
        return self.take(f"below:{comment}", body["message"], {**body, "_public": True})

    def _hide(self, comment: str, body: dict[str, Any]) -> Answer | None:
        if not isinstance(body.get(self._hide_field), bool) or len(body) != 1:
            return no(400, 100, f"Invalid parameter: {self._hide_field}")
        if (refused := self.in_mood()) is not None:
            return refused
        self.hidden[comment] = body[self._hide_field]
        return Answer(200, {"success": True})


def _now() -> int:
    """The vendor's clock, in milliseconds; no two events share one."""
    return time.time_ns() // 1_000_000


def no(status: int, code: int, said: str, *, subcode: int = 0) -> Answer:
    error: dict[str, Any] = {"message": f"(#{code}) {said}", "type": "OAuthException", "code": code}
    if subcode:
        error["error_subcode"] = subcode
    return Answer(status, {"error": error})


def _debugged() -> Answer:
    return Answer(200, {"data": {"is_valid": True, "app_id": str(APP), "expires_at": 1_900_000_000}})


def _form(content_type: str, body: bytes) -> dict[str, Stored]:
    """The fields of a multipart form."""
    whole: Message = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    found = {}
    for part in whole.get_payload() if whole.is_multipart() else []:
        assert isinstance(part, Message)
        name = part.get_param("name", header="Content-Disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found[str(name)] = Stored(content, part.get_content_type(), part.get_filename() or "")
    return found
