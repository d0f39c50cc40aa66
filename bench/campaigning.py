"""Campaigns: a business that has a million customers to write to, and how fast an audience is frozen.

They have addresses, zones and consent, and some may not be written to. The floor is what somebody who knows
the tables writes by hand.
"""

import time
from collections.abc import Callable
from uuid import UUID

import psycopg
from django.db import connection
from django.utils import timezone

from bench.fill.rows import insert_rows, without_indexes
from bench.report import Entry
from bench.words import FIRST_NAMES, SURNAMES
from conversations.actions.campaigns import freezing
from conversations.models import (
    Campaign,
    Channel,
    MessageTemplate,
    MessageTemplateVersion,
    SendingPolicy,
    Variant,
)
from crm.models import Consent, Customer, Identity, Segment, SegmentMember
from tenants.actions.businesses import create_business
from tenants.models import User
from tenants.scoping import tenant_scope

NAME = "Negocio de campañas"
PEOPLE = 1_000_000  # at scale 1
ROUNDS = 2  # of freezing, ours first and then last
SMALL_ZONES = ("America/Tijuana", "America/Cancun", "America/Sao_Paulo", "Europe/Madrid", "")

SOURCE = "generate_series(1, {count}) AS g"
KEY = "md5('campaign' || g)::uuid"
# What is asked of each by hand: address, suppression, consent; nobody is left unmentioned.
BY_HAND = """
INSERT INTO conversations_recipient (
    id, tenant_id, campaign_id, customer_id, variant_id, channel_id, address, language, state, reason, detail,
    is_canary, due_at)
SELECT uuidv7(), c.tenant_id, %(campaign)s, c.id, %(variant)s, %(channel)s,
    CASE WHEN s.value IS NULL AND k.id IS NOT NULL THEN i.value END,
    coalesce(nullif(c.language, ''), 'es'),
    CASE WHEN i.id IS NULL OR s.value IS NOT NULL OR k.id IS NULL THEN 'left_out' ELSE 'waiting' END,
    CASE WHEN i.id IS NULL THEN 'no_address' WHEN s.value IS NOT NULL THEN s.reason
        WHEN k.id IS NULL THEN 'not_given' ELSE '' END,
    '', false, now()
FROM crm_segmentmember m
JOIN crm_customer c ON c.tenant_id = m.tenant_id AND c.id = m.customer_id AND c.merged_into_id IS NULL
LEFT JOIN crm_identity i ON i.tenant_id = c.tenant_id AND i.customer_id = c.id AND i.kind = 'email'
LEFT JOIN crm_suppression s ON s.tenant_id = c.tenant_id AND s.kind = 'email' AND s.value = i.value
    AND s.lifted_at IS NULL
LEFT JOIN crm_consent k ON k.tenant_id = c.tenant_id AND k.customer_id = c.id AND k.medium = 'email'
    AND k.purpose = 'promotion' AND k.state = 'given'
WHERE m.tenant_id = %(tenant)s AND m.segment_id = %(segment)s
"""
BLOCKS = (
    "Hola {{ customer.first_name | default: 'amiga' }}: tu bicicleta también merece un descanso.",
    "Este mes la revisión completa está a mitad de precio en {{ business.name }}, con ajuste de frenos y "
    "cambios, limpieza de la cadena y una vuelta de prueba contigo.",
    "Reserva en https://negocio.example/taller/ o responde a este correo: te contesta una persona.",
    "¿Ya no quieres estas noticias? Aquí: {{ links.unsubscribe }}",
)


