"""A campaign under attack: its audience, its attacks, and what both ends say afterwards."""

import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import psycopg

from bench.stack import wait_for
from tests.chaos import points
from tests.chaos.attacks import (
    freeze_worker,
    hit_beat,
    hit_postgres,
    hit_valkey,
    hit_worker,
    strike_at_each,
    strike_by_chance,
)
from tests.chaos.outcome import Outcome
from tests.chaos.world import Broken, World
from tests.vendors.whatsapp import WhatsApp

MAILS, MESSAGES = 9_700, 300
LIMIT = 420.0  # seconds until everybody's line has come to rest
LINES = """
SELECT state, reason, provider_id, message_id FROM conversations_recipient
WHERE tenant_id = %s
"""
MOVING = """
SELECT count(*) FROM conversations_campaign c LEFT JOIN conversations_recipient r
    ON r.campaign_id = c.id AND r.state IN ('waiting', 'sending')
WHERE c.tenant_id = %s AND (c.state IN ('scheduled', 'sending') OR r.id IS NOT NULL)
"""
STATES = "SELECT id, state, braked, due_at FROM conversations_campaign WHERE tenant_id = %s"
NAMED = "SELECT message_id, provider_id FROM conversations_delivery WHERE tenant_id = %s"
BODY = "Hola {{1}}: la revisión está a mitad de precio."


def campaign_killed(world: World) -> Outcome:
    """A campaign to 10,000 by e-mail and WhatsApp: everything dies at five named moments, then at any.

    What was being handed over when a worker died stays unknown: nobody sends it again by himself.
    """
    world.open_business("campaign")
    with world.helped():
        strike_at_each(world, points.CAMPAIGN, lambda: _begin(world))
        strike_by_chance(world, ATTACKS)
        calm = time.monotonic()
        _rest(world)
        recovered = time.monotonic() - calm
    lost, doubled, unknown = _ledger(world)
    _check_shown(world, unknown)
    return Outcome(MAILS + MESSAGES, lost, doubled, unknown, recovered)


def _begin(world: World) -> None:
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

    whatsapp = world.open_channels("whatsapp")["whatsapp"]
    vendor = world.town.vendors["whatsapp"]
    assert isinstance(vendor, WhatsApp)
    parts = [{"type": "BODY", "text": BODY}]
    vendor.have("revision", "es", parts)
    world.forget_taken()
    with tenant_scope(world.business["tenant_id"]):
        SendingPolicy.objects.create(
            quiet_from="00:00", quiet_until="00:00", weekdays=list(range(7)), keeps_holidays=False
        )
        segment, _people = make_audience(MAILS)
        _by_number(segment, MESSAGES)
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


def _rest(world: World) -> None:
    """Wait until nobody of the audience is on his way any more."""

    def at_rest() -> bool:
        world.raise_the_dead()
        with suppress(psycopg.OperationalError):
            return world.rows(MOVING, world.business["tenant_id"]) == [(0,)]
        return False

    try:
        wait_for(at_rest, LIMIT, "the campaign to come to rest")
    except TimeoutError as error:
        found = Counter((state, reason) for state, reason, *_more in _lines(world))
        raise Broken(f"{error}: {found}, {world.rows(STATES, world.business['tenant_id'])}") from None


def _ledger(world: World) -> tuple[int, int, int]:
    """Compare every line with what the mail server and the vendor took: lost, doubled and unknown."""
    lines = _lines(world)
    if len(lines) != MAILS + MESSAGES:
        raise Broken(f"{len(lines)} lines for {MAILS + MESSAGES} people")
    vendor = world.town.vendors["whatsapp"]
    taken = {own_id.strip("<>") for own_id in world.mail.taken} | {sent.id for sent in vendor.sent}
    reached = world.mail.reached + Counter(sent.to for sent in vendor.sent)
    named = dict(world.rows(NAMED, world.business["tenant_id"]))
    lost = unknown = 0
    for state, reason, provider_id, message_id in lines:
        if state in {"sent", "delivered"}:
            lost += (named[message_id] if message_id else provider_id) not in taken
        elif state == "unknown":
            unknown += 1
        else:
            raise Broken(f"a line ended as {state} {reason}")
    return lost, sum(count - 1 for count in reached.values()), unknown


def _check_shown(world: World, unknown: int) -> None:
    """What the API says of the campaign is what the lines say."""
    pk = world.one(STATES, world.business["tenant_id"])
    said = world.call("GET", f"/campaigns/{pk}/results/")
    shown = sum(row["people"] for row in said["states"] if row["state"] == "unknown")
    if (said["audience"], shown) != (MAILS + MESSAGES, unknown):
        raise Broken(f"the API shows {shown} unknown of {said['audience']} instead of {unknown}")


ATTACKS = (hit_worker, hit_beat, hit_valkey, hit_postgres, freeze_worker, hit_worker, hit_postgres)


def _lines(world: World) -> list[tuple[str, str, str, UUID | None]]:
    return world.rows(LINES, world.business["tenant_id"])
