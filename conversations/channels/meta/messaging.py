"""What Messenger's and Instagram's webhooks say, as items that every channel shares.

Source: developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events
and the pages below it, …/instagram-messaging/webhooks, …/instagram-platform/webhooks/examples (Graph API
v24.0).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop

from conversations.channels.base import (
    ChannelNews,
    Ignored,
    Inbound,
    InboundChange,
    InboundEcho,
    InboundMessage,
    InboundStatus,
    InboundWatermark,
    Unreadable,
)
from conversations.channels.meta import comments, content, values
from conversations.channels.meta.networks import Network
from conversations.channels.meta.values import fingerprint, mapping, mappings, moment, number, text
from conversations.models import Channel, InboundEvent

NO_ID = gettext_noop("The event lacks the id of what it speaks of.")
NO_SENDER = gettext_noop("The sender's address is none that one could answer.")
NOTHING = gettext_noop("There is nothing in this event that the channel knows.")
STANDBY = gettext_noop("Another app of the business holds this conversation at Meta.")
HANDOVER = gettext_noop("Apps of the business handed the conversation to each other.")
CAME_BY_LINK = gettext_noop("The customer opened the chat by a link or an advertisement, and wrote nothing.")
OPTED_IN = gettext_noop("The customer agreed to receive news.")
OTHER = gettext_noop("Meta told of something that changes nothing")  # followed by its name
BLOCKED = gettext_noop("Meta has blocked the page's messages for breaking its rules.")
OURS = "puente/"  # before our reference, in what comes back with an echo
PART = "part"  # all but the last of what goes out for one message
HANDOVERS = ("pass_thread_control", "take_thread_control", "request_thread_control", "app_roles")
MENTIONED = ("account_linking", "game_play", "response_feedback", "message_context", "business_status")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing in an event, and what stands around it."""

    item: dict[str, Any]
    network: Network
    channel: Channel
    received_at: datetime

    @property
    def at(self) -> datetime | None:
        """The vendor's clock, in milliseconds."""
        return clock(self.item.get("timestamp"))

    @property
    def sender(self) -> str:
        return text(mapping(self.item.get("sender")).get("id"), 64)

    @property
    def recipient(self) -> str:
        return text(mapping(self.item.get("recipient")).get("id"), 64)

    def id_of(self, named: Any, *said: Any) -> str:
        """The vendor's id, else one made of what it said."""
        return text(named, 255) or fingerprint(self.sender, self.item.get("timestamp"), *said)


Reader = Callable[[Part], list[Inbound]]


def clock(value: Any) -> datetime | None:
    """A moment in milliseconds; some events have seconds."""
    found = number(value)
    return moment(found / 1_000 if found and found > 100_000_000_000 else found)


def read(event: InboundEvent, channel: Channel, network: Network) -> list[Inbound]:
    """Everything an event says, by the vendor's clock. Raises `Unreadable` when that is nothing.

    What cannot be read of a batch is told in its place and spoils nothing of the rest.
    """
    posted = values.load(bytes(event.body))
    found: list[tuple[datetime, Inbound]] = []
    failed: list[tuple[datetime, Ignored]] = []
    for reader, part in _parts(posted, event, channel, network):
        at = part.at or event.received_at
        try:
            found += [(at, item) for item in reader(part)]
        except Unreadable as error:
            failed.append((at, Ignored("parked", str(error), fingerprint(part.item))))
    if not found:
        raise Unreadable(failed[0][1].reason if failed else NOTHING)
    return [item for _at, item in sorted([*found, *failed], key=lambda timed: timed[0])]


def _parts(
    posted: dict[str, Any], event: InboundEvent, channel: Channel, network: Network
) -> Iterator[tuple[Reader, Part]]:
    for entry in mappings(posted.get("entry")):
        for item in mappings(entry.get("messaging")):
            yield _messaging, Part(item, network, channel, event.received_at)
        for item in mappings(entry.get("standby")):
            yield _standby, Part(item, network, channel, event.received_at)
        changes = [*mappings(entry.get("changes")), *([entry] if "field" in entry else [])]
        for change in changes:
            value = mapping(change.get("value"))
            if "sender" in value:  # a messaging event in the dress of a change
                yield _messaging, Part(value, network, channel, event.received_at)
            else:
                stamped = {"timestamp": value.get("created_time") or entry.get("time"), **change}
                yield _changed, Part(stamped, network, channel, event.received_at)


def _messaging(part: Part) -> list[Inbound]:
    for name, reader in READERS.items():
        if isinstance(part.item.get(name), dict):
            return reader(part)
    told = [name for name in part.item if name not in {"sender", "recipient", "timestamp"}]
    if any(name in HANDOVERS for name in told):
        return [Ignored("status", HANDOVER, part.id_of("", *told))]
    if any(name in MENTIONED for name in told):
        return [Ignored("status", f"{OTHER}: {', '.join(told)[:100]}", part.id_of("", *told))]
    return [_unknown(part, told)]


