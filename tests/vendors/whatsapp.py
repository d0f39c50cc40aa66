"""WhatsApp as far as we talk to it: the Graph API's messages, media and templates, and calls of our webhook.

It refuses what the documented API refuses (token, required fields, lengths, window, file sizes, templates
not approved or not filled in). Source: developers.facebook.com/docs/whatsapp/cloud-api/reference,
…/docs/graph-api/reference/whats-app-business-account/message_templates, …/graph-api/guides/upload (v24.0).
"""

import json
import re
import time
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import Message
from typing import Any, ClassVar
from urllib.parse import parse_qs
from uuid import UUID, uuid4

from django.test import Client

from conversations.channels.meta.signature import sign
from tests.vendors.stand_in import RETRY_AFTER, Answer, Call, Hook, Mood, Person, Sent, StandIn, Upload

__all__ = ["APP_SECRET", "NUMBER", "TOKEN", "WABA", "Mood", "Stored", "WhatsApp", "post"]

VERSION = "v24.0"
TOKEN = "EAAG-token"
NUMBER = "1122334455667"
WABA = "102290129340398"
APP_SECRET = "app-secret"
WINDOW = 24 * 3600  # seconds
TYPES = {
    "text", "image", "audio", "video", "document", "sticker", "interactive", "template", "reaction",
    "location",
}  # fmt: skip
LARGEST = {"image": 5 << 20, "audio": 16 << 20, "video": 16 << 20}  # bytes; others 100 MB
HOLE = re.compile(r"\{\{(\w+)\}\}")
UNKNOWN_PERSON = 131026
ERRORS = {131000: "Something went wrong", 130429: "Rate limit hit", 131047: "Re-engagement message"}


@dataclass
class Stored:
    """A file at the vendor."""

    content: bytes
    content_type: str
    name: str = ""
    address: str = ""  # elsewhere than the stand-in, when a test says so


@dataclass
class Kept:
    """A template at the vendor."""

    id: str
    name: str
    language: str
    components: list[dict[str, Any]]
    status: str = "APPROVED"
    category: str = "UTILITY"
    parameter_format: str = "POSITIONAL"
    more: dict[str, Any] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """As a page of the list shows it."""
        known = {name: getattr(self, name) for name in ("id", "name", "language", "components", "status")}
        return {**known, "category": self.category, "parameter_format": self.parameter_format, **self.more}


