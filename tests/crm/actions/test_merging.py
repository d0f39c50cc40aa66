"""One customer out of two, and two again; what joins by itself and what is only suggested."""

from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from conversations.actions.messages import receive
from conversations.actions.outbound import start_conversation
from conversations.channels.base import InboundMessage
from conversations.models import Conversation
from crm import likeness
from crm.actions.customers import add_identity, add_note, update_customer
from crm.actions.merging import (
    CannotMergeCustomers,
    CannotPart,
    ask_again,
    merge_customers,
    say_different,
    say_same,
    tables,
    undo_merge,
)
from crm.identities import owner_of
from crm.models import Customer, CustomerLabel, CustomerMerge, Identity, Likeness, TimelineEntry
from tenants.models import AuditEvent
from tests.factories.conversations import make_channel, make_conversation
from tests.factories.crm import make_customer, make_label, make_order
from tests.factories.tenants import Business


def write(kind: str, value: str, *, channel: str = "web", **fields: Any) -> Conversation:
    """A message from an address, whatever channel brings it."""
    item = InboundMessage(
        provider_id=uuid4().hex,
        identity_kind=kind,
        identity=value,
        identity_verified=True,
        **{"text": "Hola", **fields},
    )
    return receive(channel=make_channel(channel), item=item).conversation


def everything() -> dict[str, Any]:
    """Every row of a customer's, with whose it is."""
    found = {one.name: sorted(one.rows().values_list("pk", one.field)) for one in tables()}
    names = ("pk", "name", "company", "attributes", "last_contact_at", "merged_into")
    return found | {"customers": sorted(Customer.objects.values_list(*names), key=lambda row: row[0])}


def two(scope: Business) -> tuple[Customer, Customer]:
    """Ana by mail with an order, and somebody in the chat with labels and a note."""
    mail = make_conversation("Hola", address="ana@example.com", name="Ana Flores").customer
    chat = make_conversation("Hola", kind="web", name="ana").customer
    make_order(mail)
    both, one = make_label("VIP"), make_label("Taller")
    CustomerLabel.objects.create(customer=mail, label=both)
    CustomerLabel.objects.create(customer=chat, label=both)
    CustomerLabel.objects.create(customer=chat, label=one)
    add_note(customer=chat, body="Pregunta mucho", by=scope.actor())
    update_customer(customer=chat, company="Talleres Flores", attributes={"talla": "M"}, by=scope.actor())
    return mail, chat


def test_merge_gives_everything_to_one(scope: Business) -> None:
    mail, chat = two(scope)
    merge_customers(source=chat, target=mail, by=scope.actor())
    mail.refresh_from_db()
    assert (mail.name, mail.company, mail.attributes) == ("Ana Flores", "Talleres Flores", {"talla": "M"})
    assert sorted(mail.identities.values_list("kind", flat=True)) == ["email", "web"]
    assert Conversation.objects.filter(customer=mail).count() == 2
    assert sorted(mail.labels.values_list("name", flat=True)) == ["Taller", "VIP"]
    assert not TimelineEntry.objects.filter(customer=chat).exists()
    assert AuditEvent.objects.filter(action="customer.merged").count() == 1


def test_undo_restores_both_exactly(scope: Business) -> None:
    mail, chat = two(scope)
    before = everything()
    made = merge_customers(source=chat, target=mail, by=scope.actor())
    assert everything() != before
    undo_merge(made=made, by=scope.actor())
    assert everything() == before


def test_what_came_since_goes_with_its_address(scope: Business) -> None:
    mail, chat = two(scope)
    visitor = chat.identities.get(kind="web").value
    made = merge_customers(source=chat, target=mail, by=scope.actor())
    later = write("web", visitor, text="Desde el chat")
    assert later.customer_id == mail.pk
    order = make_order(mail, "B-2")
    undo_merge(made=made, by=scope.actor())
    later.refresh_from_db()
    order.refresh_from_db()
    assert (later.customer_id, order.customer_id) == (chat.pk, mail.pk)
    told = TimelineEntry.objects.filter(data__text="Desde el chat")
    assert [entry.customer_id for entry in told] == [chat.pk]


def test_what_was_changed_since_stays(scope: Business) -> None:
    mail, chat = two(scope)
    made = merge_customers(source=chat, target=mail, by=scope.actor())
    update_customer(customer=mail, company="Otra", by=scope.actor())
    undo_merge(made=made, by=scope.actor())
    mail.refresh_from_db()
    assert mail.company == "Otra"


def test_merge_and_undo_are_refused_where_they_make_no_sense(scope: Business) -> None:
    mail, chat = two(scope)
    with pytest.raises(CannotMergeCustomers):
        merge_customers(source=mail, target=mail, by=scope.actor())
    made = merge_customers(source=chat, target=mail, by=scope.actor())
    with pytest.raises(CannotMergeCustomers):
        merge_customers(source=chat, target=mail, by=scope.actor())
    CustomerMerge.objects.update(made_at=timezone.now() - timedelta(days=31))
    with pytest.raises(CannotPart):
        undo_merge(made=made, by=scope.actor())
    CustomerMerge.objects.update(made_at=timezone.now())
    undo_merge(made=made, by=scope.actor())
    with pytest.raises(CannotPart):
        undo_merge(made=made, by=scope.actor())


# --- what joins, and what is only suggested ---


def test_a_typed_address_joins_nobody_in_either_order(scope: Business) -> None:
    first = write("web", str(uuid4()), also=(("email", "ana@example.com"),)).customer
    assert [(one.value, one.is_claimed) for one in first.identities.filter(kind="email")] == [
        ("ana@example.com", True)
    ]
    owner = write("email", "ana@example.com", channel="email").customer
    third = write("web", str(uuid4()), also=(("email", "ANA@example.com"),)).customer
    assert len({first.pk, owner.pk, third.pk}) == 3
    assert {one.other.pk for one in likeness.of_customer(owner)} == {first.pk, third.pk}
    assert owner_of("email", "ana@example.com") == owner
    assert [one.customer_id for one in Identity.objects.filter(kind="email")] == [owner.pk]


