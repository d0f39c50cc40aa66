"""A customer is forgotten: everywhere, on disk too, in steps that a kill cannot spoil."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone

from conversations.models import InboundEvent, InboundItem, Message, MessageChange, Notification
from crm import erased, holdings
from crm.actions import privacy_erasure as erasing
from crm.actions.customers import create_customer
from crm.imports.people import LabelsOfImport, People
from crm.imports.values import Row
from crm.models import Customer, ErasedTotal, Erasure, Import, Likeness, Tombstone
from tenants import audit
from tenants.actors import Actor
from tenants.models import AuditEvent, IdempotencyRecord
from tenants.scoping import tenant_scope, uuid7
from tests import servers
from tests.canary.world import Side
from tests.factories.conversations import make_conversation
from tests.factories.crm import make_customer
from tests.factories.tenants import Business, make_business

WORD = "quetzalcoatlus"


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
        pair = sorted(row.pk for row in side.rows["crm.Customer"][:2])
        Likeness.objects.create(first_id=pair[0], second_id=pair[1], reasons=[{"why": "name", "value": WORD}])
        brought = [row.pk for row in side.rows["conversations.InboundEvent"]]  # filled before messages are
        InboundEvent.objects.filter(pk__in=brought).update(message=side.first("conversations.Message"))
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
        channel=at,
        target=sent.provider_id,
        provider_id="p",
        kind="edit",
        text=WORD,
        happened_at=timezone.now(),
    )


def due(customer: Customer, tenant_id: Any) -> Erasure:
    with tenant_scope(tenant_id):
        erasure = erasing.plan_erasure(customer=customer, by=Actor.system())
        Erasure.objects.filter(pk=erasure.pk).update(due_at=timezone.now())
    return erasure


def found(word: str) -> list[str]:
    """Tables in which a word stands, by the catalog, past row-level security: every column of any type."""
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
    return filled(make_business("Papalotes"))


class Killed(Exception):
    """The worker is gone."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [2, 25])
def test_killed_in_the_middle_and_run_again_finishes(after: int, media: Path, monkeypatch: Any) -> None:
    side = make_side_of_words()
    customer = merged(side)
    erasure = due(customer, side.id)
    note, calls = erasing._note, iter(range(1, 1_000))

    def killing(*args: Any) -> None:
        note(*args)
        if next(calls) == after:
            raise Killed

    monkeypatch.setattr(erasing, "_note", killing)
    with pytest.raises(Killed):
        erasing.run_erasure(side.id, erasure.pk)
    assert erasing.run_erasure(side.id, erasure.pk) is True
    assert found(WORD) == []
    assert on_disk(media, WORD) == []


def test_it_can_be_taken_back_for_a_week(business: Business, owner_client: Any) -> None:
    with tenant_scope(business.tenant.id):
        customer = make_customer()
    here = f"/b/{business.tenant.slug}/customers/{customer.pk}/erasure/"
    assert owner_client.get(here).status_code == 200
    assert owner_client.post(here, {"reason": "asked", "days": "7"}).status_code == 422  # not sure
    assert owner_client.post(here, {"reason": "asked", "days": "7", "sure": "on"}).status_code == 302
    with tenant_scope(business.tenant.id):
        planned = Erasure.objects.get()
    assert erasing.run_erasure(business.tenant.id, planned.pk) is False  # not due
    fragment = owner_client.get(
        f"/b/{business.tenant.slug}/customers/{customer.pk}/privacy/", headers={"HX-Request": "true"}
    )
    assert "cancellation" in fragment.content.decode()
    owner_client.post(f"{here}cancellation/")
    with tenant_scope(business.tenant.id):
        assert Erasure.objects.get().state == "cancelled"
        assert Customer.objects.count() == 1


