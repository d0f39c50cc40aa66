"""What Twilio's webhooks say, as items that every channel shares.

Source: twilio.com/docs/messaging/guides/webhook-request ("Request parameters", "WhatsApp-specific
parameters"); …/guides/outbound-message-status-in-status-callbacks (API 2010-04-01).
"""

import json
import mimetypes
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from conversations.channels.base import (
    Ignored,
    Inbound,
    InboundMessage,
    InboundReach,
    InboundStatus,
    Media,
    Unreadable,
)
from conversations.channels.meta import values
from conversations.channels.twilio import errors, wishes
from conversations.channels.twilio.fields import Form
from conversations.channels.whatsapp import people
from conversations.models import Channel, InboundEvent
from crm.identities import InvalidIdentity, canonical
from crm.models import Identity

TEXT = 65_536  # characters
MOST_FILES = 10
NO_ID = gettext_noop("The event lacks the id of what it speaks of.")
NO_SENDER = gettext_noop("The sender's address is none that one could answer.")
OTHER_CHANNEL = gettext_noop("This came over another channel of Twilio's. Give that one its own address.")
OTHER_STATUS = gettext_noop("Twilio told of a status that changes nothing")  # followed by its name
STATUSES = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
EARLY = frozenset({"accepted", "scheduled", "queued", "sending"})
CANCELED = gettext_noop("The message was taken back before it went out.")
Content = tuple[str, dict[str, Any]]  # text, data


def read(event: InboundEvent, channel: Channel, prefix: str) -> list[Inbound]:
    """Everything an event says. `prefix` stands before the addresses of the channel: `whatsapp:` or none.

    Raises `Unreadable`.
    """
    form = Form.of(bytes(event.body))
    sid = form.text("MessageSid", 60) or form.text("SmsSid", 60)
    if not sid:
        raise Unreadable(NO_ID)
    said = form.text("MessageStatus", 20)
    if said and said not in {"received", "receiving"}:
        return [_status(form, sid, said, reference_in(event.content_type))]
    return _message(form, sid, event, channel, prefix)


def reference_in(content_type: str) -> UUID | None:
    """The delivery that stood in the address of a status."""
    header = EmailMessage()
    header["Content-Type"] = content_type
    try:
        return UUID(str(header.get_param("delivery")))
    except ValueError:
        return None


def _status(form: Form, sid: str, said: str, delivery_id: UUID | None) -> Inbound:
    status = STATUSES.get(said)
    if status is None:
        reason = "" if said in EARLY else f"{OTHER_STATUS}: {said}"
        return Ignored("status", reason, f"{sid}:{said}")
    if status != "failed":
        return InboundStatus(sid, status, delivery_id=delivery_id)
    code = values.number(form.text("ErrorCode", 10))
    problem = errors.problem_of(code if isinstance(code, int) else None)
    return InboundStatus(
        provider_id=sid,
        status=status,
        reason=CANCELED if said == "canceled" else problem.reason if code else "",
        outcome="delivery_failure",
        details={"code": str(code or ""), "permanent": problem.permanent, "category": problem.category},
        delivery_id=delivery_id,
    )


def _message(form: Form, sid: str, event: InboundEvent, channel: Channel, prefix: str) -> list[Inbound]:
    who = _sender(form, prefix)
    media = _media(form)
    said, data = _content(form, media, prefix)
    if not (said or media or data.get("kind")):
        said, data["kind"] = _unknown(channel), "unknown"
        data["type"] = form.text("MessageType", 40)
    message = InboundMessage(
        provider_id=sid,
        text=said,
        name=form.text("ProfileName", 150),
        identity_kind=who.kind,
        identity=who.value,
        identity_verified=who.kind != Identity.Kind.EXTERNAL,
        aliases=who.aliases,
        data=data | _surroundings(form) | {"wrote_from": form.text("From", 100)},
        media=media,
    )
    wish = wishes.wish(said, form.text("OptOutType", 10)) if not media else ""
    if not wish or who.kind == Identity.Kind.EXTERNAL:
        return [message]
    reach = InboundReach(sid, who.kind, who.value, is_open=wish == "start", at=event.received_at, word=said)
    return [message, reach]


