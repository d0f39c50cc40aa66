"""Texts that an agent asks the model for: a draft, another wording, a summary. None is sent by itself.

The request is a row and a bell; a worker gathers what the model may see, asks, and compares what came back
with what the business says. The text waits in Valkey for a quarter of an hour and is kept nowhere.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import redis
import structlog
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions import model_calls
from conversations.bot import guards, prompts
from conversations.bot.guards import Fault, Known
from conversations.bot.prompts import Line, Matter
from conversations.model_wire import NotSaid
from conversations.models import Conversation, Handoff, Message, ModelCall, Use
from crm.models import Order
from tenants import formats
from tenants.actors import Actor
from tenants.kit import events, valkey
from tenants.kit.tasks import ring
from tenants.kit.text import clean
from tenants.permissions import Sees
from tenants.queries import own
from tenants.refusals import Conflicting, Refused
from tenants.scoping import current_tenant_id, tenant_scope

log = structlog.get_logger("puente.model")
KEPT = 900  # seconds
LINES = 20
ANSWERS = 3
LIKELY = 0.02
ORDERS = 3
LONGEST = 4_000
TEXTS = (Use.DRAFT, Use.REPHRASE, Use.SUMMARY)
WORTHLESS = frozenset({"empty", "system"})
"""Kinds of fault that leave nothing worth showing."""
Outcome = ModelCall.Outcome
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*|__([^_\n]+)__")
_HEADING = re.compile(r"^#{1,6} +", re.MULTILINE)


class ModelUnavailable(Conflicting):
    """The business has no model, or none that may be asked now."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the model wrote, and what of it the business has not said."""

    text: str
    faults: tuple[Fault, ...] = ()
    sources: tuple[str, ...] = ()
    """Questions of the answers it was given."""


def request_text(*, conversation: Conversation, use: str, text: str = "", by: Actor) -> ModelCall:
    """Ask for a text. A worker writes it; the live event `model_text` says when it is there."""
    from conversations.model_tasks import write_text  # noqa: PLC0415 -- leaf

    if use not in TEXTS:
        raise Refused(_("This is nothing the model writes."), "use")
    text = clean(text, LONGEST).strip()
    if use == Use.REPHRASE and not text:
        raise Refused(_("Write something first: then it can be put in other words."), "text")
    if model_calls.available(use) is None:
        raise ModelUnavailable(_("The model cannot be asked for this now."))
    call = model_calls.open_call(use, conversation_id=conversation.pk, membership_id=by.membership_id)
    try:
        valkey.client().set(_key("asked", call.pk), text, ex=KEPT)
    except redis.RedisError:
        raise ModelUnavailable(_("The model cannot be asked for this now.")) from None
    ring(write_text, current_tenant_id(), call.pk)
    return call


def offered() -> list[Use]:
    """What an agent may ask for now."""
    endpoint = model_calls.available(None)
    return [use for use in TEXTS if endpoint is not None and use in endpoint.uses]


def write(tenant_id: UUID | str, call_id: UUID | str) -> None:
    """Let the model write what was asked for. Harmless when run twice."""
    with tenant_scope(tenant_id):
        call = ModelCall.objects.filter(pk=call_id, outcome=Outcome.WAITING).first()
        if call is None or call.conversation_id is None:
            return
        endpoint = model_calls.available(call.use)
        matter = _matter(call) if endpoint else None
        known = _known(call.use, matter) if matter else Known()
    if endpoint is None or matter is None:
        with tenant_scope(tenant_id):
            ModelCall.objects.filter(pk=call_id).update(outcome=Outcome.OFF)
            _tell(call)
        return
    asked = prompts.messages(call.use, matter, most=endpoint.most_input)
    try:
        said = model_calls.ask(tenant_id, call.pk, asked)
    except NotSaid:
        with tenant_scope(tenant_id):
            _tell(call)
        return
    text = tidied(said.text)
    faults = guards.faults(text, known, is_cut=said.is_cut)
    kinds = {fault.kind for fault in faults}
    with tenant_scope(tenant_id):
        if kinds & WORTHLESS:
            outcome = Outcome.DROPPED
        else:
            outcome = Outcome.WARNED if faults else Outcome.USED
            sources = tuple(question for question, _answer in matter.answers)
            _keep(call, Written(text, tuple(faults), sources))
        model_calls.conclude(call, outcome, sorted(kinds))
        _tell(call)


def written(call: ModelCall) -> Written | None:
    """What was written, for as long as it is kept; None before and after."""
    try:
        kept = valkey.client().get(_key("said", call.pk))
    except redis.RedisError:
        return None
    if not isinstance(kept, str):
        return None
    said = json.loads(kept)
    faults = tuple(Fault(**fault) for fault in said["faults"])
    return Written(said["text"], faults, tuple(said["sources"]))


def call_of(call_id: UUID, by: Actor) -> ModelCall | None:
    """A text that this member asked for, in a conversation he sees; a key reads all of those it sees."""
    found = ModelCall.objects.filter(pk=call_id)
    if by.sees != Sees.ALL:
        found = found.filter(conversation__in=Conversation.objects.within(by).values("pk"))
    if by.membership_id is not None:
        found = found.filter(membership=by.membership_id)
    call: ModelCall | None = found.first()
    return call


def tidied(text: str) -> str:
    """Without the signs of a markup that no channel shows, and without quotes around the whole."""
    plain = _HEADING.sub("", _BOLD.sub(lambda match: match[1] or match[2], clean(text))).strip()
    for opening, closing in ('""', "“”", "«»"):
        inner = plain[1:-1]
        if plain[:1] == opening and plain[-1:] == closing and opening not in inner and closing not in inner:
            plain = inner.strip()
    return plain