class WhatsApp(StandIn):
    """What the vendor knows: `files` lie there, `templates` belong to the account."""

    kind = "whatsapp"
    refusal_code: ClassVar[int] = UNKNOWN_PERSON
    broken_code: ClassVar[int] = 190
    page = 2  # templates on one page of the list

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.files: dict[str, Stored] = {}
        self.templates: list[Kept] = []
        self.handles: dict[str, Stored] = {}  # samples that were uploaded
        self.read: list[dict[str, Any]] = []  # receipts and signs of writing
        self.last_written: dict[str, float] = {}  # customer's last message, by wa_id or user id

    @property
    def url(self) -> str:
        """What PUENTE_META_API is set to."""
        return f"{self.host}/{VERSION}"

    def become(self, mood: Mood, code: int = 131000) -> None:
        super().become(mood, code)

    def django_settings(self) -> dict[str, Any]:
        return {"META_API": self.url}

    def channel_settings(self) -> dict[str, Any]:
        return {"phone_number_id": NUMBER, "waba_id": WABA}

    def channel_secrets(self) -> dict[str, Any]:
        return {"app_secret": APP_SECRET, "access_token": TOKEN, "verify_token": "verify"}

    def keep(self, stored: Stored) -> str:
        """Have a file; returns its id."""
        with self._lock:
            number = str(7_000 + len(self.files))
            self.files[number] = stored
        return number

    def wrote(self, person: Person, *, hours_ago: float = 0) -> None:
        self.last_written[person.address] = time.time() - hours_ago * 3600

    def customer_writes(self, who: str, *, hours_ago: float = 0) -> None:
        """Open the customer's window."""
        self.wrote(Person(who), hours_ago=hours_ago)

    # --- calls of our webhook ---

    def text(self, channel_id: UUID, person: Person, text: str, *, event_id: str = "", at: float = 0) -> Hook:
        return self._message(channel_id, person, {"type": "text", "text": {"body": text}}, event_id, at)

    def file(self, channel_id: UUID, person: Person, upload: Upload, *, text: str = "") -> Hook:
        family = upload.content_type.partition("/")[0]
        kind = family if family in {"image", "audio", "video"} else "document"
        media_id = self.keep(Stored(upload.content, upload.content_type, upload.name))
        part: dict[str, Any] = {"id": media_id, "mime_type": upload.content_type, "sha256": "x"}
        if text:
            part["caption"] = text
        if kind == "document":
            part["filename"] = upload.name
        return self._message(channel_id, person, {"type": kind, kind: part})

    def pressed(self, channel_id: UUID, person: Person, sent: Sent, title: str) -> Hook | None:
        context = {"context": {"from": NUMBER, "id": sent.id}}
        interactive = sent.body.get("interactive") or {}
        if interactive.get("type") == "list":
            rows = [row for section in interactive["action"]["sections"] for row in section["rows"]]
            chosen = next(row for row in rows if row["title"] == title)
            reply = {"type": "list_reply", "list_reply": chosen}
            return self._message(channel_id, person, {"type": "interactive", "interactive": reply, **context})
        if interactive:
            replies = [button["reply"] for button in interactive["action"]["buttons"]]
            chosen = next(reply for reply in replies if reply["title"] == title)
            reply = {"type": "button_reply", "button_reply": chosen}
            return self._message(channel_id, person, {"type": "interactive", "interactive": reply, **context})
        return self._message(
            channel_id, person, {"type": "button", "button": {"payload": title, "text": title}, **context}
        )

    def status(self, channel_id: UUID, sent: Sent, status: str) -> Hook | None:
        said: dict[str, Any] = {
            "id": sent.id,
            "status": status,
            "timestamp": str(int(time.time())),
            "recipient_id": sent.to,
        }
        if reference := sent.body.get("biz_opaque_callback_data"):
            said["biz_opaque_callback_data"] = reference
        if status == "failed":
            said["errors"] = [{"code": UNKNOWN_PERSON, "title": "Message undeliverable"}]
        return self._hook(channel_id, {"statuses": [said]})

    def odd(self, channel_id: UUID, person: Person) -> Hook:
        return self._message(channel_id, person, {"type": "hologram", "hologram": {"depth": 3}})

    def forged(self, hook: Hook) -> Hook:
        return replace_headers(hook, {"X-Hub-Signature-256": sign(hook.body, "a guess")})

    def template_event(self, channel_id: UUID, template: Kept, event: str, reason: str = "NONE") -> Hook:
        """Meta has decided on a template."""
        template.status = event
        value = {
            "event": event,
            "message_template_id": template.id,
            "message_template_name": template.name,
            "message_template_language": template.language,
            "reason": reason,
        }
        return self._hook(channel_id, value, "message_template_status_update")

    def _message(
        self, channel_id: UUID, person: Person, message: dict[str, Any], event_id: str = "", at: float = 0
    ) -> Hook:
        self.wrote(person)
        whole = {
            "from": person.address,
            "id": event_id or f"wamid.in.{uuid4().hex}",
            "timestamp": str(int(at or time.time())),
            **message,
        }
        contact = {"wa_id": person.address, "profile": {"name": person.name}}
        return self._hook(channel_id, {"contacts": [contact], "messages": [whole]})

    def _hook(self, channel_id: UUID, value: dict[str, Any], what: str = "messages") -> Hook:
        if what == "messages":
            metadata = {"display_phone_number": "525511112222", "phone_number_id": NUMBER}
            value = {"messaging_product": "whatsapp", "metadata": metadata, **value}
        entry = {"id": WABA, "time": int(time.time()), "changes": [{"field": what, "value": value}]}
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
        headers = {"X-Hub-Signature-256": sign(body, APP_SECRET)}
        return Hook(f"/hooks/whatsapp/{channel_id}/", body, "application/json", headers)

    # --- the API ---

    def id_of(self, number: int) -> str:
        return f"wamid.{number}"

    def accepted(self, sent: Sent) -> Answer:
        contact = {"input": sent.to, "wa_id": sent.to}
        return Answer(
            200, {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": sent.id}]}
        )

    def in_mood(self) -> Answer | None:
        match self.mood:
            case Mood.BREAKS:
                return _error(131000, status=500)
            case Mood.THROTTLES:
                answer = _error(130429, status=429)
                return answer._replace(headers={"Retry-After": str(RETRY_AFTER)})
            case Mood.REFUSES:
                return _error(self.code, "Refused", status=401 if self.code == 190 else 400)
        return None

    def answer(self, call: Call) -> Answer | None:
        if call.path.startswith("/files/"):
            return self._file(call)
        start, _slash, path = call.path.removeprefix("/").partition("/")
        if start != VERSION:
            return _error(100, "Unknown path", status=404)
        if call.headers.get("authorization") not in (f"Bearer {TOKEN}", f"OAuth {TOKEN}"):
            return _error(190, "Invalid OAuth access token", status=401)
        node, _slash, edge = path.partition("/")
        if call.method == "GET":
            return self._ask(node, edge, call)
        return self._delete(node, edge, call) if call.method == "DELETE" else self._post(node, edge, call)

    def _post(self, node: str, edge: str, call: Call) -> Answer | None:
        if edge == "messages":
            return self._messages(node, json.loads(call.body))
        if edge == "media":
            return self._upload(node, _form(call.headers["content-type"], call.body))
        if edge == "message_templates":
            return self._submit(node, json.loads(call.body))
        if edge == "uploads":
            return self._session(call)
        is_known = edge == "subscribed_apps"
        return Answer(200, {"success": True}) if is_known else self._fill(node, call)

    def _ask(self, node: str, edge: str, call: Call) -> Answer:
        query = {name: found[0] for name, found in parse_qs(call.query).items()}
        if edge == "message_templates" and node == WABA:
            return self._list(query)
        if edge == "subscribed_apps" and node == WABA:
            return Answer(200, {"data": [{"whatsapp_business_api_data": {"id": "1", "name": "Puente"}}]})
        if node == NUMBER:
            return Answer(
                200,
                {
                    "id": NUMBER,
                    "display_phone_number": "+52 55 1111 2222",
                    "verified_name": "Bici Luna",
                    "quality_rating": "GREEN",
                },
            )
        if node == "debug_token":
            scopes = ["whatsapp_business_messaging", "whatsapp_business_management"]
            data = {"is_valid": True, "expires_at": 0, "scopes": scopes, "app_id": "1"}
            return Answer(200, {"data": data})
        if query.get("phone_number_id") != NUMBER:
            return _error(100, "Invalid parameter")
        return self._look_up(node)

    def _file(self, call: Call) -> Answer:
        if call.headers.get("authorization") != f"Bearer {TOKEN}":
            return _error(190, "Invalid OAuth access token", status=401)
        file = self.files[call.path.rpartition("/")[2]]
        return Answer(200, file.content, file.content_type)

    def _look_up(self, media_id: str) -> Answer:
        """Where a file lies."""
        file = self.files.get(media_id)
        if file is None:
            return _error(100, "Unsupported get request. Object with ID does not exist")
        address = file.address or f"{self.host}/files/{media_id}"
        known = {
            "url": address, "mime_type": file.content_type, "file_size": len(file.content), "id": media_id,
        }  # fmt: skip
        return Answer(200, {"messaging_product": "whatsapp", **known})

    def _upload(self, number: str, form: dict[str, Stored]) -> Answer:
        product, kind, file = form.get("messaging_product"), form.get("type"), form.get("file")
        if number != NUMBER or product is None or product.content != b"whatsapp" or not kind or not file:
            return _error(100, "Invalid parameter")
        if len(file.content) > LARGEST.get(file.content_type.partition("/")[0], 100 << 20):
            return _error(131053, "Media upload error")
        return Answer(200, {"id": self.keep(file)})

    # --- messages ---

    def _messages(self, number: str, body: dict[str, Any]) -> Answer | None:
        if body.get("status") == "read":
            return self._read(number, body)
        to = body.get("to") or body.get("recipient")
        wrong = None if self.mood in (Mood.HANGS_BEFORE,) else self.in_mood() or self._wrong(number, to, body)
        return wrong or self.take(str(to), _said(body), body)

    def _read(self, number: str, body: dict[str, Any]) -> Answer:
        writing = body.get("typing_indicator", {"type": "text"})
        if number != NUMBER or not body.get("message_id") or writing != {"type": "text"}:
            return _error(100, "Invalid parameter")
        if refused := self.in_mood():
            return refused
        self.read.append(body)
        return Answer(200, {"success": True})

    def _wrong(self, number: str, to: Any, body: dict[str, Any]) -> Answer | None:
        """The vendor's complaint about a message, None when it is in order."""
        kind = body.get("type")
        if number != NUMBER or body.get("messaging_product") != "whatsapp" or not isinstance(to, str):
            return _error(100, "Invalid parameter")
        if "to" in body and not to.isdigit():
            return _error(100, "Invalid parameter: to")
        if kind not in TYPES or kind not in body or len(body.get("biz_opaque_callback_data", "")) > 512:
            return _error(100, "Invalid parameter: type")
        if kind == "template":
            return self._wrong_template(body["template"])
        if time.time() - self.last_written.get(to, 0) > WINDOW:
            return _error(131047)
        return None if self._fits(kind, body[kind]) else _error(100, f"Invalid parameter: {kind}")

    def _fits(self, kind: str, part: dict[str, Any]) -> bool:
        match kind:
            case "text":
                return 0 < len(part["body"]) <= 4_096
            case "interactive":
                return _fits_interactive(part)
            case "reaction":
                return bool(part["message_id"]) and isinstance(part["emoji"], str)
            case "location":
                there = -90 <= part["latitude"] <= 90 and -180 <= part["longitude"] <= 180
                return there and all(isinstance(part.get(name, ""), str) for name in ("name", "address"))
        captioned = "caption" not in part or kind in {"image", "video", "document"}
        return part.get("id") in self.files and captioned and len(part.get("caption", "")) <= 1_024

    def _wrong_template(self, part: dict[str, Any]) -> Answer | None:
        """Unknown, not approved, or not filled in as it was approved."""
        found = self.template(part.get("name", ""), part.get("language", {}).get("code", ""))
        if found is None or found.status != "APPROVED":
            return _error(132001, "Template name does not exist in the translation")
        given = part.get("components", [])
        for kind, name in (("HEADER", "header"), ("BODY", "body")):
            one: dict[str, Any] = next((c for c in found.components if c["type"].upper() == kind), {})
            part_given: dict[str, Any] = next((each for each in given if each["type"] == name), {})
            filled = part_given.get("parameters", [])
            if not self._fills(found, one, filled):
                return _error(132000, "Number of parameters does not match the expected number of params")
        buttons: list[dict[str, Any]] = next(
            (each["buttons"] for each in found.components if each["type"] == "BUTTONS"), []
        )
        needed = [
            str(index)
            for index, button in enumerate(buttons)
            if button["type"] == "COPY_CODE" or HOLE.search(button.get("url", ""))
        ]
        brought = [each["index"] for each in given if each["type"] == "button"]
        return None if needed == brought else _error(132018, "There's an issue with the parameters")

    def _fills(self, template: Kept, one: dict[str, Any], filled: list[dict[str, Any]]) -> bool:
        media = one.get("format", "TEXT").lower()
        if media in {"image", "video", "document"}:
            return len(filled) == 1 and filled[0]["type"] == media and filled[0][media]["id"] in self.files
        names = list(dict.fromkeys(HOLE.findall(one.get("text", ""))))
        whole = all(row["type"] == "text" and row["text"] and "\n" not in row["text"] for row in filled)
        if template.parameter_format == "NAMED":
            return whole and [row.get("parameter_name") for row in filled] == names
        return whole and len(filled) == len(names) and not any("parameter_name" in row for row in filled)

    # --- templates ---

    def template(self, name: str, language: str) -> Kept | None:
        """One by its name and language."""
        return next((one for one in self.templates if (one.name, one.language) == (name, language)), None)

    def have(self, name: str, language: str, components: list[dict[str, Any]], **more: Any) -> Kept:
        """Have a template."""
        made = Kept(str(9_000 + len(self.templates)), name, language, components, **more)
        self.templates.append(made)
        return made

    def _list(self, query: dict[str, str]) -> Answer:
        if refused := self.in_mood():
            return refused
        start = int(query.get("after", "0"))
        end = start + min(self.page, int(query.get("limit", "25")))
        rows = [one.row() for one in self.templates[start:end]]
        paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(end)}}
        if end < len(self.templates):
            paging["next"] = f"{self.url}/{WABA}/message_templates?after={end}"
        return Answer(200, {"data": rows, "paging": paging})

    def _session(self, call: Call) -> Answer:
        query = parse_qs(call.query)
        allowed = {"application/pdf", "image/jpeg", "image/jpg", "image/png", "video/mp4"}
        if not query.get("file_length") or query.get("file_type", [""])[0] not in allowed:
            return _error(100, "Invalid parameter")
        name = f"upload:{uuid4().hex}?sig=abc"
        self.handles[name.partition("?")[0]] = Stored(b"", query["file_type"][0])
        return Answer(200, {"id": name})

    def _fill(self, path: str, call: Call) -> Answer:
        session = self.handles.get(path)
        if session is None or call.headers.get("file_offset") != "0" or call.query != "sig=abc":
            return _error(100, "Invalid parameter")
        self.handles[path] = replace(session, content=call.body)
        return Answer(200, {"h": f"4::{path}"})

    def _submit(self, waba: str, body: dict[str, Any]) -> Answer:
        if refused := self.in_mood():
            return refused
        if wrong := self._unfit(waba, body):
            return Answer(400, _complaint(wrong))
        made = self.have(
            body["name"],
            body["language"],
            body["components"],
            status="PENDING",
            category=body["category"],
            parameter_format=body.get("parameter_format", "POSITIONAL"),
        )
        return Answer(200, {"id": made.id, "status": made.status, "category": made.category})

    def _unfit(self, waba: str, body: dict[str, Any]) -> str:
        """Why a template is refused at once; '' for one that goes to review."""
        by_type = {one["type"].upper(): one for one in body["components"]}
        text = by_type.get("BODY", {}).get("text", "")
        header = by_type.get("HEADER", {})
        handle = header.get("example", {}).get("header_handle", [""])[0]
        sample = self.handles.get(handle.removeprefix("4::"))
        needs_file = header.get("format", "TEXT") != "TEXT"
        parts = [one for one in (header, by_type.get("BODY", {})) if one]
        named = body.get("parameter_format") == "NAMED"
        complaints = {
            "The name may have small letters, digits and underscores only.": waba != WABA
            or not re.fullmatch(r"[a-z0-9_]{1,512}", body.get("name", "")),
            "There is already content in this language for this template.": self.template(
                body["name"], body.get("language", "")
            )
            is not None,
            "Choose a category.": body.get("category") not in {"MARKETING", "UTILITY", "AUTHENTICATION"},
            "Variables can't be at the start or end of the template.": not 0 < len(text) <= 1_024
            or text.startswith("{{")
            or text.endswith("}}"),
            "The footer is too long.": len(by_type.get("FOOTER", {}).get("text", "")) > 60,
            "Add a sample of the file.": needs_file and not (sample and sample.content),
            "Add samples.": not all(_sampled(one, named) for one in parts),
        }
        return next((said for said, is_wrong in complaints.items() if is_wrong), "")

    def _delete(self, waba: str, edge: str, call: Call) -> Answer:
        query = {name: found[0] for name, found in parse_qs(call.query).items()}
        if refused := self.in_mood():
            return refused
        kept = [
            one
            for one in self.templates
            if one.name != query.get("name") or ("hsm_id" in query and one.id != query["hsm_id"])
        ]
        if waba != WABA or edge != "message_templates" or len(kept) == len(self.templates):
            return _error(100, "Invalid parameter")
        self.templates = kept
        return Answer(200, {"success": True})


