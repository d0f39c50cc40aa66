"""Phone calls and visits at the counter: written down by a person, by an integration or by a phone system.

One call may be told of several times, in any order: each of its facts is the one that was told last by
the clock of whoever tells, and a call that ended never rings again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from conversations.actions import promises
from conversations.actions.assignment import assign_in_turn, told
from conversations.actions.channels import create_channel
from conversations.actions.episodes import current_episode, open_episode, wake
from conversations.actions.messages import EXCERPT, TEXT_LIMIT, add_event, announce
from conversations.actions.threads import stands_in
from conversations.channels.base import InboundCall
from conversations.models import Channel, Conversation, Episode, Message
from conversations.order import BURST, first_id_at
from conversations.signals import message_received
from crm import calls as words
from crm import identities, timeline
from crm.models import Customer, Identity, TimelineEntry
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import clean, one_line
from tenants.models import Tenant
from tenants.refusals import Conflicting, Refused
from tenants.scoping import current_tenant_id, uuid7

RANKS = {"": 0, "ringing": 1, "ongoing": 2, "missed": 3, "ended": 3}
Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A call or a visit, as far as whoever tells of it knows."""

    what: str = "call"  # or visit
    direction: str = "in"
    state: str = "ended"  # ringing, ongoing, ended, missed; '' says nothing of it
    started_at: datetime | None = None
    seconds: int | None = None
    recording: str = ""  # an address that a person may open; it is never fetched
    note: str = ""
    external_id: str = ""  # the same id again is the same call
    at: datetime | None = None  # when this was so, by the clock of whoever tells


def own_channel(what: str, *, by: Actor) -> Channel:
    """The business's phone or counter, opened when it is first needed."""
    kind = "visit" if what == "visit" else "phone"
    _lock(f"own-channel:{kind}")
    found: Channel | None = Channel.objects.active().filter(kind=kind).order_by("created_at").first()
    if found:
        return found
    with translation.override(Tenant.objects.get().language):
        name = _("Counter") if kind == "visit" else _("Phone")
    return create_channel(kind=kind, name=name, by=by)


@transaction.atomic
def log_call(
    *, call: Call, by: Actor, customer: Customer | None = None, phone: str = "", name: str = "",
    channel: Channel | None = None, is_open: bool = False,
) -> tuple[Message, bool]:  # fmt: skip
    """Write a call or visit down; returns its message and whether it is new.

    Of a known customer, or of whoever has this number: made if nobody has. `is_open` leaves something to
    do. Raises `Refused` without either, for a number that is none, and for a moment that has not come.
    """
    channel = channel or own_channel(call.what, by=by)
    if channel.kind != ("visit" if call.what == "visit" else "phone"):
        raise Refused(_("This channel is for something else."), "channel_id")
    if call.started_at and call.started_at > timezone.now() + BURST:
        raise Refused(_("This moment has not come yet."), "started_at")
    _lock(f"call:{channel.pk}:{call.external_id}" if call.external_id else f"call:{uuid7()}")
    known = _known(channel, call.external_id)
    if known:
        if customer and known.conversation.customer_id != customer.pk:
            raise Conflicting(_("This id belongs to a call with another customer."), "external_id")
        return _retell(known, call), False
    customer, identity = _other_side(customer, phone, name)
    message = _begin(channel, customer, identity, call, by, is_open=is_open)
    audit.record("call.logged", target=message, by=by, what=call.what, direction=call.direction)
    return message, True


@transaction.atomic
def receive_call(*, channel: Channel, item: InboundCall) -> Message:
    """What a phone system tells of a call. Raises `InvalidIdentity`."""
    call = Call(
        direction=item.direction,
        state=item.state,
        started_at=item.started_at,
        seconds=item.seconds,
        recording=item.recording,
        note=item.note,
        external_id=item.call_id,
        at=item.at,
    )
    _lock(f"call:{channel.pk}:{call.external_id}")
    known = _known(channel, call.external_id)
    if known:
        return _retell(known, call)
    customer, identity = _other_side(None, item.phone, item.name)
    return _begin(channel, customer, identity, call, Actor.system())


def _is_missed(call: Call) -> bool:
    return call.direction == "in" and call.state == "missed"


def _lock(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{current_tenant_id()}:{name}"]
        )


def _known(channel: Channel, external_id: str) -> Message | None:
    """The call that was told of before under this id, locked."""
    if not external_id:
        return None
    told = Message.objects.select_for_update(of=("self",)).filter(provider_id=external_id[:255])
    found: Message | None = told.filter(data__call__channel=str(channel.pk)).first()
    return found


