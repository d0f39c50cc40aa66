"""What an agent should know of a customer before the first key is pressed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from conversations.models import Conversation
from conversations.queries import NEWEST, visible_to
from crm import queries as crm
from crm.models import Appointment, Case, Customer, FollowUp, Order, Payment
from tenants.actors import Actor
from tenants.db.prepared import prepared
from tenants.permissions import Permission

Status = Conversation.Status
ELSEWHERE = 20
CASES = 20  # open ones of a customer that are looked at
JUST_BEGUN = timedelta(hours=1)  # an appointment that began so long ago is still told


@dataclass(frozen=True, slots=True)
class Fact:
    """Something an agent should know before the first key is pressed. `kind` names it for pages and API.

    open_complaint, open_case, appointment, payment_overdue, unanswered_elsewhere, open_elsewhere,
    unanswered, overdue_follow_up, last_contact, last_order.
    """

    kind: str
    at: datetime | None = None
    channel: str = ""
    conversation_id: UUID | None = None
    data: dict[str, Any] = field(default_factory=dict)


def right_now(
    customer: Customer, actor: Actor, except_conversation: Conversation | None = None
) -> list[Fact]:
    """The facts about a customer that hold now, the most pressing first, in six queries."""
    others = _elsewhere(customer, actor, except_conversation)
    cases = _open_cases(customer=customer.pk, by=actor)
    complaint = next((case for case in cases if case.kind == Case.Kind.COMPLAINT), None)
    due = next(iter(_overdue(customer=customer.pk, by=actor, now=timezone.now())), None)
    order = next(iter(_orders(customer=customer.pk)), None)
    facts = []
    if complaint:
        facts.append(
            Fact("open_complaint", complaint.opened_at, conversation_id=complaint.context_id,
                 data={"subject": complaint.subject, "case_id": str(complaint.pk)})
        )  # fmt: skip
    facts += [_case_fact(case) for case in cases if case.kind != Case.Kind.COMPLAINT][:1]
    facts += _records_facts(customer, actor)
    facts += [_elsewhere_fact(other) for other in others if other.status != Status.CLOSED]
    if except_conversation and except_conversation.waiting_since and not except_conversation.is_closed:
        facts.append(Fact("unanswered", except_conversation.waiting_since, except_conversation.channel.kind))
    if due:
        facts.append(
            Fact("overdue_follow_up", due.due_at, data={"title": due.title, "follow_up_id": str(due.pk)})
        )
    facts += _last_contact(others)
    if order:
        facts.append(
            Fact("last_order", order.placed_at, data={
                "number": order.number, "status": order.status, "total": str(order.total),
                "currency": order.currency, "order_id": str(order.pk),
            })
        )  # fmt: skip
    return facts


def _case_fact(case: Case) -> Fact:
    data = {"subject": case.subject, "case_id": str(case.pk)}
    return Fact("open_case", case.opened_at, conversation_id=case.context_id, data=data)


def _records_facts(customer: Customer, actor: Actor) -> list[Fact]:
    """What the shop's own systems say that matters now: who comes today or tomorrow, who has not paid."""
    if not actor.can(Permission.ORDERS_READ):
        return []
    facts = []
    now = timezone.localtime()
    until = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
    for coming in _coming(customer=customer.pk, now=now - JUST_BEGUN, until=until):
        data = {"service": coming.service, "appointment_id": str(coming.pk)}
        facts.append(Fact("appointment", coming.starts_at, data=data))
    for unpaid in _unpaid(customer=customer.pk, now=now):
        data = {"amount": str(unpaid.amount), "currency": unpaid.currency, "payment_id": str(unpaid.pk)}
        facts.append(Fact("payment_overdue", unpaid.due_at, data=data))
    return facts


@prepared(Appointment)
def _coming(*, customer: UUID, now: datetime, until: datetime) -> QuerySet[Appointment]:
    expected = (Appointment.Status.BOOKED, Appointment.Status.CONFIRMED, Appointment.Status.ARRIVED)
    ahead = Appointment.objects.filter(customer_id=customer, starts_at__gte=now, starts_at__lt=until)
    return ahead.filter(status__in=expected).order_by("starts_at")[:1]


@prepared(Payment)
def _unpaid(*, customer: UUID, now: datetime) -> QuerySet[Payment]:
    found = Payment.objects.filter(customer_id=customer, status=Payment.Status.DUE, due_at__lt=now)
    return found.order_by("due_at")[:1]


@prepared(Case)
def _open_cases(*, customer: UUID, by: Actor) -> QuerySet[Case]:
    found = crm.cases_visible_to(by).filter(customer_id=customer, resolved_at=None)
    return found.order_by("pk")[:CASES]


@prepared(FollowUp)
def _overdue(*, customer: UUID, by: Actor, now: datetime) -> QuerySet[FollowUp]:
    found = crm.follow_ups_visible_to(by).filter(customer_id=customer, done_at=None)
    return found.filter(due_at__lte=now).order_by("due_at")[:1]


@prepared(Order)
def _orders(*, customer: UUID) -> QuerySet[Order]:
    return Order.objects.filter(customer_id=customer).order_by("-placed_at")[:1]


class Elsewhere(NamedTuple):
    """Another conversation of a customer."""

    id: UUID
    status: str
    waiting_since: datetime | None
    last_message_at: datetime
    last_inbound_at: datetime | None
    channel__kind: str


@prepared(Elsewhere)
def _of_customer(*, customer: UUID, by: Actor) -> QuerySet[Conversation]:
    found: QuerySet[Conversation] = visible_to(by).filter(customer_id=customer)
    return found.order_by(*NEWEST)[: ELSEWHERE + 1]


def _elsewhere(customer: Customer, actor: Actor, but: Conversation | None) -> list[Elsewhere]:
    found = _of_customer(customer=customer.pk, by=actor)
    return [other for other in found if but is None or other.id != but.pk][:ELSEWHERE]


def _elsewhere_fact(other: Elsewhere) -> Fact:
    if other.waiting_since:
        return Fact("unanswered_elsewhere", other.waiting_since, other.channel__kind, other.id)
    return Fact("open_elsewhere", other.last_message_at, other.channel__kind, other.id)


def _last_contact(others: list[Elsewhere]) -> list[Fact]:
    """When and where the customer last wrote, apart from the conversation on screen."""
    written = [other for other in others if other.last_inbound_at]
    if not written:
        return []
    last = max(written, key=lambda other: other.last_inbound_at)  # type: ignore[arg-type, return-value]
    return [Fact("last_contact", last.last_inbound_at, last.channel__kind, last.id)]
