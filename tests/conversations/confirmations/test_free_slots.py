"""Who wants another time is offered free ones and takes one; two who want the same do not both get it."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from conversations.actions import free_slots as acts
from conversations.confirmations import answering, busy, links, offering, slots
from conversations.confirmations.answering import read_due
from conversations.models import Agenda, BusyTime, Confirmation, Message
from crm.actions.appointments import record_appointment
from crm.models import Appointment, Customer
from tenants.actors import Actor
from tenants.kit import http
from tenants.models import Tenant
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.api.conftest import api as api  # noqa: PLC0414
from tests.api.conftest import limited as limited  # noqa: PLC0414
from tests.api.conftest import stranger as stranger  # noqa: PLC0414
from tests.conversations.confirmations.conftest import book
from tests.conversations.confirmations.test_answering import asked as asked  # noqa: PLC0414
from tests.conversations.confirmations.test_answering import says
from tests.factories.crm import make_customer
from tests.factories.tenants import Business

ZONE = ZoneInfo("America/Mexico_City")
Said = Confirmation.Answer


@pytest.fixture
def opened(business: Business) -> None:
    """A business that is open from ten to four, every day, and offers free times each hour."""
    with tenant_scope(business.tenant.id):
        week = {day: [["10:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
        Tenant.objects.update(hours=week, timezone=ZONE.key, keeps_holidays=False)
        acts.save_slot_policy(by=Actor.system(), is_on=True, minutes=60)


def at(days: int, hour: int) -> datetime:
    day = timezone.now().astimezone(ZONE).date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def another(starts_at: datetime, **given: Any) -> Appointment:
    return record_appointment(
        external_id=str(uuid4()),
        customer=make_customer("Otra"),
        service="Servicio",
        starts_at=starts_at,
        by=Actor.system(),
        **given,
    ).row


def hours_of(found: list[slots.Slot]) -> list[datetime]:
    return [one.starts_at.astimezone(ZONE) for one in found]


@pytest.mark.usefixtures("opened")
def test_only_what_is_open_and_not_taken_is_free(business: Business, ana: Customer) -> None:
    with tenant_scope(business.tenant.id):
        one = book(ana, at(3, 12))
        another(at(3, 13))
        another(at(3, 11), status="cancelled")
        assert hours_of(slots.free(one, near=at(3, 13))) == [at(3, 14), at(3, 11), at(3, 15)]
        assert sorted(hours_of(slots.free(one))) == [at(1, 12), at(2, 12), at(4, 12)]
        rosa = acts.save_agenda(by=Actor.system(), name="Rosa", weekdays=[at(5, 9).weekday()])
        one.staff = "rosa"
        assert [found.date() for found in hours_of(slots.free(one))] == [at(5, 9).date()] * 3
        BusyTime.objects.create(agenda=rosa, starts_at=at(5, 0), ends_at=at(6, 0))
        assert slots.free(one) == []
        acts.save_slot_policy(by=Actor.system(), is_on=False)
        assert slots.free(book(ana, at(3, 12))) == []


@pytest.mark.usefixtures("opened")
def test_who_wants_another_time_takes_a_free_one(business: Business, asked: Confirmation) -> None:
    says(business, "¿puede ser otro día?")
    read_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        asked.refresh_from_db()
        wanted = datetime.fromisoformat(asked.offered[0][1])
        said = Message.objects.get(data__confirmation=True)
        assert (asked.answer, len(asked.offered[0])) == (Said.MOVING, 3)
        assert f"2. {offering.title(wanted, ZONE)}" in said.text
        assert said.data["buttons"][1]["title"] == offering.title(wanted, ZONE)
        another(wanted)
    says(business, "la segunda por favor")
    read_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        asked.refresh_from_db()
        assert (asked.answer, len(asked.offered)) == (Said.MOVING, 2)
        assert wanted.isoformat() not in asked.offered[1]
        first = datetime.fromisoformat(asked.offered[1][0])
    says(business, offering.title(first, ZONE))
    for _ in range(2):
        read_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        asked.refresh_from_db()
        moved = Appointment.objects.get(pk=asked.thing_id)
        assert (asked.answer, moved.starts_at, moved.status) == (Said.MOVED, first, "booked")
        assert not Confirmation.objects.filter(happening="appointment_moved", state="waiting").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("opened")
def test_of_two_who_take_the_same_time_at_once_one_has_it(business: Business, ana: Customer) -> None:
    with tenant_scope(business.tenant.id):
        wanting = [book(ana, at(3, 12)), another(at(4, 12))]
    outcomes = []

    def take(appointment: Appointment) -> None:
        try:
            with tenant_scope(business.tenant.id):
                acts.move_to_slot(appointment=appointment, starts_at=at(3, 14), by=Actor.system())
            outcomes.append("moved")
        except acts.SlotTaken:
            outcomes.append("taken")
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[one]) for one in wanting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["moved", "taken"]
    with tenant_scope(business.tenant.id):
        assert Appointment.objects.filter(starts_at=at(3, 14)).count() == 1


@pytest.mark.usefixtures("opened")
def test_doubt_beside_a_choice_goes_to_a_person(business: Business, asked: Confirmation) -> None:
    for text in ("¿puede ser otro día?", "no puedo"):
        says(business, text)
        read_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        asked.refresh_from_db()
        assert (asked.answer, Appointment.objects.get().status) == (Said.DOUBTFUL, "booked")


TIMES = [datetime(2026, 11, 26, 17), datetime(2026, 11, 26, 18), datetime(2026, 11, 27, 17)]


@pytest.mark.parametrize(
    ("text", "language", "place"),
    [
        ("2", "es", 1),
        ("la 3 por favor", "es", 2),
        ("a primeira", "pt", 0),
        ("the second one works", "en", 1),
        ("el jueves a las 6", "es", 1),
        ("a las 6", "es", 1),
        ("sexta", "pt", 2),
        ("a las 3", "es", None),
        ("a las 5", "es", None),
        ("la 2 no", "es", None),
        ("1 o 2", "es", None),
        ("¿la 2?", "es", None),
        ("4", "es", None),
        ("sí", "es", None),
        ("", "es", None),
    ],
)
def test_which_time_is_meant(text: str, language: str, place: int | None) -> None:
    offered = [one.replace(tzinfo=ZONE) for one in TIMES]
    now = datetime(2026, 11, 24, 10, tzinfo=ZONE)
    chosen = offering.chosen(text, offered, language=language, zone=ZONE, now=now)
    assert chosen == (None if place is None else offered[place])


@pytest.mark.usefixtures("opened")
def test_link_shows_free_times_and_takes_one(business: Business, asked: Confirmation, client: Client) -> None:
    url = f"/a/{links.token(business.tenant.pk, asked.pk)}/"
    with tenant_scope(business.tenant.id):
        appointment = Appointment.objects.get()
        free = slots.free(appointment, most=6)[2].starts_at
        another(free)
        other = slots.free(appointment, most=6)[2].starts_at
    form = {"do": "take", "at": appointment.starts_at.isoformat()}
    assert client.get(url).content.decode().count('name="slot"') == 6
    for slot, status in ((free.isoformat(), 409), ("x", 200), ("0001-01-01T00:00+00:00", 409)):
        assert client.post(url, {**form, "slot": slot}).status_code == status
    with tenant_scope(business.tenant.id):
        assert Appointment.objects.get(pk=appointment.pk).starts_at == appointment.starts_at
    assert client.post(url, {**form, "slot": other.isoformat()}).status_code == 200
    with tenant_scope(business.tenant.id):
        asked.refresh_from_db()
        assert Appointment.objects.get(pk=appointment.pk).starts_at == other
        assert (asked.answer, asked.wished_at) == (Said.MOVED, other)


@pytest.mark.usefixtures("opened")
def test_api_tells_free_times_and_moves(
    business: Business, ana: Customer, api: Api, stranger: Api, limited: Callable[..., Api]
) -> None:
    with tenant_scope(business.tenant.id):
        appointment = str(book(ana, at(3, 12)).pk)
    asked_for = {"appointment_id": appointment, "near": at(3, 13).isoformat()}
    found = api.get("free-slots/", asked_for).json()["data"]
    assert datetime.fromisoformat(found[0]["starts_at"]) == at(3, 13)
    assert stranger.get("free-slots/", asked_for).status_code == 404
    assert api.get("free-slots/", {"appointment_id": "x"}).status_code == 400
    wanted = {"appointment_id": appointment, "starts_at": at(3, 13).isoformat()}
    assert limited("orders:read").post("free-slots/", wanted).status_code == 403
    assert stranger.post("free-slots/", wanted).status_code == 404
    assert api.post("free-slots/", {**wanted, "starts_at": at(3, 3).isoformat()}).status_code == 409
    assert api.post("free-slots/", wanted).status_code == 200
    with tenant_scope(business.tenant.id):
        assert Appointment.objects.get().starts_at == at(3, 13)


def test_api_writes_who_takes_appointments(api: Api, stranger: Api) -> None:
    assert api.patch("free-slot-policy/", {"is_on": True, "minutes": 45}).json()["minutes"] == 45
    assert api.patch("free-slot-policy/", {"minutes": 0}).status_code == 422
    assert [one["name"] for one in api.get("agendas/").json()["data"]] == [""]
    made = api.post("agendas/", {"name": "Rosa", "opens": "09:00"}).json()
    path = f"agendas/{made['id']}/"
    assert (made["opens"], made["has_calendar"], made["weekdays"]) == ("09:00", False, [*range(7)])
    assert api.post("agendas/", {"name": "Rosa"}).status_code == 422
    assert api.patch(path, {"calendar_url": "file:///etc/passwd"}).status_code == 422
    shown = api.patch(path, {"calendar_url": "webcal://calendar.example/secret.ics"})
    assert shown.json()["has_calendar"] is True
    assert "secret" not in shown.content.decode()
    assert stranger.get(path).status_code == 404
    assert api.delete(path).status_code == 204


def test_page_keeps_who_takes_appointments(
    business: Business, owner_client: Client, teammate_client: Client, stranger_client: Client
) -> None:
    base = f"{business.base}confirmations/free-slots/"
    switch = {"is_on": "on", "minutes": "30", "notice_hours": "4", "ahead_days": "20"}
    assert teammate_client.post(f"{base}policy/", switch).status_code == 403
    assert owner_client.post(f"{base}policy/", {**switch, "minutes": "x"}).status_code == 422
    assert owner_client.post(f"{base}policy/", switch).status_code == 302
    form = {"name": "Rosa", "capacity": "1", "weekdays": ["0", "2"], "opens": "", "closes": ""}
    url = "https://calendar.example/secreto.ics"
    assert owner_client.post(f"{base}agendas/", {**form, "calendar_url": url}).status_code == 302
    assert owner_client.post(f"{base}agendas/", form).status_code == 422
    assert owner_client.post(f"{base}agendas/", {**form, "weekdays": []}).status_code == 422
    with tenant_scope(business.tenant.id):
        rosa = Agenda.objects.get(name="Rosa")
    assert b"secreto" in owner_client.get(base).content
    shown = teammate_client.get(base)
    assert b"Rosa" in shown.content
    assert b"secreto" not in shown.content
    assert stranger_client.get(base).status_code == 404
    one = f"{base}agendas/{rosa.pk}/"
    assert owner_client.post(one, {**form, "opens": "12:00", "closes": "11:00"}).status_code == 422
    assert owner_client.post(one, {**form, "name": "Rosi"}).status_code == 302
    with tenant_scope(business.tenant.id):
        rosa.refresh_from_db()
        assert (rosa.name, rosa.calendar_url) == ("Rosi", "")
    assert owner_client.post(f"{one}deletion/").status_code == 302
    assert owner_client.post(one, form).status_code == 404


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:1
DTSTART;TZID=America/Mexico_City:20260105T100000
DTEND;TZID=America/Mexico_City:20260105T113000
RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261204T000000Z
EXDATE;TZID=America/Mexico_City:20261125T100000
END:VEVENT
BEGIN:VEVENT
UID:1
RECURRENCE-ID;TZID=America/Mexico_City:20261130T100000
DTSTART;TZID=America/Mexico_City:20261130T150000
DURATION:PT1H
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20261127
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART:20261128T090000
DTEND:20261128T100000
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def test_calendar_is_read_with_what_repeats() -> None:
    first, last = datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 12, 20, tzinfo=UTC)
    found = sorted(busy.stretches(CALENDAR.encode(), ZONE, first, last))
    shown = [" ".join(f"{one.astimezone(ZONE):%d-%H:%M}" for one in both) for both in found]
    assert shown == ["23-10:00 23-11:30", "27-00:00 28-00:00", "30-15:00 30-16:00", "02-10:00 02-11:30"]
    for wrong in (
        "",
        "<html>",
        CALENDAR.replace("WEEKLY", "SECONDLY"),
        CALENDAR.replace("RRULE:FREQ=WEEKLY;BYDAY=MO,WE", "RRULE:FREQ=DAILY;INTERVAL=0"),
        "BEGIN:X\r\n" * 10_000,
    ):
        with pytest.raises(busy.Unreadable):
            list(busy.stretches(wrong.encode(), ZONE, first, last))


def an_event(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])


def test_a_long_history_is_no_hindrance_and_days_beside_a_rule_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, last = datetime(2026, 11, 20, tzinfo=UTC), datetime(2027, 1, 20, tzinfo=UTC)
    past = an_event("DTSTART:20240101T100000Z", "DURATION:PT1H")
    content = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n".format(
        past * 20
        + an_event("DTSTART;VALUE=DATE:19800105", "RRULE:FREQ=YEARLY")
        + an_event("DTSTART:20261122T100000Z", "DURATION:PT1H", "RDATE:20261124T120000Z,20261126T120000Z"),
    ).encode()
    monkeypatch.setattr(busy, "MOST", 4)
    found = sorted(f"{starts:%m-%d %H}" for starts, _ends in busy.stretches(content, ZONE, first, last))
    assert found == ["01-05 06", "11-22 10", "11-24 12", "11-26 12"]
    monkeypatch.setattr(busy, "PATIENCE", -1)
    with pytest.raises(busy.Unreadable):
        list(busy.stretches(content, ZONE, first, last))


def test_calendar_that_cannot_be_read_offers_nothing(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_scope(business.tenant.id):
        rosa = acts.save_agenda(by=Actor.system(), name="Rosa", calendar_url="https://127.0.0.1/x.ics")
    busy.read_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        rosa.refresh_from_db()
        assert (rosa.problem, rosa.is_known) == (busy.GONE, False)
        Agenda.objects.update(due_at=timezone.now())
    monkeypatch.setattr(http, "get", lambda *_args, **_limits: http.Response(200, CALENDAR.encode()))
    busy.read_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        rosa.refresh_from_db()
        assert (rosa.problem, rosa.is_known, rosa.due_at is not None) == ("", True, True)


def test_a_calendar_that_kills_its_reader_does_not_keep_the_next_one_waiting(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_scope(business.tenant.id):
        for name in ("Rosa", "Luis"):
            acts.save_agenda(by=Actor.system(), name=name, calendar_url="https://calendar.example/x.ics")

    def dies(*_args: object, **_limits: object) -> None:
        raise SystemExit

    monkeypatch.setattr(http, "get", dies)
    with pytest.raises(SystemExit):
        busy.read_due(business.tenant.id)
    monkeypatch.setattr(http, "get", lambda *_args, **_limits: http.Response(200, CALENDAR.encode()))
    assert busy.read_due(business.tenant.id) == 1


@pytest.mark.usefixtures("opened")
def test_an_answer_to_another_time_than_it_has_by_now_changes_nothing(
    business: Business, asked: Confirmation
) -> None:
    with tenant_scope(business.tenant.id):
        one = Appointment.objects.get(pk=asked.thing_id)
        seen = one.starts_at
        acts.move_to_slot(appointment=one, starts_at=at(5, 11), by=Actor.system())
        with pytest.raises(answering.Moved):
            answering.by_link(asked, Said.CONFIRMED, seen=seen)
        one.refresh_from_db()
        assert (one.starts_at, one.status) == (at(5, 11), "booked")
