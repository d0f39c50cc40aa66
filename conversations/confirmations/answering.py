"""What a customer answers when he was asked whether he comes: acted on where it is plain, else for a person.

The message is noted in its own transaction (`hear`), and read by a worker (`read_due`): until then the bot
says nothing to it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from conversations.actions import turns
from conversations.actions.campaigns import marks
from conversations.actions.campaigns.quiet import say
from conversations.actions.confirmations import tell
from conversations.actions.content import CannotSend
from conversations.actions.episodes import current_episode, wake
from conversations.actions.failures import in_short, whereabouts
from conversations.actions.free_slots import NoLonger, SlotTaken, move_to_slot
from conversations.actions.messages import add_event, announce, lock
from conversations.channels.registry import adapter_for
from conversations.confirmations import answers, offering
from conversations.confirmations.answers import Kind
from conversations.confirmations.catalogue import COMING
from conversations.left_out import ELSEWHERE
from conversations.models import Confirmation, Conversation, Happening, Message
from conversations.personalising.gathering import zones_of
from conversations.said_lately import said_lately
from crm.actions.appointments import record_appointment
from crm.actions.follow_ups import open_follow_up
from crm.consent_texts import language_of
from crm.models import Appointment, Purpose
from tenants import formats
from tenants.actors import Actor
from tenants.queries import own
from tenants.refusals import Conflicting
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.confirmations")
BATCH = 100
Said = Confirmation.Answer


class Moved(Conflicting):
    """The appointment is at another time than the customer saw."""


def hear(message: Message, asked: UUID | None) -> bool:
    """Note that a message may answer what he was asked last; True where a worker reads it for that.

    It does only if nobody of us said anything else after the question.
    """
    if asked is None:
        return False
    one = Confirmation.objects.select_related("message").get(pk=asked)
    if one.message is None or one.message.conversation_id != message.conversation_id:
        return False
    if one.happens_at <= timezone.now() or _was_spoken_to_since(one.message, message):
        return False
    Confirmation.objects.filter(pk=one.pk).update(answer_message=message, answered_at=None)
    return True


def _was_spoken_to_since(asked: Message, message: Message) -> bool:
    ours = Message.objects.seen_by_customer().filter(conversation=message.conversation_id, id__gt=asked.pk)
    return bool(ours.exclude(kind=Message.Kind.INBOUND).exclude(data__has_key="confirmation").exists())


def read_due(tenant_id: UUID | str) -> bool:
    """Read the answers that wait in a business; returns whether more do. Harmless when run twice."""
    with tenant_scope(tenant_id):
        heard = Confirmation.objects.filter(answer_message__isnull=False, answered_at=None)
        found = list(heard.order_by("answer_message").values_list("pk", flat=True)[:BATCH])
    for pk in found:
        try:
            with tenant_scope(tenant_id):
                _read(pk)
        except Exception as error:  # noqa: BLE001 -- what cannot be read is for a person
            log.error("answer not read", confirmation=str(pk), error=in_short(error), at=whereabouts(error))
            with tenant_scope(tenant_id):
                _read(pk, anyhow=Kind.DOUBT)
    return len(found) == BATCH


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of ours, what was said to it, and what both are about."""

    one: Confirmation
    appointment: Appointment
    conversation: Conversation
    text: str
    read: answers.Answer
    zone: ZoneInfo

    @property
    def when(self) -> dict[str, str]:
        """Day and hour as they are written, in the active language."""
        starts = self.appointment.starts_at.astimezone(self.zone)
        return {"day": formats.long_date(starts.date()), "hour": formats.clock(starts)}


def _read(pk: UUID, *, anyhow: Kind | None = None) -> None:
    found = _held(pk)
    held = Confirmation.objects.select_for_update(skip_locked=True, of=("self",))
    held = held.select_related("customer", "answer_message__conversation")
    one = held.filter(pk=pk, answered_at=None).first()
    if one is None or one.answer_message is None:
        return
    conversation = lock(one.answer_message.conversation_id)
    one.answered_at = timezone.now()
    if found is None or found.starts_at <= one.answered_at or found.starts_at.isoformat() != one.stamp:
        one.save(update_fields=["answered_at"])
        _let_on(conversation)
        _leave_alone(one.answer_message, conversation)
        return
    zone = zones_of([one.customer_id], own())[one.customer_id]
    text = _all_of(one.answer_message)
    language = language_of(one.customer, own())
    read = answers.Answer(anyhow) if anyhow else answers.read(
        text,
        language=language,
        appointment_local=found.starts_at.astimezone(zone),
        now_local=one.answered_at.astimezone(zone),
    )  # fmt: skip
    asked = Asked(one, found, conversation, text, read, zone)
    with translation.override(language), formats.written_in(own().country):
        offered = offering.open_of(one)
        if offered and not anyhow:
            _choose(asked, offered, language)
        else:
            ACTS[read.kind](asked)
    one.save(update_fields=["answered_at", "answer", "wished_at", "offered"])
    _leave_alone(one.answer_message, conversation)
    tell(one)
    _need_no_call(one)