def make(superuser_url: str, scale: float, say: Callable[[str], None]) -> UUID:
    """The business and its people."""
    owner = User.objects.create(email="campaigns@bench.example", name="Olga Dueña")
    tenant_id = create_business(name=NAME, country="MX", owner=owner).tenant_id
    count = max(1_000, round(PEOPLE * scale))
    with tenant_scope(tenant_id):
        segment = Segment.objects.create(name="Todos", is_list=True)
        always = {"quiet_from": "00:00", "quiet_until": "00:00", "weekdays": list(range(7))}
        SendingPolicy.objects.create(keeps_holidays=False, cap_count=50, canary_percent=0, **always)
    mine, of_count = f"'{tenant_id}'", SOURCE.format(count=count)
    names = [f"'{one}'" for one in FIRST_NAMES]
    zones = f"(ARRAY[{', '.join(repr(one) for one in SMALL_ZONES)}])"
    with psycopg.connect(superuser_url, autocommit=True) as link:
        link.execute("SET synchronous_commit = off; SET session_replication_role = replica")
        dropped = without_indexes(link, [Customer, Identity, Consent, SegmentMember])
        insert_rows(
            link,
            Customer,
            of_count,
            id=KEY,
            tenant_id=mine,
            last_contact_at="now()",
            language="'es'",
            name=f"(ARRAY[{', '.join(names)}])[1 + g % {len(names)}] || ' {SURNAMES[0]}'",
            timezone=f"CASE WHEN g % 10 = 0 THEN {zones}[1 + g / 10 % {len(SMALL_ZONES)}] ELSE '' END",
        )
        insert_rows(
            link,
            Identity,
            of_count,
            id="uuidv7()",
            tenant_id=mine,
            customer_id=KEY,
            kind="'email'",
            value="'cliente' || g || '@correo.example'",
            display="'cliente' || g || '@correo.example'",
        )
        insert_rows(
            link,
            Identity,
            of_count + " WHERE g % 3 = 0",
            id="uuidv7()",
            tenant_id=mine,
            customer_id=KEY,
            kind="'phone'",
            value="'+5233' || lpad(g::text, 8, '0')",
            display="'33'",
        )
        insert_rows(
            link,
            Consent,
            of_count + " WHERE g % 20 <> 0",
            id="uuidv7()",
            tenant_id=mine,
            customer_id=KEY,
            medium="'email'",
            purpose="'promotion'",
            state="'given'",
            since="now()",
        )
        insert_rows(
            link,
            SegmentMember,
            of_count,
            id="uuidv7()",
            tenant_id=mine,
            customer_id=KEY,
            segment_id=f"'{segment.pk}'",
            since="now()",
        )
        for statement in dropped:
            link.execute(statement)
        link.execute("VACUUM (ANALYZE)")
    say(f"  {count:,} people of a business with campaigns")
    return tenant_id  # fmt: skip


def campaign_of(name: str, segment: Segment) -> Campaign:
    """The draft of a campaign by e-mail with one letter."""
    template = MessageTemplate.objects.create(name=name)
    said = {
        "subject": "{{ customer.first_name | default: 'Hola' }}, tu revisión a mitad de precio",
        "preheader": "Solo este mes",
        "blocks": [{"kind": "text", "type": "text", "text": text} for text in BLOCKS],
    }
    MessageTemplateVersion.objects.create(template=template, number=1, contents={"email": {"es": said}})
    campaign: Campaign = Campaign.objects.create(
        name=name, include=[segment.pk], channels=[Channel.objects.get(kind="email").pk]
    )
    Variant.objects.create(campaign=campaign, letter="A", template=template)
    return campaign


# --- freezing ---


def audience_freeze(tenant_id: UUID, superuser_url: str) -> Entry:
    """Lines a second: the whole audience judged, written down and committed."""
    with tenant_scope(tenant_id):
        segment = Segment.objects.get(name="Todos")
        ours, by_hand = (campaign_of(name, segment) for name in ("Ours", "By hand"))
    sides: list[Callable[[], int]] = [
        lambda: freezing.freeze(ours, at=timezone.now()).audience,
        lambda: _by_hand(by_hand, segment),
    ]
    seconds = [0.0, 0.0]
    counts = set[int]()
    for round_ in range(ROUNDS):
        for side in (0, 1) if round_ % 2 == 0 else (1, 0):
            _empty(superuser_url)
            started = time.perf_counter()
            with tenant_scope(tenant_id):
                counts.add(sides[side]())
            seconds[side] += time.perf_counter() - started
    if len(counts) > 1:
        raise RuntimeError(f"ours and by hand wrote {counts} lines")
    _empty(superuser_url)
    count = counts.pop()
    ours_s, hand_s = (one / ROUNDS for one in seconds)
    what = (
        f"of a campaign by e-mail to {count:,}, committed: consent, shields, cap, chance and the hour in "
        f"each zone, in one statement ({ours_s:.1f} s); by hand address and consent ({hand_s:.1f} s)"
    )
    return Entry("audience_freeze", count / ours_s, count / hand_s, "higher", "1/s", what)


def _empty(superuser_url: str) -> None:
    """Both sides begin with an empty table and a calm disk."""
    with psycopg.connect(superuser_url, autocommit=True) as link:
        link.execute("TRUNCATE conversations_recipient CASCADE")
        link.execute("CHECKPOINT")


def _by_hand(campaign: Campaign, segment: Segment) -> int:
    with freezing.compiling.roomy(), connection.cursor() as cursor:
        cursor.execute(
            BY_HAND,
            {
                "tenant": campaign.tenant_id,
                "campaign": campaign.pk,
                "variant": Variant.objects.get(campaign=campaign).pk,
                "channel": campaign.channels[0],
                "segment": segment.pk,
            },
        )
        return int(cursor.rowcount)