def test_a_vouched_address_joins_and_can_be_undone(scope: Business) -> None:
    phone = write("whatsapp", "5213312345678").customer
    telegram = write("telegram", "777").customer
    joined = write("telegram", "777", aliases=(("phone", "+523312345678"),)).customer
    assert joined == phone
    telegram.refresh_from_db()
    assert telegram.merged_into_id == phone.pk
    undo_merge(made=CustomerMerge.objects.get(), by=scope.actor())
    assert write("telegram", "777").customer_id == telegram.pk


def test_told_apart_stays_apart(scope: Business) -> None:
    phone = write("whatsapp", "5213312345678").customer
    telegram = write("telegram", "777", also=(("phone", "+523312345678"),)).customer
    [suggestion] = likeness.of_customer(phone)
    pair = Likeness.objects.get(pk=suggestion.id)
    say_different(pair=pair, by=scope.actor())
    assert likeness.of_customer(phone) == []
    assert write("telegram", "777", aliases=(("phone", "+523312345678"),)).customer_id == telegram.pk
    write("telegram", "777", also=(("phone", "+523312345678"),))
    assert likeness.of_customer(phone) == []
    ask_again(pair=pair, by=scope.actor())
    made = say_same(pair=pair, by=scope.actor())
    assert (made.source_id, made.target_id) == (telegram.pk, phone.pk)
    undo_merge(made=made, by=scope.actor())
    assert [one.other for one in likeness.of_customer(phone)] == [telegram]


def test_a_colleague_who_writes_to_a_claimed_address_takes_it_for_his(scope: Business) -> None:
    customer = write("web", str(uuid4()), also=(("email", "ana@example.com"),)).customer
    identity = customer.identities.get(kind="email")
    start_conversation(
        channel=make_channel("email"), identity=identity, subject="", text="Hola", by=scope.actor()
    )
    assert write("email", "ana@example.com", channel="email").customer_id == customer.pk


def test_a_colleague_who_enters_a_claimed_address_gets_it(scope: Business) -> None:
    claims = write("web", str(uuid4()), also=(("phone", "33 1234 5678"),)).customer
    owner = make_customer("Luis")
    add_identity(customer=owner, kind="phone", raw="33 1234 5678", by=scope.actor())
    assert owner_of("phone", "+523312345678") == owner
    assert [one.other for one in likeness.of_customer(owner)] == [claims]


def test_same_name_and_order_or_city_is_suggested(scope: Business) -> None:
    known = make_customer("María Hernández", email="maria@example.com")
    make_order(known, number="P-10023")
    text = "Mi pedido P-10023 no llega"
    newcomer = write("web", str(uuid4()), name="Maria Hernandez", text=text).customer
    [suggestion] = likeness.of_customer(newcomer)
    assert (suggestion.other, suggestion.reasons) == (
        known,
        [{"why": "same_name_and_order", "value": "P-10023"}],
    )
    other = write("web", str(uuid4()), name="Maria Hernandez", text="Hola").customer
    assert likeness.of_customer(other) == []


def test_a_profile_name_never_replaces_what_a_person_entered(scope: Business) -> None:
    first = write("telegram", "777", name="anita_99").customer
    update_customer(customer=first, name="Ana Flores", by=scope.actor())
    assert write("telegram", "777", name="Otra").customer.name == "Ana Flores"
    phone = write("whatsapp", "5213312345678", name="~ana~").customer
    write("telegram", "777", aliases=(("phone", "+523312345678"),))
    survivor = likeness.stands_for(Customer.objects.get(pk=phone.pk))
    assert survivor.name == "Ana Flores"


OTHER_VISITOR = "6f7b0a5e-0000-4000-8000-000000000002"
EVENTS = (
    {"kind": "whatsapp", "value": "5213312345678"},
    {"kind": "telegram", "value": "777", "aliases": (("phone", "+523312345678"),)},
    {"kind": "web", "value": "6f7b0a5e-0000-4000-8000-000000000001", "also": (("phone", "33 1234 5678"),)},
    {"kind": "email", "value": "ana@example.com", "channel": "email"},
    {"kind": "web", "value": OTHER_VISITOR, "aliases": (("email", "ana@example.com"),)},
)  # fmt: skip


ORDERS = list(permutations(range(len(EVENTS))))[::7]
QUICK = ORDERS[::4]  # the others are looked at by `make test-slow`


@pytest.mark.parametrize(
    "order",
    [pytest.param(one, marks=[] if one in QUICK else pytest.mark.slow, id=str(one)) for one in ORDERS],
)
def test_any_order_gives_the_same_customers(scope: Business, order: tuple[int, ...]) -> None:
    for number in (*order, *order[:2]):
        write(**EVENTS[number])
    groups: dict[Any, set[str]] = {}
    for identity in Identity.objects.filter(is_claimed=False):
        groups.setdefault(identity.customer_id, set()).add(f"{identity.kind}:{identity.value[-6:]}")
    assert sorted(map(sorted, groups.values())) == [
        ["email:le.com", "web:000002"],
        ["phone:345678", "telegram:777", "whatsapp:345678"],
        ["web:000001"],
    ]
    pairs = {frozenset({one.first_id, one.second_id}) for one in Likeness.objects.all()}
    apart = {likeness.stands_for(Customer.objects.get(pk=pk)).pk for pair in pairs for pk in pair}
    assert len(apart) == 2
