"""Writing down who a customer is: what each act changes, tells and leaves alone."""

from datetime import UTC, datetime, timedelta

import pytest

from crm.actions.customers import (
    InvalidAttributes,
    add_identity,
    add_label,
    add_note,
    create_customer,
    plain_attributes,
    record_contact,
    remove_identity,
    remove_label,
    set_labels,
    update_customer,
)
from crm.identities import resolve
from crm.models import TimelineEntry
from tenants.kit import events, valkey
from tenants.models import AuditEvent
from tenants.scoping import tenant_scope
from tests.factories.crm import kinds_of, make_customer, make_label
from tests.factories.tenants import Business, make_business


def test_name_given_by_a_person_is_confirmed(scope: Business) -> None:
    customer = create_customer(
        name="  Ana \n Flores ", addresses=[("email", "ana@example.com")], by=scope.actor()
    )
    assert (customer.name, customer.name_confirmed) == ("Ana Flores", True)
    assert resolve(kind="email", raw="ana@example.com", name="anita")[0].name == "Ana Flores"


def test_emptied_name_may_be_filled_by_a_channel(scope: Business) -> None:
    customer = create_customer(name="Ana", addresses=[("email", "ana@example.com")], by=scope.actor())
    update_customer(customer=customer, name="", by=scope.actor())
    assert resolve(kind="email", raw="ana@example.com", name="Ana F.")[0].name == "Ana F."


def test_update_reads_what_is_there_now(scope: Business) -> None:
    stale = make_customer("Ana", attributes={"talla": "M"})
    update_customer(customer=stale, attributes={"color": "rojo"}, by=scope.actor())
    changed = update_customer(customer=stale, attributes={"rodada": 29}, by=scope.actor())
    assert changed.attributes == {"talla": "M", "color": "rojo", "rodada": 29}


@pytest.mark.parametrize(
    "wrong", [{"a": []}, {"a": {}}, {"": "x"}, {"  ": "x"}, {str(n): 1 for n in range(101)}]
)
def test_attributes_that_cannot_be_kept(wrong: dict) -> None:
    with pytest.raises(InvalidAttributes):
        plain_attributes(wrong)


def test_attributes_are_cleaned() -> None:
    assert plain_attributes({" ta\nlla ": "M\x00", "vacío": "", "nada": None, "cero": 0}) == {
        "ta lla": "M",
        "cero": 0,
    }


def test_address_he_has_already_leaves_no_trace(scope: Business) -> None:
    customer = make_customer("Ana", phone="33 1234 5678")
    add_identity(customer=customer, kind="phone", raw="5213312345678", by=scope.actor())
    assert kinds_of(customer) == []


def test_removed_address_is_audited_and_free(scope: Business) -> None:
    ana, luis = make_customer("Ana", phone="33 1234 5678"), make_customer("Luis")
    remove_identity(identity=ana.identities.get(), by=scope.actor())
    add_identity(customer=luis, kind="phone", raw="33 1234 5678", by=scope.actor())
    event = AuditEvent.objects.get(action="identity.removed")
    assert (event.target_id, event.actor_label, event.details) == (
        ana.id,
        "Olga Dueña",
        {"kind": "phone", "display": "+52 33 1234 5678"},
    )
    assert kinds_of(ana) == ["customer"]


def test_long_note_is_shortened_in_the_history_only(scope: Business) -> None:
    customer = make_customer("Ana")
    note = add_note(customer=customer, body="palabra " * 200, by=scope.actor(scope.agent))
    entry = TimelineEntry.objects.get()
    assert len(note.body) == 1599
    assert (len(entry.data["text"]), entry.data["text"][-1]) == (280, "…")
    assert (note.author_id, note.author_label) == (scope.agent.id, "Aldo Agente")


def test_labels(scope: Business) -> None:
    customer = make_customer("Ana")
    vip, taller = make_label("VIP"), make_label("Taller")
    by = scope.actor()

    def names() -> list[str]:
        return [label.name for label in customer.labels.all()]

    add_label(customer=customer, label=vip, by=by)
    add_label(customer=customer, label=vip, by=by)
    assert names() == ["VIP"]
    set_labels(customer=customer, labels=[taller, vip], by=by)
    assert names() == ["Taller", "VIP"]
    set_labels(customer=customer, labels=[taller], by=by)
    assert names() == ["Taller"]
    remove_label(customer=customer, label=taller, by=by)
    remove_label(customer=customer, label=taller, by=by)
    assert names() == []


def test_contact_is_kept_by_the_latest(scope: Business) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    customer = make_customer("Ana", last_contact_at=now)
    record_contact(customer_id=customer.id, at=now, channel="web")
    record_contact(customer_id=customer.id, at=now - timedelta(hours=1), channel="email")
    customer.refresh_from_db()
    assert (customer.last_contact_at, customer.last_contact_channel) == (now, "web")
    record_contact(customer_id=customer.id, at=now + timedelta(hours=1), channel="email")
    customer.refresh_from_db()
    assert customer.last_contact_channel == "email"


@pytest.mark.django_db(transaction=True)
def test_open_pages_are_told_after_commit() -> None:
    business = make_business()
    with tenant_scope(business.tenant.id):
        customer = create_customer(name="Ana", by=business.actor())
        stream = events.stream_key(business.tenant.id)
        assert valkey.client().xlen(stream) == 0
    told = [fields for _id, fields in valkey.client().xrange(stream)]
    assert [(fields["kind"], fields["data"]) for fields in told] == [
        ("customer", f'{{"id": "{customer.id}"}}')
    ]