def _sampled(one: dict[str, Any], named: bool) -> bool:
    """Whether each place of a header or body has its sample."""
    names = list(dict.fromkeys(HOLE.findall(one.get("text", ""))))
    if not names:
        return True
    part, example = one["type"].lower(), one.get("example", {})
    if named:
        rows = example.get(f"{part}_text_named_params", [])
        return [row["param_name"] for row in rows if row["example"]] == names
    rows = example.get(f"{part}_text", [])
    values = rows[0] if part == "body" and rows else rows
    return len(values) == len(names) and all(values)


def _fits_interactive(part: dict[str, Any]) -> bool:
    text = part["body"]["text"]
    if part["type"] == "list":
        rows = [row for section in part["action"]["sections"] for row in section["rows"]]
        ids = {row["id"] for row in rows}
        short = all(
            0 < len(row["title"]) <= 24
            and len(row.get("description", "")) <= 72
            and 0 < len(row["id"]) <= 200
            for row in rows
        )
        whole = 0 < len(rows) <= 10 and len(ids) == len(rows)
        return whole and short and 0 < len(part["action"]["button"]) <= 20 and 0 < len(text) <= 4_096
    buttons = part["action"]["buttons"]
    titles = [button["reply"]["title"] for button in buttons]
    short = all(0 < len(title) <= 20 for title in titles) and len(set(titles)) == len(titles)
    return 0 < len(buttons) <= 3 and short and 0 < len(text) <= 1_024


