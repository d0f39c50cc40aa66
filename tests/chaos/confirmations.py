"""Confirmations under attack: a sequence is switched on, others book, and everything dies meanwhile."""

import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import psycopg

from bench.client import Connection
from bench.stack import wait_for
from tests.chaos import points
from tests.chaos.attacks import (
    freeze_worker,
    hit_beat,
    hit_postgres,
    hit_valkey,
    hit_web,
    hit_worker,
    strike_at_each,
    strike_by_chance,
)
from tests.chaos.outcome import Outcome
from tests.chaos.world import Broken, World
from tests.vendors.whatsapp import WhatsApp

BY_NUMBER = 10  # one in so many is reminded by WhatsApp, the others by e-mail
BOOKED = 200  # appointments that are made meanwhile
LIMIT, EACH = 240.0, 0.2  # seconds until nothing waits any more, and on top for each confirmation
BOOKING_LIMIT = 60.0  # seconds for one to be accepted
PAUSE = 0.2  # seconds between two bookings
TEXT = "Hola {{ customer.first_name | default: 'qué tal' }}, te esperamos el {{ appointment.date }}."
BODY = "Hola {{1}}: te esperamos el {{2}}."
ATTACKS = (hit_worker, hit_beat, hit_valkey, hit_postgres, freeze_worker, hit_web, hit_worker)
MOVING = """
SELECT (SELECT count(*) FROM conversations_confirmationstep
        WHERE tenant_id = %s AND plan_at IS NOT NULL)
    + (SELECT count(*) FROM conversations_confirmation
        WHERE tenant_id = %s AND state = 'waiting' AND due_at < now() + interval '1 hour')
    + (SELECT count(*) FROM conversations_delivery
        WHERE tenant_id = %s AND status IN ('pending', 'sending'))
"""
# Every appointment with what was to be said of it by now.
LINES = """
SELECT a.source, c.state, c.reason, d.status, d.provider_id
FROM crm_appointment a
LEFT JOIN conversations_confirmation c ON c.tenant_id = a.tenant_id AND c.thing_id = a.id
    AND c.happening = CASE a.source WHEN 'before' THEN 'appointment_starts' ELSE 'appointment_booked' END
LEFT JOIN conversations_delivery d ON d.tenant_id = c.tenant_id AND d.message_id = c.message_id
WHERE a.tenant_id = %s
"""
STATES = """
SELECT c.state, c.reason, d.status, count(*) FROM conversations_confirmation c
LEFT JOIN conversations_delivery d ON d.tenant_id = c.tenant_id AND d.message_id = c.message_id
WHERE c.tenant_id = %s GROUP BY 1, 2, 3
"""


def confirmations_killed(world: World) -> Outcome:
    """Reminders and, meanwhile, bookings: everything dies at five named moments, then at any.

    What was being handed over when a worker died stays unknown: nobody sends it again by himself.
    """
    world.open_business("confirmations")
    bookings = Bookings(world)
    with world.helped():
        strike_at_each(world, points.CONFIRMATIONS, lambda: _begin(world, bookings))
        strike_by_chance(world, ATTACKS)
        bookings.join()
        calm = time.monotonic()
        _rest(world)
        recovered = time.monotonic() - calm
    lost, doubled, unknown = _ledger(world, bookings)
    _check_shown(world, unknown)
    return Outcome(world.confirmations, lost, doubled, unknown, recovered)


class Bookings(threading.Thread):
    """A booking system that reports appointments, each again until it is accepted."""

    def __init__(self, world: World) -> None:
        super().__init__(daemon=True)
        self.world = world
        self.accepted: set[str] = set()

    def run(self) -> None:
        connection = Connection(self.world.stack.web_socket, timeout=10)
        starts_at = (datetime.now(UTC) + timedelta(days=9)).isoformat()
        for number in range(BOOKED):
            data = {
                "external_id": f"R-{number}",
                "source": "agenda",
                "identity": {"kind": "email", "value": f"reserva{number}@correo.example"},
                "service": "Revisión",
                "starts_at": starts_at,
            }
            until = time.monotonic() + BOOKING_LIMIT
            while time.monotonic() < until:
                with suppress(OSError):
                    status, _body = connection.json("POST", "/api/v1/appointments/", self.world.key, data)
                    if status in {200, 201}:
                        self.accepted.add(data["external_id"])  # type: ignore[arg-type]
                        break
                time.sleep(PAUSE)
            time.sleep(PAUSE)


# --- the sequence ---


