"""A customer is forgotten: everywhere, on disk too, in steps that a kill cannot spoil."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from conversations.models import InboundEvent, InboundItem, Message, MessageChange, Notification
from crm import holdings
from crm.actions import privacy_erasure as erasing
from crm.actions.customers import create_customer
from crm.models import Customer, ErasedTotal, Erasure, Identity, Tombstone
from tenants import audit
from tenants.actors import Actor
from tenants.models import AuditEvent, IdempotencyRecord
from tenants.permissions import Role, Sees
from tenants.scoping import tenant_scope, uuid7
from tests import servers
from tests.canary.world import Side, make_side, tables
from tests.factories.crm import make_customer
from tests.factories.tenants import Business, make_member

WORD = "quetzalcoatlus"


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.MEDIA_ROOT = str(tmp_path)
    yield tmp_path


def hanging() -> set[str]:
    """Every table that hangs on a customer."""
    return {part.model._meta.label for part in holdings.parts()} | {"crm.Customer"}


def pointed_at() -> set[str]:
    """What those must point at."""
    found, asked = set(), {apps.get_model(label) for label in hanging()}
    while asked:
        keys = [key for model in asked for key in model._meta.concrete_fields if key.related_model]
        asked = {key.related_model for key in keys} - found
        found |= asked
    return {model._meta.label for model in found}


def filled(business: Business) -> Side:
    """A business full of rows; those of two customers hold the word."""
    side = Side(business, "papalotl").fill(only=hanging() | pointed_at())
    side = side.beside(WORD, hanging())
    with tenant_scope(side.id):
        told = [row.pk for row in side.rows["conversations.Notification"]]  # filled before conversations are
        Notification.objects.filter(pk__in=told).update(conversation=side.first("conversations.Conversation"))
        for event in InboundEvent.objects.all():
            InboundEvent.objects.filter(pk=event.pk).update(body_hash=event.pk.hex * 2, reason="")
    return side


def merged(side: Side) -> Customer:
    """The two as one."""
    with tenant_scope(side.id):
        first = side.rows["crm.Customer"][0]
        Customer.objects.filter(name__contains=WORD).exclude(pk=first.pk).update(merged_into=first)
        Customer.objects.filter(pk=first.pk).update(merged_into=None)
        Erasure.objects.filter(customer=first).update(state="cancelled")
        audit.record("customer.seen", target=first, by=Actor.system(), other=f"{WORD} said")
        audit.record("thing.seen", target=None, by=Actor.system(), other=first.name)
        IdempotencyRecord.objects.create(
            key="k", caller=uuid7(), fingerprint="f", status=200, response={"name": first.name}
        )
        _raw(side, first)
    return first


def _raw(side: Side, customer: Customer) -> None:
    """What arrived about him and hangs on nothing: one names his address, one brought his message."""
    channel = side.first("conversations.Channel")
    value = customer.identities.first().value
    InboundEvent.objects.create(
        channel=channel, body_hash="1" * 64, body=f"<from>{value}</from>".encode(), content_type="text/xml",
        outcome="parked", due_at=None,
    )  # fmt: skip
    sent = Message.objects.filter(conversation__customer=customer).exclude(provider_id="").first()
    at = sent.conversation.channel
    news = InboundEvent.objects.create(
        channel=at, body_hash="2" * 64, body=WORD.encode(), content_type="text/xml", due_at=None
    )
    InboundItem.objects.create(event=news, channel=at, kind="status", provider_id=sent.provider_id)
    MessageChange.objects.create(
        channel=at, target=sent.provider_id, provider_id="p", kind="edit", text=WORD, happened_at=timezone.now()
    )  # fmt: skip


def due(customer: Customer, tenant_id: Any) -> Erasure:
    with tenant_scope(tenant_id):
        erasure = erasing.plan_erasure(customer=customer, by=Actor.system())
        Erasure.objects.filter(pk=erasure.pk).update(due_at=timezone.now())
    return erasure


def found(word: str) -> list[str]:
    """Tables in which a word stands, by the catalog, past row-level security: every column, whatever its type."""
    with servers.superuser(servers.DATABASE) as db:
        names = db.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname = 'public' ORDER BY 1"
        ).fetchall()
        said = []
        for (name,) in names:
            query = f'SELECT count(*) FROM "{name}" t WHERE t::text ILIKE %s OR t::text ILIKE %s'
            [(count,)] = db.execute(query, [f"%{word}%", f"%{word.encode().hex()}%"]).fetchall()
            said += [f"{name}: {count}"] if count else []
    return said


def on_disk(folder: Path, word: str) -> list[str]:
    return [str(one) for one in folder.rglob("*") if one.is_file() and word.encode() in one.read_bytes()]


@pytest.mark.django_db(transaction=True)
def test_erasure_leaves_the_word_nowhere(media: Path) -> None:
    side = make_side_of_words()
    customer = merged(side)
    before = found(WORD)
    erasure = due(customer, side.id)
    assert len(before) > 25
    assert on_disk(media, WORD) != []
    assert erasing.run_erasure(side.id, erasure.pk) is True
    assert found(WORD) == []
    assert on_disk(media, WORD) == []
    with tenant_scope(side.id):
        kept = Erasure.objects.get(pk=erasure.pk)
        assert (kept.state, kept.customer_id) == (Erasure.State.DONE, None)
        assert kept.removed["conversations.message"] >= 2
        assert ErasedTotal.objects.get(what="crm.customer").number >= 2
        assert Tombstone.objects.exists()
        assert Customer.objects.count() > 0  # the others stay
    assert erasing.run_erasure(side.id, erasure.pk) is False


def make_side_of_words() -> Side:
    from tests.factories.tenants import make_business  # noqa: PLC0415

    return filled(make_business("Papalotes"))
