"""Every link of every kind of mail to a customer, fetched as a scanner does, changes nothing of his."""

import re
from decimal import Decimal
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from conversations.actions.campaigns import running
from conversations.actions.conversations import close
from conversations.actions.deliveries import deliver
from conversations.actions.messages import send_reply
from conversations.confirmations.sending import send_due
from conversations.journeys.advancing import advance_due
from conversations.models import (
    Confirmation,
    ConfirmationStep,
    Delivery,
    Happening,
    MessageTemplate,
    Recipient,
    Touch,
)
from conversations.tracking import judging
from crm import identities
from crm.actions import consents
from crm.actions.activities import Report, record_activities
from crm.actions.orders import record_order
from crm.actions.payments import record_payment
from crm.models import Customer, Segment
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.conversations.confirmations.conftest import book, noon
from tests.conversations.journeys.test_engine import journey
from tests.conversations.tracking.test_links import IPHONE, LONG_AGO, rows
from tests.factories.campaigns import agree, make_campaign, make_policy, make_template, put_in, schedule
from tests.factories.conversations import make_channel, make_conversation
from tests.factories.crm import make_customer
from tests.factories.tenants import Business

ADDRESS = "ana@ejemplo.mx"
ALWAYS = "[Tus avisos]({{ links.preferences }}), [no más]({{ links.unsubscribe }}), [la tienda](https://tienda.example/)"
OF_APPOINTMENTS = (
    "[Sí]({{ links.confirm }}), [no]({{ links.cancel }}), [otro día]({{ links.reschedule }}), "
    "[al calendario]({{ links.calendar }}), "
)
LINK = re.compile(r'(?:href|src)="([^"]+)"')
BARE = re.compile(r"https?://[^\s<>\"]+")
SYSTEM = Actor.system


@pytest.fixture
def ana(business: Business) -> Customer:
    """Somebody who agreed to offers, and what a business tells its customers by itself of everything."""
    with tenant_scope(business.tenant.id):
        make_channel("email")
        make_policy(cap_count=9)
        customer = make_customer("Ana Flores")
        identities.attach(customer, kind="email", raw=ADDRESS, country="MX", verified=True)
        agree(customer)
        for happening in Happening.values:
            is_of = happening.startswith("appointment") and happening != Happening.APPOINTMENT_CANCELLED
            template = make_template(happening, f"{happening}: {OF_APPOINTMENTS * is_of}{ALWAYS}")
            MessageTemplate.objects.filter(pk=template.pk).update(purpose="service")
            ConfirmationStep.objects.create(happening=happening, minutes=0, template=template, is_on=True)
        return customer


def goes_out(business: Business) -> None:
    """What workers do, whatever it is due for."""
    with tenant_scope(business.tenant.id):
        Confirmation.objects.waiting().update(due_at=timezone.now())
    send_due(business.tenant.id)
    with tenant_scope(business.tenant.id):
        due = list(Delivery.objects.due().order_by("id").values_list("pk", flat=True))
    for pk in due:
        deliver(business.tenant.id, pk)


def everything_happens(business: Business, ana: Customer) -> None:
    """All that a customer gets a mail of, each of it said before the next happens."""

    def moved(days: int, **more: Any) -> None:
        book(ana, noon(days), **more)

    acts: list[Any] = [
        lambda: moved(5),
        lambda: moved(6),
        lambda: moved(6, status="cancelled"),
        *[
            lambda status=status: record_order(
                external_id=f"A-{status}", customer=ana, status=status, by=SYSTEM()
            )
            for status in ("placed", "paid", "shipped", "ready", "delivered")
        ],
        lambda: record_payment(
            external_id="P-1", customer=ana, status="due", amount=Decimal(10), due_at=noon(5), by=SYSTEM()
        ),
        lambda: record_payment(
            external_id="P-2", customer=ana, status="paid", amount=Decimal(10), by=SYSTEM()
        ),
        lambda: record_activities(
            reports=[Report("Q-1", "cotización", timezone.now(), customer_id=ana.pk)], by=SYSTEM()
        ),
        lambda: consents.ask(
            customer=ana,
            medium="email",
            purpose="survey",
            proof=consents.Proof(source="customer"),
            by=SYSTEM(),
        ),
    ]
    for act in acts:
        with tenant_scope(business.tenant.id):
            act()
        goes_out(business)


def campaign_and_journey(business: Business, ana: Customer) -> None:
    with tenant_scope(business.tenant.id):
        segment = Segment.objects.create(name="Una", is_list=True)
        put_in(segment, [ana])
        campaign = make_campaign(segment, letters=0)
        template = make_template("campaña", f"campaña: {ALWAYS}")
        campaign.variants.create(letter="A", template=template)
        schedule(campaign)
        steps = [{"do": "send", "template": str(make_template("viaje", f"viaje: {ALWAYS}").pk)}]
        journey({"on": "order_delivered"}, steps)
        record_order(external_id="A-9", customer=ana, status="delivered", by=SYSTEM())
    running.advance(business.tenant.id)
    advance_due(business.tenant.id)
    goes_out(business)
    with tenant_scope(business.tenant.id):
        Recipient.objects.update(sent_at=timezone.now() - LONG_AGO)


def rated(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        by = business.actor(business.agent)
        conversation = make_conversation("¿Abren mañana?", address=ADDRESS)
        send_reply(conversation=conversation, text="Sí, de 9 a 6.", by=by)
        close(conversation=conversation, by=by)
    goes_out(business)


def links(letter: EmailMessage) -> set[str]:
    """Those of ours in both bodies and in all headers."""
    said = [str(value) for value in letter.values()]
    for kind in ("plain", "html"):
        body = letter.get_body((kind,))
        text = body.get_content() if body else ""
        said += LINK.findall(text) if kind == "html" else [text]
    found = {unescape(one).rstrip(".,)") for text in said for one in BARE.findall(text)}
    return {one for one in found if one.startswith(settings.BASE_URL)}


def test_fetching_every_link_of_every_mail_changes_nothing(
    business: Business, ana: Customer, client: Client
) -> None:
    everything_happens(business, ana)
    campaign_and_journey(business, ana)
    rated(business)
    letters: list[Any] = [message_from_bytes(one.message().as_bytes(), policy=SMTP) for one in mail.outbox]
    bodies = [one.get_body(("plain",)).get_content() for one in letters]
    for kind in (*Happening.values, "campaña", "viaje", "Confirma"):
        assert sum(kind in text for text in bodies) >= 1, (kind, bodies)
    found = [links(one) for one in letters]
    assert found.count(set()) == 1  # what a person answered
    doors = {urlsplit(one).path.split("/")[1] for some in found for one in some}
    assert {"a", "p", "l", "o", "r"} <= doors, doors
    with tenant_scope(business.tenant.id):
        before = rows()
    for one in sorted(set().union(*found)):
        parts = urlsplit(one)
        for method in (client.get, client.head):
            answer = method(f"{parts.path}?{parts.query}", headers={"user-agent": IPHONE})
            assert answer.status_code in (200, 204, 302), one
    with tenant_scope(business.tenant.id):
        after = rows()
        assert {name for name in after if after[name] != before[name]} <= {"conversations.Touch"}
        assert set(Touch.objects.values_list("verdict", flat=True)) <= {"unverified", "machine"}
        assert Touch.objects.filter(verdict="unverified").exists()
        judging.judge_due(timezone.now() + LONG_AGO)
        assert Recipient.objects.get().clicked_at is None
