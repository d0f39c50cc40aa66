"""Who called Bicis Mirasol, and who came by: as the shop's people wrote it down."""

from datetime import datetime
from typing import Any, NamedTuple

from config.demo.stage import Stage
from conversations.actions.calls import own_channel
from conversations.models import Conversation, Episode, Message
from crm import calls
from crm.models import TimelineEntry
from tenants.actors import Actor
from tenants.models import Membership

RECORDINGS = "https://central.example/grabaciones/"


class Told(NamedTuple):
    """A call or a visit: so many days ago while the shop was open, or so many minutes ago."""

    who: str
    by: str
    note: str
    days: int = 0
    ago: int = 0
    what: str = "call"
    direction: str = "in"
    state: str = "ended"
    seconds: int | None = None
    recording: str = ""
    is_open: bool = False


TOLD = [
    Told("Kenji Nakamura Ruiz", "marcela", "Preguntó por el mantenimiento anual.", days=3, seconds=215),
    Told("Amira Kuri Nacif", "paulina", "Vino por los cascos del despacho.", days=1, what="visit"),
    Told(
        "Ernesto Barragán Topete",
        "diego",
        "Quiere saber si su rueda ya está centrada. Quedé de llamarle antes de cerrar.",
        ago=95,
        seconds=134,
        recording=f"{RECORDINGS}8841",
        is_open=True,
    ),
    Told("Soledad Camarena Uribe", "paulina", "", ago=32, state="missed"),
    Told("Brandon Xolalpa", "diego", "No contestó; le escribo.", ago=21, direction="out", state="missed"),
    Told(
        "Lucía Herrera Ponce",
        "paulina",
        "Confirma que hoy pasa por su bici.",
        ago=5,
        seconds=71,
        recording=f"{RECORDINGS}8852",
    ),
]


def tell(stage: Stage, by: Actor) -> None:
    """Write down all of them; each is a conversation of its own."""
    channels = {what: own_channel(what, by=by) for what in ("call", "visit")}
    for told in TOLD:
        at = stage.clock.opening(told.days) if told.days else stage.clock.ago(told.ago)
        conversation = Conversation(
            id=stage.clock.id_at(at),
            channel=channels[told.what],
            customer=stage.customers[told.who],
            identity=stage.addresses[stage.customers[told.who].pk, "phone"],
            created_at=at,
        )
        stage.rows.add(conversation)
        _put(stage, told, conversation, stage.members[told.by], at)


def _put(stage: Stage, told: Told, conversation: Conversation, member: Membership, at: datetime) -> None:
    """The rows that writing it down would have made."""
    call = {name: getattr(told, name) for name in ("what", "direction", "state", "seconds", "recording")}
    call = {name: value for name, value in call.items() if value not in (None, "")}
    from_us, missed = told.direction == "out", calls.is_missed(call)
    conversation.preview = f"{calls.title(call)}: {told.note}" if told.note else calls.title(call)
    conversation.preview_is_ours = from_us
    conversation.last_message_at, conversation.episode_count = at, 1
    conversation.last_inbound_at = None if from_us else at
    conversation.waiting_since = at if missed else None
    conversation.assignee = None if missed else member
    is_done = not (missed or told.is_open)
    if is_done:
        conversation.status, conversation.closed_at = Conversation.Status.CLOSED, at
    customer = conversation.customer
    message = Message(
        id=stage.clock.id_at(at),
        conversation=conversation,
        episode=stage.rows.add(
            Episode(
                id=stage.clock.id_at(at),
                conversation=conversation,
                number=1,
                opened_at=at,
                closed_at=at if is_done else None,
            )
        ),
        kind=Message.Kind.OUTBOUND if from_us else Message.Kind.INBOUND,
        author_kind=Message.Author.MEMBER if from_us else Message.Author.CUSTOMER,
        author=member if from_us else None,
        author_label=member.user.name if from_us else customer.name,
        text=told.note,
        data=_kept(call, conversation, member),
        provider_at=at,
        created_at=at,
    )
    stage.rows.add(message)
    if not from_us and at >= customer.last_contact_at:
        customer.last_contact_at, customer.last_contact_channel = at, conversation.channel.kind
    stage.remember(
        customer,
        TimelineEntry.Kind.MESSAGE_OUT if from_us else TimelineEntry.Kind.MESSAGE_IN,
        at,
        {"text": told.note, "call": {name: call[name] for name in call if name != "recording"}},
        object_id=message.pk,
        context_id=conversation.pk,
        channel=conversation.channel.kind,
        actor=member.user.name,
    )
    stage.audit("call.logged", at, message, member, what=told.what, direction=told.direction)


def _kept(call: dict[str, Any], conversation: Conversation, member: Membership) -> dict[str, Any]:
    kept = call | {"channel": str(conversation.channel_id), "logged_by": member.user.name}
    return {"kind": call["what"], "call": kept}
