"""How fast a campaign's mails go out, against a plain loop of EmailMessage and smtplib to the same server."""

import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import make_msgid
from itertools import batched
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import dkim
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.utils import timezone

from bench.campaigning import BLOCKS, NAME, campaign_of
from bench.report import Entry
from bench.stack import wait_for
from conversations.actions.campaigns import running, steering
from conversations.channels.email import dkim as signing
from conversations.models import Campaign, Channel, Recipient
from crm.models import Customer, Segment, SegmentMember
from tenants.actors import Actor
from tenants.scoping import tenant_scope

MAILS = 10_000
LEFT_OUT = 20  # one in so many has not agreed
SLICE = 1_000  # mails of the plain loop before ours have their turn, as many as ours in a task
SIGNED = 200  # mails of a plain loop that signs
DOMAIN = "negocio.example"
Row = tuple[UUID, str, str]


class Race(NamedTuple):
    """Mails a second of both sides, how many were ours, and megabytes after each turn of ours."""

    ours: float
    plain: float
    sent: int
    memory: list[int]


@contextmanager
def sink(port: int) -> Iterator[None]:
    """A mail server in a process of its own that takes every mail and forgets it."""
    process = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port)])
    try:
        wait_for(lambda: _listens(port), 20, "the mail server")
        yield
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    try:
        smtplib.SMTP("127.0.0.1", port, timeout=5).quit()
    except OSError:
        return False
    return True


def campaign_email(tenant_id: UUID, port: int) -> Entry:
    """Mails a second, by turns: ours with every check and tracked links, and a plain loop."""
    found = _race(tenant_id, port, "Correo")
    what = (
        f"personalised mails handed over by one worker with consent, shields, cap, hour, links, marks, "
        f"settling and tracking; the relay signs; {_ours(found)}"
    )
    return Entry("campaign_email", found.ours, found.plain, "higher", "1/s", what)


def campaign_email_dkim(tenant_id: UUID, port: int) -> Entry:
    """The same, each of ours signed; the plain loop signs none."""
    secrets = signing.new_key(DOMAIN, "puente")
    with tenant_scope(tenant_id):
        channel = Channel.objects.get(kind="email")
        channel.address, channel.secrets = f"hola@{DOMAIN}", channel.secrets | secrets
        channel.save()
    found = _race(tenant_id, port, "Correo firmado")
    what = (
        f"the same, each signed by DKIM over both unsubscribe headers, the plain loop's not; {_ours(found)}; "
        f"a plain loop that signs with dkimpy: {_signing_loop(tenant_id, port):.0f}/s"
    )
    return Entry("campaign_email_dkim", found.ours, found.plain, "higher", "1/s", what)


def _ours(found: Race) -> str:
    return (
        f"n={found.sent}; memory {found.memory[0]} MB after the first turn, {found.memory[-1]} MB at the end"
    )


def _race(tenant_id: UUID, port: int, name: str) -> Race:
    """A task of ours and a slice of the loop by turns, until all of ours went out."""
    campaign = _start(tenant_id, name)
    slices = batched(_rows(tenant_id, MAILS), SLICE)
    ours = floor = 0.0
    plain, memory = 0, list[int]()
    with sink(port):
        while True:
            started = time.perf_counter()
            has_more = running.advance(tenant_id)
            ours += time.perf_counter() - started
            memory.append(_resident_mb())
            if some := next(slices, None):
                started = time.perf_counter()
                plain += _plain_loop(port, some)
                floor += time.perf_counter() - started
            if not has_more:
                break
    with tenant_scope(tenant_id):
        sent = int(Recipient.objects.filter(campaign=campaign, sent_at__isnull=False).count())
        if Recipient.objects.waiting().filter(campaign=campaign).exists():
            raise RuntimeError(f"only {sent} mails went out")
    return Race(sent / ours, plain / floor, sent, memory)


def _start(tenant_id: UUID, name: str) -> Campaign:
    """A campaign whose audience is frozen: so many who get it, and some who are left out."""
    with tenant_scope(tenant_id):
        count = MAILS * LEFT_OUT // (LEFT_OUT - 1)
        people = Customer.objects.order_by("id").values_list("pk", flat=True)[:count]
        some, now = Segment.objects.create(name=name, is_list=True), timezone.now()
        SegmentMember.objects.bulk_create(
            [SegmentMember(segment=some, customer_id=one, since=now) for one in people]
        )
        campaign = steering.submit(campaign=campaign_of(name, some), by=Actor.system())
        assert running.look(campaign.pk) is not None
    return campaign


def _rows(tenant_id: UUID, count: int) -> list[Row]:
    with tenant_scope(tenant_id):
        rows = Customer.objects.filter(identities__kind="email").order_by("id")
        return list(rows.values_list("pk", "name", "identities__value")[:count])


def _resident_mb() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000


# --- by hand ---


def _plain_loop(port: int, rows: tuple[Row, ...], signed: Callable[[bytes], bytes] | None = None) -> int:
    """EmailMessage and smtplib, a mail after the other over one connection."""
    with smtplib.SMTP("127.0.0.1", port) as server:
        for row in rows:
            mail = _by_hand(*row)
            if signed:
                server.sendmail(mail["From"], [row[2]], signed(mail.as_bytes()))
            else:
                server.send_message(mail)
    return len(rows)


def _by_hand(pk: UUID, name: str, address: str) -> EmailMessage:
    first, link = name.partition(" ")[0], f"{settings.BASE_URL}/p/{pk.hex}{pk.hex}/"
    paragraphs = [
        text.replace("{{ customer.first_name | default: 'amiga' }}", first)
        .replace("{{ business.name }}", NAME)
        .replace("{{ links.unsubscribe }}", link)
        for text in BLOCKS
    ]
    mail = EmailMessage()
    mail["Subject"] = f"{first}, tu revisión a mitad de precio"
    mail["From"] = f"{NAME} <hola@{DOMAIN}>"
    mail["To"] = f"{name} <{address}>"
    mail["Message-ID"] = make_msgid(domain=DOMAIN)
    mail["List-Unsubscribe"] = f"<{link}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content("\n\n".join(paragraphs))
    html = "".join(f"<p>{text}</p>" for text in paragraphs)
    mail.add_alternative(f"<html><body>{html}</body></html>", subtype="html")
    return mail


def _signing_loop(tenant_id: UUID, port: int) -> float:
    """Mails a second of the plain loop with the signatures of a library."""
    with tenant_scope(tenant_id):
        signer = signing.signer_of(Channel.objects.get(kind="email"))
    assert signer is not None
    pem = signer.key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())

    def signed(content: bytes) -> bytes:
        return bytes(dkim.sign(content, b"puente", DOMAIN.encode(), pem)) + content

    rows = tuple(_rows(tenant_id, SIGNED))
    with sink(port):
        started = time.perf_counter()
        return _plain_loop(port, rows, signed) / (time.perf_counter() - started)