def _key(what: str, call_id: UUID) -> str:
    return valkey.key(current_tenant_id(), "model", what, call_id)


def _keep(call: ModelCall, said: Written) -> None:
    kept = {"text": said.text, "faults": [asdict(one) for one in said.faults], "sources": said.sources}
    try:
        valkey.client().set(_key("said", call.pk), json.dumps(kept), ex=KEPT)
        valkey.client().delete(_key("asked", call.pk))
    except redis.RedisError as error:
        log.warning("text not kept", call=str(call.pk), error=str(error))


def _tell(call: ModelCall) -> None:
    """Only whose it is is told, not what it says."""
    data = {"call": str(call.pk), "conversation": str(call.conversation_id)}
    events.publish("model_text", data, assignee_id=call.membership_id)


# --- what the model may see ---


def _matter(call: ModelCall) -> Matter:
    conversation = Conversation.objects.select_related("customer", "channel", "identity").get(
        pk=call.conversation_id
    )
    lines = _lines(conversation)
    text = ""
    if call.use == Use.REPHRASE:
        try:
            text = str(valkey.client().get(_key("asked", call.pk)) or "")
        except redis.RedisError:
            text = ""
    spoken, answers, live = _found(conversation, lines)
    return Matter(
        language=own().language.partition("-")[0] if call.use == Use.SUMMARY else spoken,
        answers=answers,
        facts=(*live, *_facts(conversation, call)),
        lines=lines,
        text=text,
        ours=tuple(line.text for line in lines if not line.is_customer),
    )


def _lines(conversation: Conversation) -> tuple[Line, ...]:
    kinds = (Message.Kind.INBOUND, Message.Kind.OUTBOUND)
    said = Message.objects.filter(conversation=conversation, kind__in=kinds).exclude(text="")
    newest = said.order_by("-id").values_list("kind", "text")[:LINES]
    return tuple(Line(kind == Message.Kind.INBOUND, text) for kind, text in reversed(newest))


def _found(
    conversation: Conversation, lines: Sequence[Line]
) -> tuple[str, tuple[tuple[str, str], ...], tuple[str, ...]]:
    """The customer's language, what is published on what he asks, and live facts on it."""
    from conversations import brains, live_facts  # noqa: PLC0415 -- bring numpy
    from conversations.bot import language  # noqa: PLC0415 -- with them
    from conversations.bot.understand import Context, understand  # noqa: PLC0415 -- brings numpy

    usual = (conversation.customer.language or own().language).partition("-")[0]
    asked = "\n".join(_latest(lines))
    spoken = language.detect(asked, fallback=usual).code
    brain = brains.brain(spoken, conversation.channel.kind)
    likely = understand(asked, brain.index, Context(spoken)).candidates if asked else ()
    answers: list[tuple[str, str]] = []
    facts: list[str] = []
    for one in likely:
        if one.probability < LIKELY or len(answers) == ANSWERS:
            break
        if version := brain.versions.get(one.entry.id):
            answers.append((version.question, version.answer))
    identity = conversation.identity
    about = live_facts.Asked(
        text=asked,
        language=spoken,
        customer=conversation.customer,
        is_sure=bool(identity and identity.is_verified),
        at=timezone.now(),
    )
    if hours := live_facts.answer("hours", about):
        facts.append(hours)
    return spoken, tuple(answers), tuple(facts)


def _latest(lines: Sequence[Line]) -> list[str]:
    """What the customer wrote since we said something; else his last message."""
    since: list[str] = []
    for line in reversed(lines):
        if not line.is_customer:
            break
        since.insert(0, line.text)
    theirs = [line.text for line in lines if line.is_customer]
    return since or theirs[-1:]


def _facts(conversation: Conversation, call: ModelCall) -> list[str]:
    """The card and the orders of this customer; orders only where it is sure who he is."""
    tenant = own()
    found = [f"Business: {tenant.name}"]
    if name := conversation.customer.name.partition(" ")[0]:
        found.append(f"Customer's first name: {name}")
    if call.membership is not None:
        found.append(f"Agent's name: {call.membership.name}")
    card = Handoff.objects.filter(conversation=conversation).order_by("-id").first()
    if card is not None:
        found += [f"{key}: {value}" for key, value in card.facts.items()]
    if conversation.identity is None or not conversation.identity.is_verified:
        return found
    orders = Order.objects.filter(customer_id=conversation.customer_id).order_by("-placed_at")[:ORDERS]
    for order in orders:
        found.append(
            f"Order {order.number}: {order.get_status_display()},"
            f" {formats.money(order.total, order.currency)},"
            f" {formats.long_date(order.placed_at.astimezone(tenant.zone).date())}"
        )
    return found


def _known(use: str, matter: Matter) -> Known:
    """What a text of a kind may rest on. A summary tells what the customer said, a wording what we wrote."""
    answers: tuple[Any, ...] = tuple(f"{question}\n{answer}" for question, answer in matter.answers)
    facts = (*matter.facts, *matter.ours)
    if use == Use.SUMMARY:
        said = tuple(line.text for line in matter.lines)
        answers, facts = (*answers, *said), (*facts, *said)
    if use == Use.REPHRASE:
        answers, facts = (matter.text,), (matter.text,)
    return Known(
        answers=answers,
        facts=facts,
        instructions=prompts.INSTRUCTIONS[use],
        language=matter.language,
    )