def _other_side(customer: Customer | None, phone: str, name: str) -> tuple[Customer, Identity | None]:
    """Who called or was called, and his number, where there is one."""
    if customer is None:
        if not phone:
            raise Refused(_("Say who it was: choose a customer or give a phone number."), "phone")
        country = Tenant.objects.get().country
        customer, _new = identities.resolve(kind="phone", raw=phone, name=name, country=country)
        value = identities.canonical("phone", phone, country).value
        identity = customer.identities.filter(kind__in=identities.PHONE_KINDS, value=value).first()
    else:
        identity = customer.identities.filter(kind=Identity.Kind.PHONE).order_by("id").first()
    return Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk), identity


def _begin(
    channel: Channel,
    customer: Customer,
    identity: Identity | None,
    call: Call,
    by: Actor,
    *,
    is_open: bool = False,
) -> Message:
    """The first that we hear of a call."""
    tenant, now = Tenant.objects.get(), timezone.now()
    happened = min(call.started_at or call.at or now, now)
    wakes = is_open or call.state in {"ringing", "ongoing"} or _is_missed(call)
    conversation, episode = _conversation(channel, customer, identity, tenant if wakes else None)
    data, note = _retold({}, call)
    data["call"] |= {"what": call.what, "channel": str(channel.pk)}
    from_us = call.direction == "out" and call.what == "call"
    message = Message.objects.create(
        id=uuid7() if now - happened < BURST else _id_at(happened),
        conversation=conversation,
        came_by=conversation.leg,
        episode=episode,
        kind=Message.Kind.OUTBOUND if from_us else Message.Kind.INBOUND,
        author_kind=_author_kind(by) if from_us else Message.Author.CUSTOMER,
        author=by.membership if from_us else None,
        author_label=one_line((by.label if from_us else customer.name) or "", 150),
        text=note,
        data=data if from_us or not by.membership else _logged_by(data, by),
        provider_id=call.external_id[:255],
        provider_at=happened,
        created_at=happened,
    )
    if not from_us:
        conversation.last_inbound_at = max(filter(None, [conversation.last_inbound_at, happened]))
        if happened >= customer.last_contact_at:
            Customer.objects.filter(pk=customer.pk).update(
                last_contact_at=happened, last_contact_channel=channel.kind
            )
    _show_in_queue(conversation, message, tenant)
    timeline.record(
        customer=customer,
        kind=TimelineEntry.Kind.MESSAGE_OUT if from_us else TimelineEntry.Kind.MESSAGE_IN,
        happened_at=happened,
        object_id=message.pk,
        context_id=conversation.pk,
        channel=channel.kind,
        actor_label=by.label if by.membership else "",
        data=_line(message),
    )
    if by.membership and conversation.assignee_id is None:
        conversation.assignee = by.membership  # who spoke with him sees what he wrote down
    _take_stock(conversation, message, tenant, is_open=is_open)
    announce(conversation, message)
    return message


def _id_at(moment: datetime) -> Any:
    """An id by which a message stands where it belongs: some of the lower bits keep it unlike others."""
    base = first_id_at(moment)
    return type(base)(int=base.int | (uuid7().int & ((1 << 62) - 1)))


def _author_kind(by: Actor) -> str:
    if by.membership:
        return Message.Author.MEMBER
    return Message.Author.KEY if by.api_key else Message.Author.PHONE


def _logged_by(data: Data, by: Actor) -> Data:
    return {**data, "call": {**data["call"], "logged_by": one_line(by.label, 150)}}


def _conversation(
    channel: Channel, customer: Customer, identity: Identity | None, wakes: Tenant | None
) -> tuple[Conversation, Episode]:
    """The customer's conversation on this phone or counter, awake if asked; the customer's row is locked."""
    theirs = Conversation.objects.select_for_update(of=("self",)).filter(channel=channel, customer=customer)
    found = theirs.newest_first().first()
    if found is None:
        made = Conversation.objects.create(
            channel=channel, customer=customer, identity=identity, last_message_at=timezone.now()
        )
        return made, open_episode(made)
    conversation: Conversation = stands_in(found) if found.merged_into_id else found
    if conversation.identity_id is None and conversation.pk == found.pk:
        conversation.identity_id = identity.pk if identity else None
    if conversation.is_closed and wakes:
        return conversation, wake(conversation, tenant=wakes, at=timezone.now())
    return conversation, current_episode(conversation)