def _leave_alone(message: Message, conversation: Conversation) -> None:
    """Who waits for an answer now is left alone by what is automatic; what was understood is settled."""
    if conversation.waiting_since:
        marks.hear(message, said_lately(conversation.customer_id, message.created_at))


def _held(asked: UUID) -> Appointment | None:
    """The appointment that a question is about, where it is still coming, locked.

    It is locked before the question, as by whoever moves it: nobody moves it while the answer is read.
    """
    things = Confirmation.objects.filter(pk=asked).values("thing_id")
    mine = Appointment.objects.select_for_update(of=("self",))
    found: Appointment | None = mine.filter(pk__in=things, status__in=COMING).first()
    return found


def _need_no_call(one: Confirmation) -> None:
    """Who answered is not to be called about this time of his appointment."""
    silent = Confirmation.objects.filter(thing_id=one.thing_id, stamp=one.stamp, call_at__isnull=False)
    silent.update(call_at=None)


def _all_of(message: Message) -> str:
    """A message with what he wrote right before it: some answer a word at a time."""
    here = Message.objects.seen_by_customer().filter(conversation=message.conversation_id, id__lte=message.pk)
    said: list[str] = []
    for one in here.order_by("-id")[:4]:
        if one.kind != Message.Kind.INBOUND:
            break
        said.append(one.text)
    return "\n".join(reversed(said))


def _let_on(conversation: Conversation) -> None:
    """It answers nothing of ours: the bot hears it where it has the turn."""
    if conversation.with_bot:
        turns.hear(conversation)


# --- what an answer does ---


def by_link(
    confirmation: Confirmation,
    said: Said,
    *,
    seen: datetime | None,
    wish: str = "",
    slot: datetime | None = None,
) -> Appointment:
    """Do what a customer chose on the page that a link of ours opens, where it was `seen` as it is now.

    The page itself thanks him. Who wants another time has it if he chose a free `slot`; else he is given to a
    person, with what he wrote. Raises `NoLonger`, `SlotTaken`, `Moved`.
    """
    with transaction.atomic():
        found = _held(confirmation.pk)
        held = Confirmation.objects.select_for_update(of=("self",)).select_related("customer", "message")
        one = held.get(pk=confirmation.pk)
        if found is None or is_over(found):
            raise NoLonger(_("This appointment cannot be changed here any more. Write to us."))
        if found.starts_at != seen:
            raise Moved(_("It was moved meanwhile. This is when it is now."))
        one.answer, one.answered_at = said, timezone.now()
        if said == Said.CONFIRMED:
            _record(found, Appointment.Status.CONFIRMED)
        elif said == Said.DECLINED:
            _cancel(found)
        elif said == Said.MOVED and slot:
            one.answer = _take(one, found, slot)
        else:
            _ask_person(one, found, wish)
        one.save(update_fields=["answer", "answered_at", "wished_at"])
        _need_no_call(one)
        tell(one)
    found.refresh_from_db()
    return found


def is_over(appointment: Appointment) -> bool:
    """Whether it began, so that nothing is left to say."""
    return bool(appointment.starts_at <= timezone.now())


def _ask_person(one: Confirmation, appointment: Appointment, wish: str) -> None:
    """Open the conversation for a person; where there is none any more, a follow-up."""
    if one.message is None:
        title = _("%(name)s asks for another time: %(service)s") % {
            "name": one.customer.name, "service": appointment.service,
        }  # fmt: skip
        open_follow_up(
            customer=one.customer,
            title=title,
            due_at=timezone.now(),
            by=Actor.system(),
            source_id=appointment.pk,
        )
        return
    conversation = lock(one.message.conversation_id)
    text = f"{appointment.service}: “{wish}”" if wish else appointment.service
    _open_for_person(conversation, text, appointment.starts_at)


def _confirm(asked: Asked) -> None:
    asked.one.answer = Said.CONFIRMED
    _record(asked.appointment, Appointment.Status.CONFIRMED)
    _answer(asked, _("Thank you! Your appointment on %(day)s at %(hour)s is confirmed.") % asked.when)


def _decline(asked: Asked) -> None:
    asked.one.answer = Said.DECLINED
    _cancel(asked.appointment)
    cancelled = _("Your appointment on %(day)s at %(hour)s is cancelled. Thank you for telling us.")
    _answer(asked, f"{cancelled % asked.when} {_('If you want another one, write to us here.')}")


def _cancel(appointment: Appointment) -> None:
    """As he wishes: that it is cancelled he need not be told again."""
    _record(appointment, Appointment.Status.CANCELLED)
    _is_told(appointment, Happening.APPOINTMENT_CANCELLED)


def _take(one: Confirmation, appointment: Appointment, at: datetime) -> Said:
    """Move it to the free time he chose: that it was moved he need not be told again."""
    move_to_slot(appointment=appointment, starts_at=at, by=Actor.system())
    _is_told(appointment, Happening.APPOINTMENT_MOVED)
    one.wished_at = at
    return Said.MOVED


def _is_told(appointment: Appointment, happening: Happening) -> None:
    told = Confirmation.objects.waiting().filter(thing_id=appointment.pk, happening=happening)
    told.update(state=Confirmation.State.LEFT_OUT, reason=ELSEWHERE)


