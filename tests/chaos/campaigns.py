"""A campaign under attack: its audience, its attacks, and what both ends say afterwards."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import psycopg

from bench.stack import wait_for
from tests.chaos.points import file_of
from tests.chaos.world import Broken, World
from tests.vendors.whatsapp import WhatsApp

MAILS, MESSAGES = 2_000, 200
LIMIT = 420.0  # seconds until everybody's line has come to rest
POINT_LIMIT = 60.0
LINES = """
SELECT id, state, reason, provider_id, message_id, channel_id FROM conversations_recipient
WHERE tenant_id = %s
"""
MOVING = """
SELECT count(*) FROM conversations_campaign c LEFT JOIN conversations_recipient r
    ON r.campaign_id = c.id AND r.state IN ('waiting', 'sending')
WHERE c.tenant_id = %s AND (c.state IN ('scheduled', 'sending') OR r.id IS NOT NULL)
"""
STATES = "SELECT state, braked, due_at FROM conversations_campaign WHERE tenant_id = %s"
PROGRESS = "SELECT count(*) FROM conversations_recipient WHERE tenant_id = %s AND calling_at IS NOT NULL"
NAMED = "SELECT message_id, provider_id FROM conversations_delivery WHERE tenant_id = %s"
BODY = "Hola {{1}}: la revisión está a mitad de precio."


class Ledger(NamedTuple):
    """What both ends say: lines without an end, mails and messages twice, and those that may have arrived."""

    audience: int
    lost: int
    doubled: int
    unknown: int


def begin(world: World, mails: int = MAILS, messages: int = MESSAGES) -> None:
    """A campaign by e-mail, WhatsApp for whoever has no mail, that starts at once."""
    from django.db import connection

    from conversations.actions.campaigns import steering
    from conversations.models import (
        Campaign,
        Channel,
        MessageTemplate,
        MessageTemplateVersion,
        SendingPolicy,
        Template,
        Variant,
    )
    from crm.models import Segment
    from tenants.actors import Actor
    from tenants.scoping import tenant_scope
    from tests.factories.campaigns import make_audience

    whatsapp = world.open_channels()["whatsapp"]
    vendor = world.town.vendors["whatsapp"]
    assert isinstance(vendor, WhatsApp)
    parts = [{"type": "BODY", "text": BODY}]
    vendor.have("revision", "es", parts)
    with tenant_scope(world.business["tenant_id"]):
        SendingPolicy.objects.create(
            quiet_from="00:00", quiet_until="00:00", weekdays=list(range(7)), keeps_holidays=False
        )
        segment, _people = make_audience(mails)
        _by_number(segment, messages)
        template = Template.objects.create(
            channel_id=whatsapp, name="revision", language="es", status="approved", components=parts
        )
        said = {"subject": "Tu bici", "blocks": [{"kind": "text", "text": "Hola {{ customer.name }}"}]}
        name = {"body.1": "{{ customer.name | default: 'amiga' }}"}
        contents = {
            "email": {"es": said},
            "whatsapp": {"es": {"template_id": str(template.pk), "values": name}},
        }
        written = MessageTemplate.objects.create(name="Revisión")
        MessageTemplateVersion.objects.create(template=written, number=1, contents=contents)
        email = Channel.objects.get(kind="email")
        campaign = Campaign.objects.create(
            name="Revisión", include=[Segment.objects.get().pk], channels=[email.pk, whatsapp]
        )
        Variant.objects.create(campaign=campaign, letter="A", template=written)
        steering.submit(campaign=campaign, by=Actor.system())
    connection.close()


def _by_number(segment: object, count: int) -> None:
    from django.utils import timezone

    from crm.models import Consent, Customer, Identity
    from tests.factories.campaigns import put_in

    now = timezone.now()
    people = [Customer(name=f"Beto {number}", last_contact_at=now) for number in range(count)]
    Customer.objects.bulk_create(people)
    Identity.objects.bulk_create(
        Identity(customer=one, kind="whatsapp", value=f"+52551{number:07d}")
        for number, one in enumerate(people)
    )
    Consent.objects.bulk_create(
        Consent(customer=one, medium="whatsapp", purpose="promotion", state="given", since=now - timedelta(1))
        for one in people
    )
    put_in(segment, people)  # type: ignore[arg-type]


def let_die(world: World, point: str) -> None:
    """Whoever comes to a named moment next dies there."""
    file_of(world.stack.folder).write_text(point)


def wait_for_death(world: World, point: str) -> None:
    """Until a worker died at the moment; it is started again."""
    try:
        wait_for(lambda: not file_of(world.stack.folder).exists(), POINT_LIMIT, f"a death when {point}")
    except TimeoutError as error:
        raise Broken(f"{error}: {world.rows(STATES, world.business['tenant_id'])}") from None
    world.raise_the_dead()


def progress(world: World) -> int:
    """How many were marked as being handed over."""
    with suppress(psycopg.OperationalError):
        return int(world.one(PROGRESS, world.business["tenant_id"]))
    return 0


def rest(world: World, limit: float = LIMIT) -> None:
    """Wait until nobody of the audience is on his way any more."""

    def at_rest() -> bool:
        world.raise_the_dead()
        with suppress(psycopg.OperationalError):
            return world.rows(MOVING, world.business["tenant_id"]) == [(0,)]
        return False

    try:
        wait_for(at_rest, limit, "the campaign to come to rest")
    except TimeoutError as error:
        found = Counter((state, reason) for _id, state, reason, *_more in _lines(world))
        raise Broken(f"{error}: {found}, {world.rows(STATES, world.business['tenant_id'])}") from None


def ledger(world: World) -> Ledger:
    """Compare every line with what the mail server and the vendor took."""
    lines = _lines(world)
    vendor = world.town.vendors["whatsapp"]
    mails = {own_id.strip("<>"): count for own_id, count in world.mail.taken.items()}
    messages = Counter(sent.id for sent in vendor.sent)
    by_text = Counter(sent.to for sent in vendor.sent)
    named = dict(world.rows(NAMED, world.business["tenant_id"]))
    lost = doubled = unknown = 0
    for _id, state, reason, provider_id, message_id, _channel in lines:
        own_id = named.get(message_id, "") if message_id else provider_id
        taken = messages[own_id] if message_id else mails.get(own_id, 0)
        if state in {"sent", "delivered"}:
            lost += not taken
        elif state == "unknown":
            unknown += 1
        else:
            raise Broken(f"a line ended as {state} {reason}")
        doubled += max(0, taken - 1)
    doubled += sum(count - 1 for count in by_text.values() if count > 1)
    return Ledger(len(lines), lost, doubled, unknown)


def _lines(world: World) -> list[tuple[UUID, str, str, str, UUID | None, UUID | None]]:
    return world.rows(LINES, world.business["tenant_id"])