def _retell(message: Message, call: Call) -> Message:
    """A call that we know, told of again."""
    before = message.data.get("call", {}).get("state")
    message.data, note = _retold(message.data, call)
    message.text = note or message.text
    message.save(update_fields=["data", "text"])
    found = Conversation.objects.select_for_update(of=("self",)).get(pk=message.conversation_id)
    conversation = stands_in(found) if found.merged_into_id else found
    tenant = Tenant.objects.get()
    if message.data["call"]["state"] != before:
        if conversation.is_closed and words.is_missed(message.data["call"]):
            wake(conversation, tenant=tenant, at=timezone.now())
        _take_stock(conversation, message, tenant)
    _show_in_queue(conversation, message, tenant)
    conversation.save()
    TimelineEntry.objects.filter(customer_id=conversation.customer_id, object_id=message.pk).update(
        data=_line(message)
    )
    announce(conversation, message)
    return message


def _retold(data: Data, call: Call) -> tuple[Data, str]:
    """What a message keeps of a call after one more report, and the note."""
    kept: Data = dict(data.get("call") or {"direction": call.direction, "state": ""})
    heard: dict[str, str] = dict(data.get("heard") or {})
    when = f"{RANKS.get(call.state, 0)} {(call.at or timezone.now()).isoformat()}"
    news = {
        "state": call.state if RANKS.get(call.state) else "",
        "started_at": call.started_at.isoformat() if call.started_at else "",
        "seconds": call.seconds,
        "recording": call.recording,
        "note": clean(call.note, TEXT_LIMIT).strip(),
    }
    note = ""
    for name, value in news.items():
        if value in ("", None) or heard.get(name, "") > when:
            continue
        heard[name] = when
        if name == "note":
            note = str(value)
        else:
            kept[name] = value
    what = kept.get("what", call.what)
    return {**data, "kind": "visit" if what == "visit" else "call", "call": kept, "heard": heard}, note


def _line(message: Message) -> Data:
    """What the customer's history keeps."""
    names = ("what", "direction", "state", "seconds")
    call = {name: message.data["call"][name] for name in names if name in message.data["call"]}
    return {"text": one_line(message.text, EXCERPT), "call": call}


def _show_in_queue(conversation: Conversation, message: Message, tenant: Tenant) -> None:
    """Let the queue show it, unless something newer stands there; saving is the caller's."""
    if conversation.last_message_at > message.created_at and conversation.preview:
        return
    with translation.override(tenant.language):
        title = words.title(message.data["call"])
    conversation.preview = one_line(f"{title}: {message.text}" if message.text else title, 160)
    conversation.preview_is_ours = message.kind == Message.Kind.OUTBOUND
    conversation.last_message_at = message.created_at


def _take_stock(
    conversation: Conversation, message: Message, tenant: Tenant, *, is_open: bool = False
) -> None:
    """Whether somebody waits to be called back: after a missed call until they speak. Saves."""
    state, at = message.data["call"]["state"], message.created_at
    calls = Message.objects.filter(conversation=conversation, created_at__gt=at)
    if words.is_missed(message.data["call"]) and not calls.filter(data__call__state="ended").exists():
        _raise(conversation, message, tenant)
        return
    if state == "ended":
        promises.keep_calls(conversation.customer_id, spoken_at=at)
        missed = calls.filter(data__call__state="missed", data__call__direction="in")
        since = missed.order_by("created_at").values_list("created_at", flat=True).first()
        conversation.waiting_since = since
        if since is None and not is_open:
            _settle(conversation)
    elif state == "missed" and conversation.waiting_since is None:
        _settle(conversation)  # we called, and nobody answered: he sees it on his phone
    conversation.save()


def _settle(conversation: Conversation) -> None:
    """Nothing is left to do: it leaves the queue without anybody being asked how it was."""
    if conversation.is_closed:
        return
    now = timezone.now()
    conversation.status = Conversation.Status.CLOSED
    conversation.closed_at = now
    conversation.waiting_since = conversation.snoozed_until = None
    open_ones = Episode.objects.filter(conversation=conversation, closed_at=None)
    open_ones.update(closed_at=now)


def _raise(conversation: Conversation, message: Message, tenant: Tenant) -> None:
    """A missed call waits to be called back, like a message for its answer."""
    conversation.waiting_since = min(filter(None, [conversation.waiting_since, message.created_at]))
    conversation.status = Conversation.Status.OPEN
    assigned = assign_in_turn(conversation, tenant)
    conversation.save()
    if assigned:
        add_event(conversation, "assigned", Actor.system(), **told(assigned))
        audit.record("conversation.assigned", target=conversation, by=Actor.system(), to=assigned.name)
    message_received.send(Message, message=message)
