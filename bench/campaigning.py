"""Campaigns: how fast an audience is frozen and mail goes out, and whether a person's reply waits for it.

A business of a million customers with addresses, zones, consent and some who may not be written to. Each
measurement stands beside what somebody who knows the tables, or smtplib, writes by hand.
"""

import resource
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import make_msgid
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connection
from django.utils import timezone

from bench.fill import insert_rows, without_indexes
from bench.report import Entry
from bench.stack import wait_for
from bench.words import FIRST_NAMES, SURNAMES
from conversations.actions.campaigns import freezing, running, steering
from conversations.models import (
    Campaign,
    Channel,
    MessageTemplate,
    MessageTemplateVersion,
    Recipient,
    SendingPolicy,
    Variant,
)
from crm.models import Consent, Customer, Identity, Segment, SegmentMember
from tenants.actions.businesses import create_business
from tenants.actors import Actor
from tenants.models import User
from tenants.scoping import tenant_scope
from tests.vendors.mail import free_port

PEOPLE = 1_000_000  # at scale 1
MAILS = 10_000
SLICES = 5  # of mail, ours and the floor's by turns
ROUNDS = 2  # of freezing
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
    tenant_id = create_business(name="Negocio de campañas", country="MX", owner=owner).tenant_id
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


def _campaign(tenant_id: UUID, name: str, segment: Segment) -> Campaign:
    """A campaign by e-mail with one letter, ready to start."""
    template = MessageTemplate.objects.create(name=name)
    said = {
        "subject": "{{ customer.first_name | default: 'Hola' }}, tu revisión a mitad de precio",
        "preheader": "Solo este mes",
        "blocks": [{"kind": "text", "type": "text", "text": text} for text in BLOCKS],
    }
    MessageTemplateVersion.objects.create(template=template, number=1, contents={"email": {"es": said}})
    campaign = Campaign.objects.create(
        name=name, include=[segment.pk], channels=[Channel.objects.get(kind="email").pk]
    )
    Variant.objects.create(campaign=campaign, letter="A", template=template)
    return steering.submit(campaign=campaign, by=Actor.system())


# --- freezing ---


class _Undone(Exception):
    """Takes a round back."""


def audience_freeze(tenant_id: UUID) -> Entry:
    """Lines a second: the whole audience judged and written down, taken back after each round."""
    with tenant_scope(tenant_id):
        segment = Segment.objects.get(name="Todos")
        ours_campaign, by_hand = (_campaign(tenant_id, name, segment) for name in ("Ours", "By hand"))
    ours = floor = 0.0
    count = 0
    for _round in range(ROUNDS):
        seconds, count = _timed(tenant_id, lambda: freezing.freeze(ours_campaign, at=timezone.now()).audience)
        ours += seconds
        seconds, other = _timed(tenant_id, lambda: _by_hand(by_hand, segment))
        floor += seconds
        if count != other:
            raise RuntimeError(f"{count} lines of ours, {other} by hand")
    rows = count * ROUNDS
    what = (
        f"of a campaign by e-mail to {count:,}: consent, shields, cap, chance and the hour in each zone, in "
        "one statement; by hand address and consent alone"
    )
    return Entry("audience_freeze", rows / ours, rows / floor, "higher", "1/s", what)


def _timed(tenant_id: UUID, act: Callable[[], int]) -> tuple[float, int]:
    count, seconds = 0, 0.0
    try:
        with tenant_scope(tenant_id):
            started = time.perf_counter()
            count = act()
            seconds = time.perf_counter() - started
            raise _Undone
    except _Undone:
        return seconds, count


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


# --- mail ---


@contextmanager
def sink() -> Iterator[int]:
    """A mail server in a process of its own; gives its port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port)])
    try:
        wait_for(lambda: _listens(port), 20, "the mail server")
        yield port
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    try:
        smtplib.SMTP("127.0.0.1", port, timeout=5).quit()
    except OSError:
        return False
    return True


def campaign_email(tenant_id: UUID) -> Entry:
    """Mails a second, by turns: ours with every check, and a plain loop."""
    with tenant_scope(tenant_id):
        people = list(Customer.objects.order_by("id").values_list("pk", flat=True)[:MAILS])
        small = Segment.objects.create(name="Diez mil", is_list=True)
        now = timezone.now()
        SegmentMember.objects.bulk_create(
            [SegmentMember(segment=small, customer_id=one, since=now) for one in people]
        )
        campaign = _campaign(tenant_id, "Correo", small)
        Campaign.objects.filter(pk=campaign.pk).update(due_at=timezone.now())
        assert running.look(campaign.pk) is not None
        waiting = Recipient.objects.waiting().filter(campaign=campaign).count()
        rows = list(
            Customer.objects.filter(pk__in=people, identities__kind="email").values_list(
                "pk", "name", "identities__value"
            )
        )
    each = waiting // SLICES
    ours = floor = 0.0
    sent = plain = 0
    memory: list[int] = []
    with sink() as port:
        settings.MAILERS["default"]["OPTIONS"] |= {"host": "127.0.0.1", "port": port}
        for number in range(SLICES):
            before = _sent(tenant_id, campaign)
            started = time.perf_counter()
            while _sent(tenant_id, campaign) - before < each and running.advance(tenant_id):
                pass
            ours += time.perf_counter() - started
            sent += _sent(tenant_id, campaign) - before
            memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
            some = rows[number * each : (number + 1) * each]
            started = time.perf_counter()
            plain += _plain_loop(port, some)
            floor += time.perf_counter() - started
    what = (
        f"personalised mails handed over by one worker with consent, shield, cap, hour, links, marks and "
        f"settling; signing is the relay's; n={sent}; memory {memory[0]} MB after the first fifth, "
        f"{memory[-1]} MB at the end"
    )
    return Entry("campaign_email", sent / ours, plain / floor, "higher", "1/s", what)


def _sent(tenant_id: UUID, campaign: Campaign) -> int:
    with tenant_scope(tenant_id):
        return int(Recipient.objects.filter(campaign=campaign, sent_at__isnull=False).count())


def _plain_loop(port: int, rows: list[tuple[UUID, str, str]]) -> int:
    """EmailMessage and smtplib, a mail after the other over one connection."""
    with smtplib.SMTP("127.0.0.1", port) as server:
        for pk, name, address in rows:
            first, link = name.split()[0], f"{settings.BASE_URL}/p/{pk.hex}{pk.hex}/"
            paragraphs = [
                text.replace("{{ customer.first_name | default: 'amiga' }}", first)
                .replace("{{ business.name }}", "Negocio de campañas")
                .replace("{{ links.unsubscribe }}", link)
                for text in BLOCKS
            ]
            mail = EmailMessage()
            mail["Subject"] = f"{first}, tu revisión a mitad de precio"
            mail["From"] = "Negocio de campañas <hola@negocio.example>"
            mail["To"] = f"{name} <{address}>"
            mail["Message-ID"] = make_msgid(domain="negocio.example")
            mail["List-Unsubscribe"] = f"<{link}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
            mail.set_content("\n\n".join(paragraphs))
            mail.add_alternative(_as_html(paragraphs), subtype="html")
            server.send_message(mail)
    return len(rows)


def _as_html(paragraphs: list[str]) -> str:
    return "<html><body>" + "".join(f"<p>{text}</p>" for text in paragraphs) + "</body></html>"