class _Who:
    """Who wrote, as Twilio names him."""

    def __init__(self, kind: str, value: str, aliases: tuple[tuple[str, str], ...] = ()) -> None:
        self.kind, self.value, self.aliases = kind, value, aliases


def _sender(form: Form, prefix: str) -> _Who:
    """Raises `Unreadable` for none, and for one of another channel."""
    written = form.text("From", 100)
    if not written:
        raise Unreadable(NO_SENDER)
    if not written.startswith(prefix) or (not prefix and ":" in written):
        raise Unreadable(OTHER_CHANNEL)
    address = written.removeprefix(prefix)
    if prefix:
        person = people.Person(people.number_of(address.removeprefix("+")), people.id_of(address), "")
        if not person.identity:
            raise Unreadable(NO_SENDER)
        return _Who(Identity.Kind.WHATSAPP, person.identity, person.aliases)
    if not _is_number(address):  # a short code or a name: it can be read, not answered
        return _Who(Identity.Kind.EXTERNAL, f"sms:{address}")
    return _Who(Identity.Kind.PHONE, address)


def _is_number(address: str) -> bool:
    try:
        canonical(Identity.Kind.PHONE, address, "")
    except InvalidIdentity:
        return False
    return True


def _media(form: Form) -> tuple[Media, ...]:
    count = min(int(form.number("NumMedia") or 0), MOST_FILES)
    found = [
        (form.text(f"MediaUrl{index}"), form.text(f"MediaContentType{index}", 100)) for index in range(count)
    ]
    return tuple(Media(url, name=_name(kind), content_type=kind) for url, kind in found if url)


def _name(content_type: str) -> str:
    """Twilio tells no names of files."""
    kind = content_type.partition("/")[0] or "file"
    return f"{kind}{mimetypes.guess_extension(content_type, strict=False) or ''}"


def _content(form: Form, media: tuple[Media, ...], prefix: str) -> Content:
    """What a message says, and what it is more than text."""
    said = form.text("Body", TEXT)
    if media:
        return said, {"kind": _media_kind(media[0].content_type, prefix)}
    latitude, longitude = form.number("Latitude"), form.number("Longitude")
    if latitude is not None and longitude is not None:
        name, address = form.text("Label"), form.text("Address")
        place = {"latitude": latitude, "longitude": longitude, "name": name, "address": address}
        return said or ", ".join(filter(None, [name, address])), {"kind": "location", "location": place}
    chosen = {
        "id": form.text("ButtonPayload") or form.text("ListId"),
        "title": form.text("ButtonText") or form.text("ListTitle"),
    }
    if chosen["id"] or chosen["title"]:
        return said or chosen["title"], {"kind": "choice", "choice": chosen}
    if form.get("InteractiveData") or form.get("FlowData"):
        return said, _filled_in(form)
    return said, {}


def _media_kind(content_type: str, prefix: str) -> str:
    kind = content_type.partition("/")[0]
    if prefix and content_type.startswith("audio/ogg"):
        return "voice"
    if prefix and content_type == "image/webp":
        return "sticker"
    return kind if kind in {"image", "audio", "video"} else "document"


def _filled_in(form: Form) -> dict[str, Any]:
    """A flow that the customer filled in."""
    try:
        answers = values.mapping(
            json.loads(form.text("FlowData", TEXT) or form.text("InteractiveData", TEXT))
        )
    except (ValueError, RecursionError):
        answers = {}
    told = {
        values.text(name, 200): values.text(answer if isinstance(answer, str) else json.dumps(answer))
        for name, answer in list(answers.items())[:100]
        if name != "flow_token"
    }
    return {"kind": "form", "form": told}


def _surroundings(form: Form) -> dict[str, Any]:
    """What a message answers, whether it was passed on, and what led here."""
    data: dict[str, Any] = {}
    if replied := form.text("OriginalRepliedMessageSid", 60):
        data["reply_to"] = replied
    if form.is_true("Forwarded") or form.is_true("FrequentlyForwarded"):
        data["forwarded"] = True
    referral = {
        "url": form.text("ReferralSourceUrl", 2_000),
        "title": form.text("ReferralHeadline"),
        "text": form.text("ReferralBody"),
    }
    return data | ({"referral": referral} if any(referral.values()) else {})


def _unknown(channel: Channel) -> str:
    with translation.override(channel.tenant.language):
        return _("A message of a kind we don't know yet.")
