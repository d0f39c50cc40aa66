"""What a customer answers when he was asked whether he comes: acted on where it is plain, else for a person.

The message is noted in its own transaction (`hear`), and read by a worker (`read_due`): until then the bot
says nothing to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from conversations.actions import turns
from conversations.actions.campaigns.quiet import say
from conversations.actions.confirmations import tell
from conversations.actions.episodes import current_episode, wake
from conversations.actions.failures import in_short, whereabouts
from conversations.actions.messages import add_event, announce, lock
from conversations.confirmations import answers
from conversations.confirmations.answers import Kind
from conversations.confirmations.catalogue import COMING
from conversations.left_out import ELSEWHERE
from conversations.models import Confirmation, Conversation, Happening, Message
from conversations.personalising.gathering import zones_of
from crm.actions.appointments import record_appointment
from crm.actions.follow_ups import open_follow_up
from crm.consent_texts import language_of
from crm.models import Appointment, Purpose
from tenants import formats
from tenants.actors import Actor
from tenants.db.prepared import prepared
from tenants.queries import own
from tenants.refusals import Refused
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.confirmations")
ASKED_FOR = timedelta(days=14)
BATCH = 100
Said = Confirmation.Answer


class NoLonger(Refused):
    """The appointment began, was cancelled, or is no more."""


@prepared(Confirmation)
def _asked(*, customer: UUID, since: datetime) -> QuerySet[Confirmation]:
    sent = Confirmation.objects.filter(customer_id=customer, sent_at__gt=since, step__asks=True)
    return sent.select_related("message").order_by("-sent_at")[:1]


def hear(message: Message) -> bool:
    """Note that a message may answer a question of ours; True where a worker reads it for that.

    It is one only if nobody of us said anything else after the question.
    """
    now = timezone.now()
    for one in _asked(customer=message.conversation.customer_id, since=now - ASKED_FOR):
        if one.message is None or one.message.conversation_id != message.conversation_id:
            return False
        if one.happens_at <= now or _was_spoken_to_since(one.message, message):
            return False
        Confirmation.objects.filter(pk=one.pk).update(answer_message=message, answered_at=None)
        return True
    return False


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
    held = Confirmation.objects.select_for_update(skip_locked=True, of=("self",))
    held = held.select_related("customer", "answer_message__conversation")
    one = held.filter(pk=pk, answered_at=None).first()
    if one is None or one.answer_message is None:
        return
    conversation = lock(one.answer_message.conversation_id)
    one.answered_at = timezone.now()
    found = Appointment.objects.filter(pk=one.thing_id, status__in=COMING).first()
    if found is None or found.starts_at <= one.answered_at or found.starts_at.isoformat() != one.stamp:
        one.save(update_fields=["answered_at"])
        _let_on(conversation)
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
        ACTS[read.kind](asked)
    one.save(update_fields=["answered_at", "answer", "wished_at"])
    tell(one)
    Confirmation.objects.filter(thing_id=one.thing_id, call_at__isnull=False).update(call_at=None)


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


def by_link(confirmation: Confirmation, said: Said, wish: str = "") -> Appointment:
    """Do what a customer chose on the page that a link of ours opens. Raises `NoLonger`.

    The page itself thanks him; who wants another time is given to a person, with what he wrote.
    """
    with transaction.atomic():
        held = Confirmation.objects.select_for_update(of=("self",)).select_related("customer", "message")
        one = held.get(pk=confirmation.pk)
        found = Appointment.objects.filter(pk=one.thing_id, status__in=COMING).first()
        if found is None or is_over(found):
            raise NoLonger(_("This appointment cannot be changed here any more. Write to us."))
        one.answer, one.answered_at = said, timezone.now()
        if said == Said.CONFIRMED:
            _record(found, Appointment.Status.CONFIRMED)
        elif said == Said.DECLINED:
            _cancel(found)
        else:
            _ask_person(one, found, wish)
        one.save(update_fields=["answer", "answered_at"])
        Confirmation.objects.filter(thing_id=one.thing_id, call_at__isnull=False).update(call_at=None)
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
    told = Confirmation.objects.waiting().filter(
        thing_id=appointment.pk, happening=Happening.APPOINTMENT_CANCELLED
    )
    told.update(state=Confirmation.State.LEFT_OUT, reason=ELSEWHERE)


def _record(appointment: Appointment, status: str) -> None:
    record_appointment(
        external_id=appointment.external_id, source=appointment.source, status=status, by=Actor.system()
    )


def _answer(asked: Asked, text: str) -> None:
    """Thank him, and let the conversation rest: nobody has to do anything."""
    conversation = asked.conversation
    if conversation.identity is None:
        return
    say(
        customer=asked.one.customer,
        channel=conversation.channel,
        identity=conversation.identity,
        text=text,
        subject=conversation.subject,
        data={"confirmation": True},
        purpose=Purpose.SERVICE,
        conversation=conversation,
    )
    conversation.refresh_from_db()
    conversation.status, conversation.waiting_since = Conversation.Status.WAITING, None
    conversation.save(update_fields=["status", "waiting_since"])
    announce(conversation)


def _move(asked: Asked) -> None:
    asked.one.answer, asked.one.wished_at = Said.MOVING, _instant(asked)
    _give_to_person(asked, "appointment_moves")


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
