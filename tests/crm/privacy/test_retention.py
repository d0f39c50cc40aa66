"""How long things are kept."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation, InboundEvent, Message
from crm.actions import privacy_retention as keeping
from crm.models import Customer, Erasure, RetentionRule
from crm.privacy_tasks import apply_rule
from tenants.actors import Actor
from tenants.models import AuditEvent
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_conversation, make_parked_event
from tests.factories.crm import make_customer
from tests.factories.tenants import Business

Kind = RetentionRule.Kind
OLD = timedelta(days=400)


def on(business: Business, kind: str, days: int = 365) -> None:
    with tenant_scope(business.tenant.id):
        keeping.set_rule(kind=kind, is_on=True, days=days, by=Actor.of_membership(business.owner))


def apply(business: Business, kind: str) -> int:
    removed: int = apply_rule(str(business.tenant.id), kind)
    return removed


def test_rules_are_off_until_switched_on(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        make_customer(last_contact_at=timezone.now() - 10 * OLD)
        assert [rule.is_on for rule in keeping.rules()] == [False] * 4
        assert keeping.concerned(Kind.CUSTOMERS, 365) == 1
    assert apply(business, Kind.CUSTOMERS) == 0


def test_customers_are_planned_to_be_erased(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        old = make_customer("Vieja", last_contact_at=timezone.now() - OLD)
        make_customer("Nueva")
    on(business, Kind.CUSTOMERS)
    assert [apply(business, Kind.CUSTOMERS) for _again in range(2)] == [1, 0]
    with tenant_scope(business.tenant.id):
        assert [erasure.customer_id for erasure in Erasure.objects.all()] == [old.pk]
        assert Customer.objects.count() == 2  # they can be kept for a week
        assert AuditEvent.objects.filter(action="retention.applied").count() == 1


def test_words_of_closed_conversations_go_and_counts_stay(business: Business, media: Path) -> None:
    with tenant_scope(business.tenant.id):
        old, fresh = make_conversation("Hola secreta"), make_conversation("Hola nueva")
        Conversation.objects.filter(pk=old.pk).update(status="closed", closed_at=timezone.now() - OLD)
        before = Message.objects.count()
    on(business, Kind.CONVERSATIONS)
    assert [apply(business, Kind.CONVERSATIONS) for _again in range(2)] == [1, 0]
    with tenant_scope(business.tenant.id):
        assert Message.objects.count() == before
        assert [one.text for one in Message.objects.filter(conversation=old, kind="inbound")] == [""]
        assert [one.text for one in Message.objects.filter(conversation=fresh, kind="inbound")] == [
            "Hola nueva"
        ]
        assert "secreta" not in str(list(Conversation.objects.values()))
        assert "secreta" not in str(list(old.customer.timeline.values()))


def test_raw_events_lose_their_body_and_keep_their_hash(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        parked = make_parked_event()
        read = make_parked_event(b"<read/>")
        InboundEvent.objects.filter(pk=read.pk).update(outcome="message")
        InboundEvent.objects.update(received_at=timezone.now() - OLD, due_at=None)
    on(business, Kind.INBOUND)
    assert [apply(business, Kind.INBOUND) for _again in range(2)] == [1, 0]
    with tenant_scope(business.tenant.id):
        bodies = {event.pk: bytes(event.body) for event in InboundEvent.objects.all()}
        assert (bodies[read.pk], bodies[parked.pk]) == (b"", b"<xml>?</xml>")


def test_page_shows_how_much_and_switches(owner_client: Client, business: Business) -> None:
    here = f"/b/{business.tenant.slug}/customers/privacy/retention/"
    assert owner_client.get(here).status_code == 200
    bad = owner_client.post(f"{here}inbound/", {"inbound-days": "0", "inbound-is_on": "on"})
    assert bad.status_code == 422
    good = owner_client.post(f"{here}inbound/", {"inbound-days": "30", "inbound-is_on": "on"})
    assert good.status_code == 302
    with tenant_scope(business.tenant.id):
        assert list(RetentionRule.objects.values_list("kind", "is_on", "days")) == [("inbound", True, 30)]
    assert owner_client.post(f"{here}nothing/", {}).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("teammate", 403), ("stranger", 404)])
def test_others_do_not_switch(who: str, status: int, business: Business, request: Any) -> None:
    client = request.getfixturevalue(f"{who}_client")
    here = f"/b/{business.tenant.slug}/customers/privacy/retention/inbound/"
    assert client.post(here, {"inbound-days": "30"}).status_code == status
