"""Campaigns of the bicycle shop: one that is over, one that is being written, one to watch going out."""

from datetime import UTC, datetime, timedelta
from itertools import islice, product
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from config.demo import people
from config.demo.stage import Stage
from conversations.actions.campaigns import drafting, running, steering
from conversations.actions.message_templates import create_message_template
from conversations.left_out import ANSWERED, CAPPED, COMPLAINT_OPEN, HELD_OUT, NO_ADDRESS, REFUSED
from conversations.models import Campaign, Channel, MessageTemplate, Recipient, Variant
from crm.models import Customer, Identity, Purpose, Segment, SegmentMember
from crm.sending_rules import Reason
from tenants.actors import Actor
from tenants.models import Membership
from tenants.scoping import tenant_scope

State = Recipient.State
OVER = timedelta(days=17)  # ago
PACE = 150  # a minute, of the one to watch
LEFT_OUT = ((Reason.NOT_GIVEN, 0.2), (NO_ADDRESS, 0.12), (Reason.WITHDRAWN, 0.04), (CAPPED, 0.03))
SPARED = ((COMPLAINT_OPEN, 0.012), (ANSWERED, 0.012))
ZONES = ("America/Mexico_City", "America/Tijuana", "Europe/Madrid", "Asia/Dubai", "Asia/Tokyo")
NOTICE: dict[str, Any] = {
    "email": {
        "es": {
            "subject": "{{ customer.first_name | default: 'Hola' }}, abrimos también los domingos",
            "preheader": "Desde este mes, de 10 a 14.",
            "blocks": [
                {
                    "kind": "text",
                    "text": "Hola {{ customer.first_name | default: 'qué tal' }}:\n\nDesde este mes el taller"
                    " abre también los domingos, de 10 a 14. Si tu bici espera entre semana, ya no tiene por"
                    " qué.\n\n¿Prefieres que pasemos por ella? Responde a este correo y lo vemos.",
                }
            ],
        }
    }
}


def furnish(stage: Stage, owner: Membership) -> None:
    """What is over, and a draft."""
    by = Actor.of_membership(owner)
    template = MessageTemplate.objects.get(name="Afinación de temporada")
    regulars = Segment.objects.get(name="Clientes frecuentes")
    email = stage.channels["email"]
    over = drafting.create(
        by=by, name="Afinación de temporada", include=[regulars.pk], channels=[email.pk],
        letters=[{"template": template.pk}], hold_out_percent=10,
    )  # fmt: skip
    began = stage.clock.opening(OVER.days)
    Campaign.objects.filter(pk=over.pk).update(
        state=Campaign.State.DONE, starts_at=began, frozen_at=began, canary_passed_at=began,
        finished_at=began + timedelta(hours=2), created_at=began - timedelta(days=1), asked_by=owner,
    )  # fmt: skip
    _tell(over, email, began, Random("campaign"))
    away = MessageTemplate.objects.get(name="Te extrañamos")
    quiet = Segment.objects.get(name="Hace tiempo que no compran")
    drafting.create(
        by=by, name="Te extrañamos: diciembre", include=[quiet.pk], exclude=[regulars.pk],
        channels=[email.pk], letters=[{"template": away.pk}],
    )  # fmt: skip


def _tell(campaign: Campaign, email: Channel, began: datetime, random: Random) -> None:
    """What became of everybody, as it would have."""
    letter = Variant.objects.get(campaign=campaign)
    known = Identity.objects.filter(kind="email", customer__created_at__lt=began)
    addresses = dict(known.order_by("customer_id").values_list("customer_id", "value"))
    rows, taken = [], set()
    for customer in Customer.objects.filter(merged_into=None, created_at__lt=began).order_by("pk"):
        address = addresses.get(customer.pk)
        one = Recipient(
            campaign=campaign, customer=customer, language=customer.language or "es", variant=letter
        )
        reason = _reason(address, random)
        if reason or address is None or address in taken:
            one.state, one.reason = State.LEFT_OUT, reason or NO_ADDRESS
        elif random.random() < 0.1:
            one.state, one.reason, one.channel, one.address = State.HELD_OUT, HELD_OUT, email, address
        else:
            taken.add(address)
            one.channel, one.address = email, address
            _went(one, began + timedelta(seconds=random.randrange(5_400)), random)
        rows.append(one)
    Recipient.objects.bulk_create(rows)