def _record(appointment: Appointment, status: str) -> None:
    record_appointment(
        external_id=appointment.external_id, source=appointment.source, status=status, by=Actor.system()
    )


def _answer(asked: Asked, text: str, buttons: Sequence[str] = ()) -> None:
    """Answer him, and let the conversation rest: nobody of ours has to do anything."""
    conversation = asked.conversation
    if conversation.identity is None:
        return
    say(
        customer=asked.one.customer,
        channel=conversation.channel,
        identity=conversation.identity,
        text=text,
        subject=conversation.subject,
        data={"confirmation": True}
        | ({"buttons": [{"id": title, "title": title} for title in buttons]} if buttons else {}),
        purpose=Purpose.SERVICE,
        conversation=conversation,
    )
    conversation.refresh_from_db()
    conversation.status, conversation.waiting_since = Conversation.Status.WAITING, None
    conversation.save(update_fields=["status", "waiting_since"])
    announce(conversation)


def _move(asked: Asked) -> None:
    asked.one.answer, asked.one.wished_at = Said.MOVING, _instant(asked)
    if not _offer(asked):
        _give_to_person(asked, "appointment_moves")


def _offer(asked: Asked, before: str = "") -> bool:
    """Offer him free times near to his wish; False where there are none."""
    if asked.conversation.identity is None:
        return False
    found = offering.offer(asked.one, asked.appointment, asked.one.wished_at)
    if not found:
        return False
    can = adapter_for(asked.conversation.channel.kind).capabilities
    titles = [offering.title(at, asked.zone) for at in found] if can.buttons >= len(found) else []
    text = f"{before} {offering.words(found, asked.zone)}".strip()
    try:
        with transaction.atomic():
            _answer(asked, text, titles)
    except CannotSend:
        return False
    return True


def _choose(asked: Asked, offered: list[datetime], language: str) -> None:
    """He was offered free times: he takes one, wishes others, or a person helps him."""
    at = offering.chosen(
        asked.text, offered, language=language, zone=asked.zone, now=timezone.now().astimezone(asked.zone)
    )
    if at is None and len(offered) == 1 and asked.read.kind == Kind.CONFIRM:
        at = offered[0]
    if at is None:
        ACTS[Kind.DOUBT if asked.read.kind in (Kind.CONFIRM, Kind.DECLINE) else asked.read.kind](asked)
        return
    try:
        asked.one.answer = _take(asked.one, asked.appointment, at)
    except SlotTaken as taken:
        asked.one.wished_at = at
        if not _offer(asked, str(taken)):
            _give_to_person(asked, "appointment_moves")
        return
    moved = replace(asked, appointment=Appointment.objects.get(pk=asked.appointment.pk))
    _answer(moved, _("Done: your appointment is on %(day)s at %(hour)s now.") % moved.when)


def _instant(asked: Asked) -> datetime | None:
    when = asked.read.when
    return when.replace(tzinfo=asked.zone) if when and when.tzinfo is None else when


def _doubt(asked: Asked) -> None:
    asked.one.answer = Said.DOUBTFUL
    _give_to_person(asked, "appointment_doubt")


def _other(asked: Asked) -> None:
    """He speaks of something else: the bot, or whoever has the conversation, answers it."""
    _let_on(asked.conversation)


def _give_to_person(asked: Asked, reason: str) -> None:
    """Let a person take it, with the appointment on the card."""
    from conversations.actions import handoffs  # noqa: PLC0415 -- brings numpy, which web processes do without

    conversation = asked.conversation
    service = asked.appointment.service
    turn = turns.open_turn(conversation)
    bot = turns.bot_of(conversation.way.channel)
    if turn and bot and conversation.with_bot:
        _note(conversation, service, asked.appointment.starts_at)
        handoffs.hand_off(
            conversation,
            turn,
            bot=bot,
            reason=reason,
            words=asked.read.words or asked.text[:200],
            language=language_of(asked.one.customer, own()),
            facts={"appointment": f"{service}, {asked.when['day']}, {asked.when['hour']}"},
        )
        return
    _open_for_person(conversation, service, asked.appointment.starts_at)


def _open_for_person(conversation: Conversation, text: str, starts_at: datetime) -> None:
    """Wake it, say what it is about, and let it wait for a person."""
    if conversation.status != Conversation.Status.OPEN:
        wake(conversation, tenant=own(), at=timezone.now())
    _note(conversation, text, starts_at)
    turns.take(conversation, current_episode(conversation), "handed_off")
    conversation.waiting_since = conversation.waiting_since or timezone.now()
    conversation.save()
    announce(conversation)


def _note(conversation: Conversation, text: str, starts_at: datetime) -> None:
    add_event(conversation, "appointment_answered", Actor.system(), text=text, until=starts_at.isoformat())


ACTS: dict[Kind, Callable[[Asked], None]] = {
    Kind.CONFIRM: _confirm,
    Kind.DECLINE: _decline,
    Kind.RESCHEDULE: _move,
    Kind.DOUBT: _doubt,
    Kind.QUESTION: _doubt,
    Kind.OTHER: _other,
}
