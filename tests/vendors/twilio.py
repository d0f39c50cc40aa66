"""Twilio as far as we talk to it: messages, media, numbers and templates, and signed calls of our webhooks.

It refuses what the documented API refuses (credentials, required fields, lengths, sender, window) and
misbehaves when told to. Source: twilio.com/docs/messaging/api/message-resource (2010-04-01).
"""

import base64
import json
import re
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any, ClassVar
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from uuid import UUID

from django.conf import settings

from conversations.channels.twilio.signature import sign
from tests.vendors.stand_in import RETRY_AFTER, Answer, Call, Hook, Mood, Person, Sent, StandIn, Upload

ACCOUNT = "AC" + "1" * 32
TOKEN = "auth-token"
NUMBER = "+525512345678"
NUMBER_SID = "PN" + "2" * 32
SENDER_SID = "XE" + "3" * 32
SERVICE = "MG" + "4" * 32
WINDOW = 24 * 3600  # seconds
WHATSAPP_ACCOUNT = "AC" + "5" * 32
FORM = "application/x-www-form-urlencoded"
SAID = {20003: "Authenticate", 21610: "Attempt to send to unsubscribed recipient", 20429: "Too Many Requests"}


class Twilio(StandIn):
    """An account with one number for SMS."""

    kind = "sms"
    refusal_code = 21614
    broken_code = 20003
    has_clock = False
    address_form = "+573{:09d}"
    account_sid: ClassVar[str] = ACCOUNT
    prefix: ClassVar[str] = ""
    place: ClassVar[str] = "sms"  # in the addresses of our webhooks

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.files: dict[str, Upload] = {}
        self.foreign: dict[str, str] = {}  # a file's sid: where it is said to lie
        self.stopped: set[str] = set()  # who answered STOP
        self.last_written: dict[str, float] = {}
        self.webhook: dict[str, str] = {}  # what was set at the number, service or sender
        self.account_status, self.sender_status = "active", "ONLINE"
        self.contents: list[dict[str, Any]] = []
        self.fetch: Callable[[str], int] | None = None  # opens a media address, says the status
        self._events = 0

    def django_settings(self) -> dict[str, Any]:
        names = ("TWILIO_API", "TWILIO_MESSAGING_API", "TWILIO_CONTENT_API")
        return dict.fromkeys(names, self.host) | {"OUTBOUND_ALLOWED": ["127.0.0.1/32"]}

    def channel_settings(self) -> dict[str, Any]:
        return {"account_sid": self.account_sid, "number": NUMBER}

    @property
    def base(self) -> str:
        """Where the account lies in the API."""
        return f"/2010-04-01/Accounts/{self.account_sid}"

    def knows(self, call: Call) -> bool:
        return self.account_sid in call.path or call.headers.get("authorization") == self.authorization

    @property
    def authorization(self) -> str:
        return "Basic " + base64.b64encode(f"{self.account_sid}:{TOKEN}".encode()).decode()

    def channel_secrets(self) -> dict[str, Any]:
        return {"auth_token": TOKEN, "api_secret": ""}

    # --- what customers do ---

    def wrote(self, person: Person, *, hours_ago: float = 0) -> None:
        self.last_written[self.prefix + person.address] = time.time() - hours_ago * 3600

    def text(self, channel_id: UUID, person: Person, text: str, *, event_id: str = "", at: float = 0) -> Hook:
        return self.message(channel_id, person, event_id=event_id, Body=text)

    def file(self, channel_id: UUID, person: Person, upload: Upload, *, text: str = "") -> Hook:
        sid = self.keep(upload)
        return self.message(channel_id, person, Body=text, **self.media(sid))

    def message(self, channel_id: UUID, person: Person, *, event_id: str = "", **fields: str) -> Hook:
        """Anything a customer sends, in Twilio's own fields."""
        self.wrote(person)
        with self._lock:
            self._events += 1
            number = self._events
        sid = event_id or f"SM{number:032x}"
        form = {
            "MessageSid": sid,
            "SmsSid": sid,
            "SmsMessageSid": sid,
            "AccountSid": self.account_sid,
            "From": self.prefix + person.address,
            "To": self.prefix + NUMBER,
            "Body": "",
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsStatus": "received",
            "ApiVersion": "2010-04-01",
            **({"ProfileName": person.name, "WaId": person.address[1:]} if self.prefix else {}),
            **fields,
        }
        return self.signed(f"/hooks/{self.place}/{channel_id}/", form)

    def status(self, channel_id: UUID, sent: Sent, status: str, *, code: int = 30003) -> Hook | None:
        said = {"failed": "undelivered"}.get(status, status)
        form = {
            "MessageSid": sent.id,
            "MessageStatus": said,
            "SmsSid": sent.id,
            "SmsStatus": said,
            "To": sent.to,
            "From": self.prefix + NUMBER,
            "AccountSid": self.account_sid,
            "ApiVersion": "2010-04-01",
        }
        if said in {"undelivered", "failed"}:
            form["ErrorCode"] = str(code)
        return self.signed(urlsplit(sent.body["StatusCallback"]).path, form)

    def odd(self, channel_id: UUID, person: Person) -> Hook:
        return self.message(channel_id, person, MessageType="hologram")

    def signed(self, path: str, form: dict[str, str], token: str = TOKEN) -> Hook:
        """A call of ours, as Twilio signs it."""
        signature = sign(settings.BASE_URL + path, form.items(), token)
        return Hook(path, urlencode(form).encode(), FORM, {"X-Twilio-Signature": signature})

    def forged(self, hook: Hook) -> Hook:
        form = dict(parse_qsl(hook.body.decode(), keep_blank_values=True))
        return self.signed(hook.path, form, "another token")

    def keep(self, upload: Upload) -> str:
        """Have a file; returns its sid."""
        with self._lock:
            sid = f"ME{len(self.files):032x}"
            self.files[sid] = upload
        return sid

    def media(self, *sids: str) -> dict[str, str]:
        """The fields that tell of files."""
        fields = {"NumMedia": str(len(sids))}
        for index, sid in enumerate(sids):
            place = f"{self.host}{self.base}/Messages/MM1/Media/{sid}"
            fields |= {f"MediaUrl{index}": place, f"MediaContentType{index}": self.files[sid].content_type}
        return fields

    # --- the API ---

    def answer(self, call: Call) -> Answer | None:
        if call.path.startswith("/files/"):
            return self.file_at(call)
        if call.headers.get("authorization") != self.authorization:
            return self.error(20003, 401)
        if (call.method, call.path) == ("POST", f"{self.base}/Messages.json"):
            return self.create(parse_qsl(call.body.decode(), keep_blank_values=True))
        for method, pattern, resource in self.resources():
            match = re.fullmatch(pattern, call.path)
            if match and call.method == method:
                refused = None if "Messages" in pattern else self.in_mood()
                return refused or resource(call, *match.groups())
        return self.error(20404, 404)

    def resources(self) -> list[tuple[str, str, Callable[..., Answer]]]:
        """What there is beside sending."""
        return [
            ("GET", rf"{self.base}/Messages\.json", self.messages_listed),
            ("GET", rf"{self.base}/Messages/\w+/Media/(ME\w+)", self.lead_to),
            ("GET", rf"{self.base}\.json", self.account),
            ("GET", rf"{self.base}/IncomingPhoneNumbers\.json", self.numbers),
            ("POST", rf"{self.base}/IncomingPhoneNumbers/{NUMBER_SID}\.json", self.set_webhook),
            ("POST", rf"/v1/Services/{SERVICE}", self.set_webhook),
            ("GET", "/v2/Channels/Senders", self.senders),
            ("POST", f"/v2/Channels/Senders/{SENDER_SID}", self.set_senders_webhook),
            ("GET", "/v1/ContentAndApprovals", self.contents_listed),
            ("POST", "/v1/Content", self.add_content),
            ("POST", r"/v1/Content/(HX\w+)/ApprovalRequests/whatsapp", self.ask_approval),
            ("DELETE", r"/v1/Content/(HX\w+)", self.remove_content),
        ]

    def file_at(self, call: Call) -> Answer:
        """Where the API leads: no credentials may come along."""
        upload = self.files[call.path.rpartition("/")[2]]
        if "authorization" in call.headers:
            return self.error(20003, 401)
        return Answer(200, upload.content, upload.content_type)

    def account(self, _call: Call) -> Answer:
        return Answer(200, {"sid": self.account_sid, "status": self.account_status})

    def numbers(self, call: Call) -> Answer:
        capable = {"sid": NUMBER_SID, "phone_number": NUMBER, "capabilities": {"sms": True}}
        asked = parse_qs(call.query).get("PhoneNumber")
        return Answer(200, {"incoming_phone_numbers": [capable] if asked == [NUMBER] else []})

    def set_webhook(self, call: Call) -> Answer:
        self.webhook = dict(parse_qsl(call.body.decode(), keep_blank_values=True))
        return Answer(200, {"sid": NUMBER_SID})

    def senders(self, call: Call) -> Answer:
        mine = {"sid": SENDER_SID, "sender_id": f"whatsapp:{NUMBER}", "status": self.sender_status}
        asked = parse_qs(call.query).get("Channel")
        return Answer(200, {"senders": [mine] if asked == ["whatsapp"] else []})

    def set_senders_webhook(self, call: Call) -> Answer:
        self.webhook = json.loads(call.body)["webhook"]
        return Answer(202, {"sid": SENDER_SID})

    def contents_listed(self, _call: Call) -> Answer:
        return Answer(200, {"contents": self.contents, "meta": {"next_page_url": None}})

    def add_content(self, call: Call) -> Answer:
        sid = f"HX{len(self.contents):032x}"
        self.contents.append({"sid": sid, "approval_requests": {}, **json.loads(call.body)})
        return Answer(201, {"sid": sid})

    def ask_approval(self, call: Call, sid: str) -> Answer:
        asked = json.loads(call.body) | {"status": "received"}
        next(one for one in self.contents if one["sid"] == sid)["approval_requests"] = asked
        return Answer(201, asked)

    def remove_content(self, _call: Call, sid: str) -> Answer:
        left = [one for one in self.contents if one["sid"] != sid]
        was_there, self.contents = len(left) < len(self.contents), left
        return Answer(204, b"") if was_there else self.error(20404, 404)

    def messages_listed(self, call: Call) -> Answer:
        query = {name: found[0] for name, found in parse_qs(call.query).items()}
        return Answer(200, {"messages": self.listed(query), "next_page_uri": None})

    def create(self, pairs: list[tuple[str, str]]) -> Answer | None:
        """Create a message."""
        form: dict[str, Any] = dict(pairs)
        form["MediaUrl"] = [value for name, value in pairs if name == "MediaUrl"]
        if (code := self.wrong(form)) is not None:
            return self.error(code, 400)
        return self.take(form["To"], form.get("Body", ""), form)

    def wrong(self, form: dict[str, Any]) -> int | None:
        """The code of the vendor's complaint, None when the message is in order."""
        to, media, text = form.get("To", ""), form["MediaUrl"], form.get("Body", "")
        sender = form.get("From") or form.get("MessagingServiceSid")
        filled = json.loads(form.get("ContentVariables", "{}"))
        number = re.fullmatch(r"\+\d{8,15}", to.removeprefix(self.prefix))
        complaints = [
            (21211, not (number and to.startswith(self.prefix))),
            (21603, not sender),
            (21606, sender not in {self.prefix + NUMBER, SERVICE}),
            (21602, not (text or media or form.get("ContentSid"))),
            (21617, len(text) > 1_600),
            (21610, to in self.stopped),
            (21620, len(media) > (1 if self.prefix else 10) or not all(map(self.reachable, media))),
            (21656, not isinstance(filled, dict)),
        ]
        return next((code for code, is_wrong in complaints if is_wrong), None)

    def reachable(self, address: str) -> bool:
        """Whether what is to be sent on can be fetched."""
        if not address.startswith(("http://", "https://")):
            return False
        return self.fetch is None or self.fetch(address) == 200

    def listed(self, query: dict[str, str]) -> list[dict[str, Any]]:
        """Messages of the account, the newest first."""
        return [
            {
                "sid": sent.id,
                "to": sent.to,
                "from": self.prefix + NUMBER,
                "body": sent.text,
                "status": "delivered",
                "error_code": None,
                "direction": "outbound-api",
                "date_created": formatdate(sent.at),
            }
            for sent in reversed(self.sent)
            if query.get("From", self.prefix + NUMBER) == self.prefix + NUMBER
        ]

    def lead_to(self, _call: Call, sid: str) -> Answer:
        """The API gives no file itself: it leads to where it lies."""
        if sid not in self.files:
            return self.error(20404, 404)
        address = self.foreign.get(sid) or f"{self.host}/files/{self.account_sid}/{sid}"
        return Answer(307, b"", headers={"Location": address})

    def id_of(self, number: int) -> str:
        return f"SM{'a' * 24}{number:08x}"

    def accepted(self, sent: Sent) -> Answer:
        return Answer(201, {"sid": sent.id, "status": "queued", "to": sent.to, "error_code": None})

    def in_mood(self) -> Answer | None:
        match self.mood:
            case Mood.BREAKS:
                return Answer(500, {"code": 20500, "message": "Internal Server Error", "status": 500})
            case Mood.THROTTLES:
                return self.error(20429, 429, {"Retry-After": str(RETRY_AFTER)})
            case Mood.REFUSES:
                return self.error(self.code, 401 if self.code == 20003 else 400)
        return None

    def error(self, code: int, status: int, headers: dict[str, str] | None = None) -> Answer:
        """An error as the API words it."""
        more = f"https://www.twilio.com/docs/errors/{code}"
        said = {"code": code, "message": SAID.get(code, "Refused"), "more_info": more, "status": status}
        return Answer(status, said, headers=headers or {})


class TwilioWhatsApp(Twilio):
    """An account with a WhatsApp sender."""

    kind = "twilio_whatsapp"
    refusal_code = 63003
    account_sid = WHATSAPP_ACCOUNT
    prefix = "whatsapp:"
    place = "twilio-whatsapp"

    def pressed(self, channel_id: UUID, person: Person, sent: Sent, title: str) -> Hook | None:
        reply = {"ButtonText": title, "ButtonPayload": title, "OriginalRepliedMessageSid": sent.id}
        return self.message(channel_id, person, Body=title, MessageType="button", **reply)

    def wrong(self, form: dict[str, Any]) -> int | None:
        code = super().wrong(form)
        if code is None and not form.get("ContentSid"):
            written = self.last_written.get(form["To"], 0)
            code = 63016 if time.time() - written > WINDOW else None
        return code