def _reason(address: str | None, random: Random) -> str:
    if address is None:
        return NO_ADDRESS
    lot = random.random()
    for reason, share in (*LEFT_OUT, *SPARED):
        lot -= share
        if lot < 0 and reason != NO_ADDRESS:
            return str(reason)
    return ""


def _went(one: Recipient, at: datetime, random: Random) -> None:
    """Sent, and what he did with it."""
    one.state, one.sent_at, one.calling_at = State.DELIVERED, at, at
    if random.random() < 0.015:
        one.state, one.reason, one.bounced_at = State.FAILED, REFUSED, at + timedelta(minutes=1)
        return
    if random.random() < 0.46:
        one.opened_at = at + timedelta(minutes=random.expovariate(1 / 200))
        if random.random() < 0.3:
            one.clicked_at = one.opened_at + timedelta(seconds=random.randrange(5, 90))
        if random.random() < 0.08:
            one.replied_at = one.opened_at + timedelta(minutes=random.randrange(2, 60))
        elif random.random() < 0.02:
            one.opted_out_at = one.opened_at + timedelta(minutes=1)


# --- one to watch ---


def begin(owner: Membership, count: int, now: datetime) -> None:
    """A notice to many readers, which goes out as slowly as one can watch it."""
    with tenant_scope(owner.tenant_id), translation.override("es"):
        by = Actor.of_membership(owner)
        readers = Segment.objects.create(name="Lectores del boletín", is_list=True, count=count)
        _subscribe(readers, count, now)
        template = create_message_template(
            name="Abrimos los domingos", purpose="service", contents=NOTICE, by=by
        )
        email = Channel.objects.get(kind="email")
        campaign = drafting.create(
            by=by, name="Aviso: abrimos los domingos", purpose=Purpose.SERVICE, include=[readers.pk],
            channels=[email.pk], letters=[{"template": template.pk}], per_minute=PACE,
        )  # fmt: skip
        steering.submit(campaign=campaign, by=by)
        running.look(campaign.pk)  # without waiting for its first slice, so that there is something to see
        Campaign.objects.filter(pk=campaign.pk).update(canary_passed_at=timezone.now())


def _subscribe(readers: Segment, count: int, now: datetime) -> None:
    """So many people with an address each, living where it is day now."""
    zone, long_ago = awake(now), now - timedelta(days=400)
    firsts = sorted({*people.WOMEN, *people.MEN})
    surnames = sorted(people.SURNAMES)
    names = [" ".join(one) for one in islice(product(firsts, surnames, surnames[::-1]), 7, None, 11)]
    some = [
        Customer(name=names[number % len(names)], last_contact_at=long_ago, timezone=zone, language="es")
        for number in range(count)
    ]
    Customer.objects.bulk_create(some, batch_size=1_000)
    Identity.objects.bulk_create(
        [
            Identity(customer=one, kind="email", value=value, display=value)
            for number, one in enumerate(some)
            for value in [f"lector{number:04}@boletin.example"]
        ],
        batch_size=1_000,
    )
    SegmentMember.objects.bulk_create(
        [SegmentMember(segment=readers, customer=one, since=long_ago) for one in some], batch_size=1_000
    )


def awake(now: datetime) -> str:
    """A zone in which it is day for some hours yet: nobody is written to at night."""
    at = now.astimezone(UTC)
    return next((zone for zone in ZONES if 10 <= at.astimezone(ZoneInfo(zone)).hour < 18), ZONES[0])