def _begin(world: World, bookings: Bookings) -> None:
    """Appointments of tomorrow are there; then their reminder is switched on, and others book."""
    from django.db import connection

    from conversations.actions.confirmation_steps import switch_step
    from conversations.models import (
        ConfirmationStep,
        Happening,
        MessageTemplate,
        MessageTemplateVersion,
        SendingPolicy,
        Template,
    )
    from tenants.actors import Actor
    from tenants.scoping import tenant_scope

    whatsapp, vendor = world.open_channels("whatsapp")["whatsapp"], world.town.vendors["whatsapp"]
    assert isinstance(vendor, WhatsApp)
    parts = [{"type": "BODY", "text": BODY}]
    vendor.have("cita", "es", parts)
    world.forget_taken()
    with tenant_scope(world.business["tenant_id"]):
        SendingPolicy.objects.create(quiet_from="00:00", quiet_until="00:00", weekdays=list(range(7)))
        approved = Template.objects.create(
            channel_id=whatsapp, name="cita", language="es", status="approved", components=parts
        )
        values = {
            "body.1": "{{ customer.first_name | default: 'amiga' }}",
            "body.2": "{{ appointment.date }}",
        }
        mail = {"subject": "Tu cita", "preheader": "", "blocks": [{"kind": "text", "text": TEXT}]}
        template = MessageTemplate.objects.create(name="Cita", purpose="service")
        MessageTemplateVersion.objects.create(
            template=template,
            number=1,
            contents={
                "email": {"es": mail},
                "whatsapp": {"es": {"template_id": str(approved.pk), "values": values}},
            },
        )
        reminded = world.confirmations - BOOKED
        _appointments("email", reminded - reminded // BY_NUMBER, "cliente{}@correo.example")
        _appointments("whatsapp", reminded // BY_NUMBER, "+52551{:07d}")
        always = {"template": template, "can_wait": False}
        ConfirmationStep.objects.create(happening=Happening.APPOINTMENT_BOOKED, is_on=True, **always)
        reminder = ConfirmationStep.objects.create(
            happening=Happening.APPOINTMENT_STARTS, minutes=-24 * 60, asks=True, **always
        )
        switch_step(step=reminder, is_on=True, by=Actor.system())
    connection.close()
    bookings.start()


def _appointments(kind: str, count: int, address: str) -> None:
    """Of as many customers, tomorrow at this time."""
    from django.utils import timezone

    from crm.models import Appointment, Customer, Identity

    now = timezone.now()
    people = [Customer(name=f"Ana {number}", last_contact_at=now) for number in range(count)]
    Customer.objects.bulk_create(people)
    Identity.objects.bulk_create(
        Identity(customer=one, kind=kind, value=address.format(number)) for number, one in enumerate(people)
    )
    Appointment.objects.bulk_create(
        Appointment(
            customer=one,
            source="before",
            external_id=f"{kind}-{number}",
            service="Revisión",
            starts_at=now + timedelta(days=1, minutes=1),
            changed_at=now,
        )
        for number, one in enumerate(people)
    )


# --- afterwards ---


def _rest(world: World) -> None:
    """Wait until nothing that is due waits any more."""
    tenant = world.business["tenant_id"]

    def at_rest() -> bool:
        world.raise_the_dead()
        with suppress(psycopg.OperationalError):
            return world.rows(MOVING, tenant, tenant, tenant) == [(0,)]
        return False

    try:
        wait_for(at_rest, LIMIT + EACH * world.confirmations, "the confirmations to come to rest")
    except TimeoutError as error:
        raise Broken(f"{error}: {world.rows(STATES, tenant)}") from None


def _ledger(world: World, bookings: Bookings) -> tuple[int, int, int]:
    """Compare every appointment with what the mail server and the vendor took: lost, doubled and unknown."""
    lines = world.rows(LINES, world.business["tenant_id"])
    booked = sum(source != "before" for source, *_more in lines)
    if (len(lines), booked, len(bookings.accepted)) != (world.confirmations, BOOKED, BOOKED):
        raise Broken(f"{len(lines)} lines, {booked} of {len(bookings.accepted)} bookings")
    vendor = world.town.vendors["whatsapp"]
    taken = {own_id.strip("<>") for own_id in world.mail.taken} | {sent.id for sent in vendor.sent}
    reached = world.mail.reached + Counter(sent.to for sent in vendor.sent)
    lost = unknown = 0
    for _source, state, reason, status, own_id in lines:
        if state is None or (state == "sent" and status in {"sent", "delivered", "read"}):
            lost += state is None or own_id not in taken
        elif state == "sent" and status == "unknown":
            unknown += 1
        else:
            raise Broken(f"a confirmation ended as {state} {reason} {status}")
    return lost, sum(count - 1 for count in reached.values()), unknown


def _check_shown(world: World, unknown: int) -> None:
    """The API lists what is unknown, page after page."""
    shown, cursor, has_more = 0, "", True
    while has_more:
        page = world.call("GET", f"/deliveries/?status=unknown&limit=100{cursor}")
        shown, has_more = shown + len(page["data"]), page["has_more"]
        cursor = f"&cursor={page['next_cursor']}"
    if shown != unknown:
        raise Broken(f"the API shows {shown} unknown deliveries instead of {unknown}")