def _unknown(part: Part, told: list[str]) -> InboundMessage:
    """An event of a kind we do not know: shown as such, the raw event is kept."""
    own = text(part.channel.settings.get(part.network.account), 64)
    if not part.sender or part.sender == own:
        raise Unreadable(NOTHING)
    said, data, _media = content.read({"is_unsupported": True}, part.channel)
    data["type"] = ", ".join(told)[:100]
    return _from_customer(part, part.id_of("", part.item), said, data)


def _from_customer(part: Part, id_: str, said: str, data: dict[str, Any], **more: Any) -> InboundMessage:
    if not part.sender:
        raise Unreadable(NO_SENDER)
    return InboundMessage(
        provider_id=id_,
        identity_kind=part.network.kind,
        identity=part.sender,
        identity_verified=True,
        text=said,
        data=data,
        provider_at=part.at,
        **more,
    )


def _message(part: Part) -> list[Inbound]:
    """What a customer sent, or the business elsewhere."""
    message = mapping(part.item.get("message"))
    id_ = text(message.get("mid"), 255)
    if not id_:
        raise Unreadable(NO_ID)
    is_echo = message.get("is_echo") is True
    if message.get("is_deleted") is True:
        return [
            InboundChange(
                f"{id_[:240]}:deleted", id_, "removal", part.at or part.received_at, by_customer=not is_echo
            )
        ]
    if is_echo:
        return [_echo(part, message, id_)]
    said, data, media = content.read(message, part.channel)
    return [_from_customer(part, id_, said, data | content.surroundings(message), media=media)]


def _echo(part: Part, message: dict[str, Any], id_: str) -> Inbound:
    """What went out: by us, which tells that it arrived, or by somebody else."""
    metadata = text(message.get("metadata"), 1_000)
    if metadata.startswith(OURS):
        ours = _reference(metadata.removeprefix(OURS))
        if ours is None:
            return Ignored("status", OTHER, f"{id_[:240]}:part")
        return InboundStatus(id_, "sent", delivery_id=ours, at=part.at)
    if not part.recipient:
        raise Unreadable(NO_SENDER)
    said, data, media = content.read(message, part.channel)
    return InboundEcho(
        provider_id=id_,
        identity_kind=part.network.kind,
        identity=part.recipient,
        text=said,
        data=data | content.surroundings(message),
        media=media,
        provider_at=part.at,
    )


