"""The pages of confirmations: the sequences, a day, and the page that a customer's link opens."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conversations.confirmations import links
from conversations.confirmations.sending import send_due
from conversations.models import Confirmation, ConfirmationStep, Conversation, Message
from crm.actions.activities import Report, record_activities
from crm.models import Appointment, Customer
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.conversations.confirmations.conftest import book, noon
from tests.factories.tenants import Business

Said = Confirmation.Answer


@pytest.fixture
def reminder(business: Business, ana: Customer) -> Confirmation:
    """Ana was asked by mail whether she comes in three hours."""
    with tenant_scope(business.tenant.id):
        book(ana, timezone.now() + timedelta(days=2))
        Confirmation.objects.filter(step__asks=True).update(due_at=timezone.now())
    send_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        return Confirmation.objects.get(step__asks=True)


def address(business: Business, one: Confirmation) -> str:
    return f"/a/{links.token(business.tenant.pk, one.pk)}/"


def test_sequences_are_taken_changed_and_switched_on(business: Business, owner_client: Client) -> None:
    base = f"{business.base}confirmations/"
    assert owner_client.post(f"{base}steps/ready-made/").status_code == 302
    with tenant_scope(business.tenant.id):
        step = ConfirmationStep.objects.get(happening="appointment_starts", minutes=-1440)
        assert not ConfirmationStep.objects.filter(is_on=True).exists()
    owner_client.post(f"{base}steps/ready-made/")
    page = owner_client.get(f"{base}steps/").content.decode()
    assert page.count('class="step-row"') == 11
    form = {
        "happening": "appointment_starts", "side": "before", "count": "2", "unit": "days", "asks": "1",
        "template": str(step.template_id), "call_count": "4", "call_unit": "hours",
    }  # fmt: skip
    assert owner_client.post(f"{base}steps/{step.pk}/", form).status_code == 302
    assert owner_client.post(f"{base}steps/{step.pk}/", {**form, "count": "x"}).status_code == 422
    assert owner_client.post(f"{base}steps/new/", {**form, "happening": "order_paid"}).status_code == 422
    owner_client.post(f"{base}steps/{step.pk}/switching/", {"on": "1"})
    with tenant_scope(business.tenant.id):
        step.refresh_from_db()
        assert (step.minutes, step.call_minutes, step.is_on) == (-2880, 240, True)
    assert owner_client.post(f"{base}steps/{step.pk}/deletion/").status_code == 302
    assert owner_client.get(f"{base}steps/{step.pk}/").status_code == 404


def test_ready_made_words_are_sendable(business: Business, ana: Customer, owner_client: Client) -> None:
    with tenant_scope(business.tenant.id):
        ConfirmationStep.objects.all().delete()
    owner_client.post(f"{business.base}confirmations/steps/ready-made/")
    with tenant_scope(business.tenant.id):
        ConfirmationStep.objects.update(is_on=True)
        book(ana, noon(2))
        Confirmation.objects.update(due_at=timezone.now())
    send_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        assert set(Confirmation.objects.values_list("state", flat=True)) == {"sent"}
        said = Message.objects.order_by("id").first()
        assert said is not None
        assert "/a/" in said.html
        assert said.attachments.get().content_type == "text/calendar"


def test_day_shows_narrowed_members_their_customers(
    business: Business, reminder: Confirmation, owner_client: Client, stranger_client: Client
) -> None:
    day = f"{business.base}confirmations/"
    due = reminder.due_at.astimezone(business.tenant.zone).date()
    page = owner_client.get(f"{day}?day={due}").content.decode()
    assert "Ana Flores" in page
    for query in ("?view=sent", "?view=declined", "?view=x&day=0000-99-99", "?cursor=x"):
        assert owner_client.get(day + query).status_code in (200, 302)
    assert stranger_client.get(day).status_code == 404
    assert owner_client.post(f"{day}{reminder.pk}/withdrawal/").status_code == 302
    with tenant_scope(business.tenant.id):
        reminder.refresh_from_db()
        assert reminder.state == "sent"
        waiting = Confirmation.objects.create(
            customer=reminder.customer, happening="order_paid", thing="order", thing_id=reminder.pk,
            stamp="paid", happens_at=timezone.now(), due_at=timezone.now() + timedelta(hours=1),
        )  # fmt: skip
    owner_client.post(f"{day}{waiting.pk}/withdrawal/")
    with tenant_scope(business.tenant.id):
        waiting.refresh_from_db()
        assert (waiting.state, waiting.reason) == ("withdrawn", "by_hand")


@pytest.mark.parametrize(
    ("do", "answer", "status"),
    [
        ("confirm", Said.CONFIRMED, "confirmed"),
        ("cancel", Said.DECLINED, "cancelled"),
        ("move", Said.MOVING, "booked"),
    ],
)
def test_link_acts_by_post_only(
    business: Business, reminder: Confirmation, client: Client, do: str, answer: str, status: str
) -> None:
    url = address(business, reminder)
    for method in (client.get, client.head):
        assert method(f"{url}?do={do}").status_code == 200
    assert b"BEGIN:VCALENDAR" in client.get(f"{url}calendar.ics").content
    with tenant_scope(business.tenant.id):
        appointment = Appointment.objects.get()
        reminder.refresh_from_db()
        assert (reminder.answer, appointment.status) == ("", "booked")
    assert client.post(url, {"do": do, "at": "then"}).status_code == 409
    given = {"do": do, "at": appointment.starts_at.isoformat(), "wish": "el jueves a las 6"}
    assert client.post(url, given).status_code == 200
    with tenant_scope(business.tenant.id):
        reminder.refresh_from_db()
        assert (reminder.answer, reminder.call_at, Appointment.objects.get().status) == (answer, None, status)
        waits = Conversation.objects.filter(status="open", waiting_since__isnull=False)
        assert waits.exists() is (do == "move")


def test_wrong_links_are_nothing(business: Business, reminder: Confirmation, client: Client) -> None:
    url = address(business, reminder)
    for wrong in (f"{url[:-3]}xx/", "/a/x/", f"{url}?lang=xx&do=%00"):
        assert client.get(wrong).status_code in (200, 404)
    assert client.get(f"{url[:-3]}xx/").status_code == 404
    with tenant_scope(business.tenant.id):
        Appointment.objects.update(starts_at=timezone.now() - timedelta(hours=1))
        at = Appointment.objects.get().starts_at.isoformat()
    assert client.post(url, {"do": "confirm", "at": at}).status_code == 409


def test_quote_is_told_and_other_activities_are_not(business: Business, ana: Customer) -> None:
    with tenant_scope(business.tenant.id):
        step = ConfirmationStep.objects.first()
        assert step is not None
        ConfirmationStep.objects.create(happening="quote_sent", template=step.template, is_on=True)
        for kind in ("quote", "viewed product"):
            report = Report(external_id=kind, kind=kind, happened_at=timezone.now(), customer_id=ana.pk)
            record_activities(reports=[report], by=Actor.system())
        assert Confirmation.objects.get().happening == "quote_sent"
