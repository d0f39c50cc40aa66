"""conversations.right_now"""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from conversations.actions import conversations as acts
from conversations.models import Conversation
from conversations.right_now import right_now
from crm.actions.appointments import record_appointment
from crm.actions.payments import record_payment
from crm.models import Case, Customer, FollowUp, Identity
from tenants.permissions import Sees
from tests.factories.conversations import make_conversation, make_inbound, make_message
from tests.factories.crm import make_order
from tests.factories.tenants import Business


@pytest.fixture
def mail(scope: Business) -> Conversation:
    """Ana wrote a mail, a while ago."""
    made = make_conversation("Sigo esperando", address="ana@example.com", name="Ana")
    Conversation.objects.update(waiting_since=timezone.now() - timedelta(hours=3))
    return made


@pytest.fixture
def chat(mail: Conversation) -> Conversation:
    """Ana is in the chat now."""
    visitor = str(uuid4())
    Identity.objects.create(customer=mail.customer, kind="web", value=visitor, display="web")
    return make_inbound("Hola", kind="web", address=visitor).conversation


def kinds(
    business: Business, customer: Customer, but: Conversation | None = None, **who: object
) -> list[str]:
    actor = business.actor(who.get("member"))  # type: ignore[arg-type]
    return [fact.kind for fact in right_now(customer, actor, but)]


def test_waiting_elsewhere_stands_above_the_chat(
    scope: Business, mail: Conversation, chat: Conversation
) -> None:
    facts = right_now(chat.customer, scope.actor(), chat)
    assert [(fact.kind, fact.channel) for fact in facts] == [
        ("unanswered_elsewhere", "email"),
        ("unanswered", "web"),
        ("last_contact", "email"),
    ]
    assert facts[0].conversation_id == mail.pk
    assert facts[0].at is not None
    assert timezone.now() - facts[0].at > timedelta(hours=2)


def test_answered_elsewhere_is_open_elsewhere(
    scope: Business, mail: Conversation, chat: Conversation
) -> None:
    make_message(mail, "Va", by=scope.actor())
    assert kinds(scope, chat.customer, chat) == ["open_elsewhere", "unanswered", "last_contact"]


def test_closed_elsewhere_is_a_last_contact(scope: Business, mail: Conversation, chat: Conversation) -> None:
    acts.close(conversation=mail, by=scope.actor())
    assert kinds(scope, chat.customer, chat) == ["unanswered", "last_contact"]


def test_complaint_follow_up_and_order(scope: Business, mail: Conversation) -> None:
    now = timezone.now()
    Case.objects.create(customer=mail.customer, kind="complaint", subject="Rayada", opened_at=now)
    Case.objects.create(customer=mail.customer, kind="warranty", subject="Freno", opened_at=now)
    FollowUp.objects.create(customer=mail.customer, title="Llamar", due_at=now - timedelta(hours=1))
    FollowUp.objects.create(customer=mail.customer, title="Luego", due_at=now + timedelta(hours=1))
    make_order(mail.customer, number="1042")
    assert kinds(scope, mail.customer, mail) == [
        "open_complaint",
        "open_case",
        "unanswered",
        "overdue_follow_up",
        "last_order",
    ]


def test_who_comes_and_who_has_not_paid(scope: Business, mail: Conversation) -> None:
    now = timezone.now()
    ana, by = mail.customer, scope.actor()
    for number, days in enumerate((0, 3)):
        at = timezone.localtime().replace(hour=23, minute=59) + timedelta(days=days)
        record_appointment(external_id=f"{number}", customer=ana, service="Ajuste", starts_at=at, by=by)
    for number, days in enumerate((-1, 1)):
        due = now + timedelta(days=days)
        record_payment(external_id=f"{number}", customer=ana, amount=Decimal(9), due_at=due, by=by)
    facts = right_now(ana, by, mail)
    assert [fact.kind for fact in facts] == ["appointment", "payment_overdue", "unanswered"]
    record_appointment(external_id="0", status="cancelled", by=by)
    record_payment(external_id="0", status="paid", by=by)
    assert kinds(scope, ana, mail) == ["unanswered"]


def test_settled_things_are_not_told(scope: Business, mail: Conversation) -> None:
    now = timezone.now()
    Case.objects.create(customer=mail.customer, kind="complaint", subject="x", opened_at=now, resolved_at=now)
    FollowUp.objects.create(customer=mail.customer, title="x", due_at=now, done_at=now)
    make_message(mail, "Va", by=scope.actor())
    mail.refresh_from_db()
    assert kinds(scope, mail.customer, mail) == []


def test_narrowed_member_hears_nothing_of_hidden_conversations(
    scope: Business, mail: Conversation, chat: Conversation
) -> None:
    narrow = scope.add_member(sees=Sees.OWN)
    Case.objects.create(
        customer=mail.customer, kind="complaint", subject="x", opened_at=timezone.now(), context_id=mail.pk
    )
    acts.assign(conversation=chat, to=narrow, by=scope.actor())
    assert kinds(scope, chat.customer, chat, member=narrow) == ["unanswered"]


def test_six_queries_however_much_there_is(
    scope: Business, mail: Conversation, chat: Conversation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        make_conversation(f"n{number}", address="ana@example.com", references=(f"<{number}@x>",))
    actor = scope.actor()
    with django_assert_num_queries(6):
        right_now(chat.customer, actor, chat)