def _reference(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


def _postback(part: Part) -> list[Inbound]:
    """A button of a card, a menu's entry, an ice breaker, or “Get started”."""
    postback = mapping(part.item.get("postback"))
    payload = text(postback.get("payload"))
    title = text(postback.get("title")) or payload
    data: dict[str, Any] = {"kind": "choice", "choice": {"id": payload, "title": title}}
    if referral := content.read_referral(mapping(postback.get("referral"))):
        data["referral"] = referral
    return [_from_customer(part, part.id_of(postback.get("mid"), "postback", payload), title, data)]


def _reaction(part: Part) -> list[Inbound]:
    reaction = mapping(part.item.get("reaction"))
    target, emoji = text(reaction.get("mid"), 255), text(reaction.get("emoji"), 40)
    if not target:
        raise Unreadable(NO_ID)
    if reaction.get("action") == "unreact":
        emoji = ""
    own = text(part.channel.settings.get(part.network.account), 64)
    by_customer = part.sender != own
    id_ = fingerprint(part.sender, part.item.get("timestamp"), reaction)
    return [InboundChange(id_, target, "reaction", part.at or part.received_at, emoji, by_customer)]


def _edit(part: Part) -> list[Inbound]:
    edit = mapping(part.item.get("message_edit"))
    target = text(edit.get("mid"), 255)
    if not target:
        raise Unreadable(NO_ID)
    said = text(edit.get("text"), content.TEXT)
    if not said:  # Instagram tells so of the first version of each message
        return [Ignored("status", f"{OTHER}: message_edit", fingerprint(part.item))]
    id_ = f"{target[:230]}:{text(edit.get('num_edit'), 10)}"
    return [InboundChange(id_, target, "edit", part.at or part.received_at, said)]


def _delivery(part: Part) -> list[Inbound]:
    """Messages that arrived: named, or all up to a moment."""
    delivery = mapping(part.item.get("delivery"))
    named = delivery.get("mids")
    mids = [text(mid, 255) for mid in named[:500]] if isinstance(named, list) else []
    until = clock(delivery.get("watermark"))
    if any(mids):
        return [InboundStatus(mid, "delivered", at=until) for mid in mids if mid]
    return [_watermark(part, "delivered", until=until)]


def _seen(part: Part) -> list[Inbound]:
    """Messages that were read: all up to a moment, or up to one."""
    said = mapping(part.item.get("read"))
    return [_watermark(part, "read", until=clock(said.get("watermark")), last=text(said.get("mid"), 255))]


def _watermark(part: Part, status: str, until: datetime | None, last: str = "") -> Inbound:
    if not part.sender or not (until or last):
        raise Unreadable(NO_ID)
    id_ = fingerprint(part.sender, status, last or str(until))
    return InboundWatermark(id_, part.network.kind, part.sender, status, until=until, last=last)


def _referral(part: Part) -> list[Inbound]:
    """The customer came back by a link or an advertisement, and has not written."""
    return [Ignored("status", CAME_BY_LINK, fingerprint(part.item))]


def _optin(part: Part) -> list[Inbound]:
    optin = mapping(part.item.get("optin"))
    told = {name: text(optin.get(name), 200) for name in ("type", "title", "payload", "ref")}
    data = {"identity": part.sender, **{name: said for name, said in told.items() if said}}
    return [ChannelNews(fingerprint(part.item), "preferences", OPTED_IN, data)]


def _policy(part: Part) -> list[Inbound]:
    """Meta blocks the page's messages, or ends the block."""
    policy = mapping(part.item.get("policy_enforcement") or part.item.get("policy-enforcement"))
    action = text(policy.get("action"), 20)
    reason = text(policy.get("reason"), 200)
    problem = {"block": True, "unblock": False}.get(action)
    said = f"{BLOCKED} {reason}".strip() if problem else reason
    return [ChannelNews(fingerprint(part.item), "account", said, {"event": action}, problem)]


def _customer_information(part: Part) -> list[Inbound]:
    """A form of names and addresses that the customer filled in."""
    told = mapping(part.item.get("messaging_customer_information"))
    answers = {
        text(answer.get("key"), 200): text(answer.get("value"))
        for screen in list(mappings(told.get("screens")))[:20]
        for answer in list(mappings(screen.get("responses")))[:50]
    }
    said = "\n".join(f"{key}: {answer}" for key, answer in answers.items())
    return [_from_customer(part, fingerprint(part.item), said, {"kind": "form", "form": answers})]


def _feedback(part: Part) -> list[Inbound]:
    """The answers of Meta's own questionnaire after a chat."""
    answers: dict[str, str] = {}
    for screen in list(mappings(mapping(part.item.get("messaging_feedback")).get("feedback_screens")))[:20]:
        for name, question in list(mapping(screen.get("questions")).items())[:50]:
            asked = mapping(question)
            more = text(mapping(asked.get("follow_up")).get("payload"))
            answers[text(name, 200)] = " · ".join(filter(None, [text(asked.get("payload")), more]))
    said = "\n".join(answer for answer in answers.values() if answer)
    return [_from_customer(part, fingerprint(part.item), said, {"kind": "form", "form": answers})]


def _standby(part: Part) -> list[Inbound]:
    return [Ignored("status", STANDBY, fingerprint("standby", part.item))]


def _changed(part: Part) -> list[Inbound]:
    """What happened to a page's posts or an account's media, or to the account itself."""
    found = comments.read(part.item, part.at or part.received_at, part.network, part.channel)
    if found is not None:
        return [found]
    field = text(part.item.get("field"), 60)
    if field == "message_template_status_update":
        return [_template(part)]
    if not field:
        raise Unreadable(NOTHING)
    return [Ignored("status", f"{OTHER}: {field}", fingerprint(part.item))]


def _template(part: Part) -> Inbound:
    """Meta judged a template of the page."""
    value = mapping(part.item.get("value"))
    states = {"APPROVED": "approved", "REJECTED": "rejected", "PENDING": "pending", "PAUSED": "paused"}
    data = {
        "vendor_id": text(value.get("message_template_id"), 100),
        "name": text(value.get("message_template_name"), 512),
        "language": text(value.get("message_template_language"), 20),
        "reason": text(value.get("reason"), 300).removeprefix("NONE"),
    }
    if status := states.get(text(value.get("event"), 40)):
        data["status"] = status
    return ChannelNews(fingerprint(part.item), "template_status", data["reason"], data)


READERS: dict[str, Reader] = {
    "message": _message,
    "message_edit": _edit,
    "postback": _postback,
    "reaction": _reaction,
    "delivery": _delivery,
    "read": _seen,
    "optin": _optin,
    "policy_enforcement": _policy,
    "policy-enforcement": _policy,
    "messaging_customer_information": _customer_information,
    "messaging_feedback": _feedback,
    "referral": _referral,
}
