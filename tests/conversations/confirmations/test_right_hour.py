"""A confirmation goes out at an hour at which it may, while it is true, and else says why it did not."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail

from conversations.actions import outbox
from conversations.actions.confirmations import send_confirmation_now
from conversations.actions.deliveries import deliver
from conversations.confirmations.catalogue import Told
from conversations.confirmations.planning import due_at
from conversations.confirmations.sending import send_due
from conversations.left_out import TOO_LATE
from conversations.models import Confirmation, ConfirmationStep, Delivery, Happening, Message
from conversations.right_time import Hours
from crm.models import Appointment, Customer
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, key_for
from tests.conversations.confirmations.conftest import book
from tests.factories.campaigns import make_policy
from tests.factories.tenants import Business

ZONE = ZoneInfo("America/Mexico_City")
STATES = Confirmation.State
STARTS = datetime(2026, 11, 26, 18, tzinfo=ZONE)
NIGHT = {"quiet_from": "20:00", "quiet_until": "09:00"}


def at(day: int, hour: int, minute: int = 0) -> time_machine.travel:
    return time_machine.travel(datetime(2026, 11, day, hour, minute, tzinfo=ZONE), tick=False)


def say(business: Business) -> list[str]:
    """What a worker says and delivers now; returns the mails."""
    before = len(mail.outbox)
    send_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        due = list(Delivery.objects.due().values_list("pk", flat=True))
    for pk in due:
        deliver(business.tenant.id, pk)
    return [str(one.subject) for one in mail.outbox[before:]]


@pytest.fixture
def reminder(business: Business, ana: Customer) -> Confirmation:
    """Of an appointment on Thursday at six in the afternoon; it is due a day before."""
    with tenant_scope(business.tenant.id), at(23, 12):
        make_policy(**NIGHT)
        ConfirmationStep.objects.exclude(minutes__lt=0).update(is_on=False)
        book(ana, STARTS)
        found: Confirmation = Confirmation.objects.get()
    return found


def test_what_an_outage_held_up_until_the_night_waits_for_the_morning(
    business: Business, reminder: Confirmation
) -> None:
    with at(25, 23):
        assert say(business) == []
    with tenant_scope(business.tenant.id):
        reminder.refresh_from_db()
        assert (reminder.state, reminder.attempts) == (STATES.WAITING, 0)
        assert reminder.due_at == datetime(2026, 11, 26, 9, tzinfo=ZONE)
    with at(26, 9, 1):
        assert say(business) == ["Tu cita"]


def test_night_after_which_it_would_be_too_late_leaves_it_out_with_the_reason(
    business: Business, reminder: Confirmation
) -> None:
    with tenant_scope(business.tenant.id), at(25, 12):
        Appointment.objects.update(starts_at=datetime(2026, 11, 26, 8, tzinfo=ZONE))
        moved = Appointment.objects.get().starts_at
        Confirmation.objects.update(happens_at=moved, stamp=moved.isoformat())
    with at(25, 23):
        assert say(business) == []
    with tenant_scope(business.tenant.id):
        reminder.refresh_from_db()
        assert (reminder.state, reminder.reason) == (STATES.LEFT_OUT, TOO_LATE)


def test_person_who_says_now_is_heard_at_night(business: Business, reminder: Confirmation) -> None:
    with at(25, 23):
        with tenant_scope(business.tenant.id):
            send_confirmation_now(confirmation=reminder, by=business.actor())
        assert say(business) == ["Tu cita"]


def test_reminder_in_the_outbox_is_not_sent_once_its_appointment_moved(
    business: Business, reminder: Confirmation, ana: Customer
) -> None:
    with at(25, 18, 1):
        send_due(business.tenant.id)
        with tenant_scope(business.tenant.id):
            book(ana, STARTS + timedelta(days=5))
            ConfirmationStep.objects.update(is_on=False)
        assert say(business) == []
    with tenant_scope(business.tenant.id):
        reminder.refresh_from_db()
        assert (reminder.state, reminder.reason, reminder.sent_at) == (STATES.WITHDRAWN, "untrue", None)
        assert Delivery.objects.get().status == Delivery.Status.DISCARDED


def test_reminder_in_the_outbox_waits_for_the_morning_and_goes_once(
    business: Business, reminder: Confirmation
) -> None:
    with at(25, 18, 1):
        send_due(business.tenant.id)
    with at(25, 23):
        assert say(business) == []
    with tenant_scope(business.tenant.id):
        reminder.refresh_from_db()
        assert (reminder.state, reminder.sent_at) == (STATES.WAITING, None)
    with at(26, 9, 1):
        assert say(business) == ["Tu cita"]
        assert say(business) == []
    with tenant_scope(business.tenant.id):
        reminder.refresh_from_db()
        assert (reminder.state, Message.objects.count()) == (STATES.SENT, 1)


def test_person_may_send_what_waits_for_the_morning_and_it_is_not_said_again(
    business: Business, reminder: Confirmation
) -> None:
    with at(25, 18, 1):
        send_due(business.tenant.id)
    with at(25, 23):
        assert say(business) == []
        with tenant_scope(business.tenant.id):
            assert outbox.resend(delivery=Delivery.objects.get(), by=business.actor())
        assert say(business) == ["Tu cita"]
    with at(26, 9, 1):
        assert say(business) == []
    with tenant_scope(business.tenant.id):
        assert Confirmation.objects.get().state == STATES.SENT


def test_news_of_an_appointment_that_began_meanwhile_is_too_late(business: Business, ana: Customer) -> None:
    with tenant_scope(business.tenant.id), at(26, 16):
        make_policy()
        book(ana, STARTS)
    with at(26, 18, 30):
        assert say(business) == []
    with tenant_scope(business.tenant.id):
        assert {one.reason for one in Confirmation.objects.all()} == {TOO_LATE}


# Quiet hours, now, when it begins, how long before in minutes; when it goes out and why not, all in Tijuana,
# where the clock goes from 2:00 to 3:00 on 8 March and from 2:00 back to 1:00 on 1 November 2026.
TIJUANA = ZoneInfo("America/Tijuana")
OVER_MIDNIGHT, AFTERNOON, EARLY = ("20:00", "09:00"), ("13:00", "16:00"), ("20:00", "02:30")
TABLE = [
    (OVER_MIDNIGHT, "11-23 12:00", "11-26 18:00", -1440, "11-25 18:00", ""),
    (OVER_MIDNIGHT, "11-23 12:00", "11-26 10:00", -180, "11-26 09:00", ""),  # waits for the end of the night
    (OVER_MIDNIGHT, "11-23 12:00", "11-26 08:00", -120, "11-25 19:30", ""),  # in the evening before
    (OVER_MIDNIGHT, "11-23 12:00", "11-26 23:00", -120, "11-26 19:30", ""),  # of the same day
    (OVER_MIDNIGHT, "11-25 21:00", "11-26 08:00", -120, "11-26 09:00", TOO_LATE),
    (OVER_MIDNIGHT, "11-26 12:00", "11-26 18:00", -1440, None, ""),  # booked too late for it
    (OVER_MIDNIGHT, "11-25 22:00", "11-25 22:00", 0, "11-26 09:00", ""),
    (AFTERNOON, "11-23 12:00", "11-26 15:00", -60, "11-26 12:30", ""),
    (AFTERNOON, "11-23 12:00", "11-26 17:00", -120, "11-26 16:00", ""),
    (EARLY, "03-07 23:00", "03-07 23:00", 0, "03-08 03:00", ""),  # the night ends where the clock jumps
    (EARLY, "03-06 12:00", "03-08 02:00", -60, "03-07 19:30", ""),  # at an hour that the clock skips
    (OVER_MIDNIGHT, "10-30 12:00", "11-01 08:00", -120, "10-31 19:30", ""),  # a night of 25 hours
    (OVER_MIDNIGHT, "10-31 22:00", "11-01 09:30", -60, "11-01 09:00", ""),
]


def moment(text: str) -> datetime:
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=TIJUANA)


def test_quiet_hours_put_a_message_off_or_before_them() -> None:
    for quiet, now, happens, minutes, expected, reason in TABLE:
        start, end = (datetime.strptime(one, "%H:%M").time() for one in quiet)
        hours = Hours(start, end, frozenset(range(7)), False, "MX", "")
        told = Told(Happening.APPOINTMENT_STARTS, moment(happens).astimezone(UTC), "")
        step = ConfirmationStep(happening=told.happening, minutes=minutes, can_wait=True)
        found = due_at(step, told, TIJUANA, hours, moment(now))
        assert found == (moment(expected) if expected else None, reason), (now, happens, minutes)
        always = ConfirmationStep(happening=told.happening, minutes=minutes, can_wait=False)
        if expected:
            wanted = moment(happens).astimezone(UTC) + timedelta(minutes=minutes)
            assert due_at(always, told, TIJUANA, hours, moment(now)) == (max(wanted, moment(now)), "")


def test_appointment_that_began_before_it_was_written_down_says_why_nothing_is_sent(
    business: Business, ana: Customer
) -> None:
    key = Api(key_for(business))
    body = {"customer_id": str(ana.pk), "service": "Afinación", "starts_at": STARTS.isoformat()}
    with at(26, 19):
        for _again in range(2):
            assert key.post("appointments/", {**body, "external_id": "C-9"}).status_code in (200, 201)
        assert say(business) == []
        [told] = key.get("confirmations/", {"customer_id": str(ana.pk)}).json()["data"]
    assert (told["state"], told["happening"]) == ("left_out", "appointment_booked")
    assert "had begun" in told["why"]