def test_preview_counts_and_tells_what_runs(business: Business, owner_client: Any) -> None:
    with tenant_scope(business.tenant.id):
        conversation = make_conversation("Hola")
        customer = conversation.customer
    page = owner_client.get(f"/b/{business.tenant.slug}/customers/{customer.pk}/erasure/")
    counted = {label: number for label, _title, number in page.context["parts"]}
    assert counted["conversations.conversation"] == 1
    assert len(page.context["running"]) == 1


def test_who_was_erased_is_known_again(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        customer = make_customer(phone="+523312345678", email="ana@example.com")
        kept = make_customer("Otra", email="otra@example.com")
    erasure = due(customer, business.tenant.id)
    assert erasing.run_erasure(business.tenant.id, erasure.pk) is True
    with tenant_scope(business.tenant.id):
        values = [("email", "ana@example.com"), ("whatsapp", "+523312345678"), ("email", "otra@example.com")]
        assert erased.erased_among(values) == set(values[:2])
        with pytest.raises(erased.ErasedBefore):
            create_customer(name="Ana", addresses=[("email", "ana@example.com")], by=Actor.system())
        by = Actor.of_membership(business.owner)
        back = create_customer(name="Ana", addresses=[("email", "ana@example.com")], by=by)
        assert erased.erased_among(values) == {values[1]}
        assert set(Customer.objects.values_list("pk", flat=True)) == {kept.pk, back.pk}


def test_audit_trail_keeps_the_act_without_the_name(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        customer = make_customer("Ana Flores Ruiz")
        audit.record(
            "customer.told_apart", target=make_customer("Otra"), by=Actor.system(), other=str(customer)
        )
        audit.record("case.opened", target=customer, by=Actor.system(), kind="complaint")
    erasing.run_erasure(business.tenant.id, due(customer, business.tenant.id).pk)
    with tenant_scope(business.tenant.id):
        kept = dict(AuditEvent.objects.values_list("action", "details"))
        assert (kept["customer.told_apart"], kept["case.opened"]) == ({}, {})
        assert "customer.erased" in kept
        assert "Ana" not in str(kept)


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_whom_a_restore_brings_back_is_erased_again(tmp_path: Path) -> None:
    business = make_business("Papalotes")
    with tenant_scope(business.tenant.id):
        customer = make_customer(email="ana@example.com")
    erasing.run_erasure(business.tenant.id, due(customer, business.tenant.id).pk)
    printed = StringIO()
    call_command("tombstones", stdout=printed)
    kept = tmp_path / "tombstones.jsonl"
    kept.write_text(printed.getvalue())
    with tenant_scope(business.tenant.id):  # as an old backup has it
        Tombstone.objects.all().delete()
        back = make_customer(email="ana@example.com")
        back.identities.update(created_at=timezone.now() - timedelta(days=30))
        make_customer("Otra", email="otra@example.com")
    for _again in range(2):
        call_command("tombstones", apply=kept, stderr=StringIO())
    with tenant_scope(business.tenant.id):
        [planned] = Erasure.objects.filter(state="planned")
        assert (planned.customer_id, planned.reason) == (back.pk, "again")
    assert erasing.run_erasure(business.tenant.id, planned.pk) is True
    with tenant_scope(business.tenant.id):
        assert [str(one) for one in Customer.objects.all()] == ["Otra"]
    with pytest.raises(CommandError):
        call_command("tombstones", apply=tmp_path / "nothing")


def test_an_old_file_does_not_bring_him_back(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        customer = make_customer(email="ana@example.com")
    erasing.run_erasure(business.tenant.id, due(customer, business.tenant.id).pk)
    with tenant_scope(business.tenant.id):
        stale = Import(options={"key": "any"}, target=Import.Target.CUSTOMERS)
        people = People(stale, Actor.system(), LabelsOfImport("MX"))
        rows = [
            Row(number, addresses=[("email", mail, mail)])
            for number, mail in enumerate(("ana@example.com", "eva@example.com"))
        ]
        outcomes = [one.outcome for one in people.settle(rows, set())]
    assert outcomes == ["refused", "created"]
    assert [code for code, _column, _value in rows[0].problems] == ["erased"]