def _said(body: dict[str, Any]) -> str:
    """What the customer reads of a message."""
    kind = body.get("type", "")
    part = body.get(kind, {})
    found = part.get("body") if kind == "text" else part.get("caption", "")
    if kind == "interactive":
        found = part["body"]["text"]
    if kind == "template":
        found = part["name"]
    return str(found or "")


def replace_headers(hook: Hook, headers: dict[str, str]) -> Hook:
    """The same call with other headers."""
    return hook._replace(headers=headers)


def post(client: Client, path: str, payload: object, *, secret: str = APP_SECRET, times: int = 1) -> Any:
    """Call a webhook as Meta does, signed; `times` repeats it. Returns the last answer."""
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    headers = {"X-Hub-Signature-256": sign(raw, secret)}
    answers = [client.post(path, raw, content_type="application/json", headers=headers) for _ in range(times)]
    return answers[-1]


def _error(code: int, said: str = "", *, status: int = 400) -> Answer:
    message = f"(#{code}) {said or ERRORS.get(code, 'Invalid parameter')}"
    return Answer(status, {"error": {"message": message, "type": "OAuthException", "code": code}})


def _complaint(said: str) -> dict[str, Any]:
    """What is wrong with a template, also for the person who wrote it."""
    error = {"message": "Invalid parameter", "code": 100, "error_subcode": 2388040}
    return {"error": {**error, "error_user_title": "Invalid template", "error_user_msg": said}}


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
