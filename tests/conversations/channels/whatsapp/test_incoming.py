"""What no recorded event shows: batches, people without a number, groups, codes, and broken events."""

import json
import random
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import translation

from conversations.channels.base import (
    AddressChange,
    ChannelNews,
    Ignored,
    Inbound,
    InboundChange,
    InboundEcho,
    InboundMessage,
    InboundStatus,
    Unreadable,
)
from conversations.channels.whatsapp import errors
from conversations.models import Channel, Conversation, Message, Template
from conversations.reasons import shown
from crm.models import Customer, Identity
from tenants.scoping import tenant_scope
from tests.conversations.channels.whatsapp.channel import Number, event, payloads, says
from tests.factories.tenants import Business

USER = "MX.13491208655302741918"


@pytest.fixture
def number(business: Business) -> Number:
    return Number(business)


def failed(code: object, **error: Any) -> dict[str, Any]:
    """A status that says why a message failed."""
    return {"id": "wamid.9", "status": "failed", "timestamp": "1", "errors": [{"code": code, **error}]}


def only(items: list[Inbound]) -> Inbound:
    assert len(items) == 1
    return items[0]


def test_batch_comes_in_the_order_of_the_vendors_clock(number: Number) -> None:
    number.take_in(event(says("Dos", "b", 1_760_000_002), says("Uno", "a", 1_760_000_001)))
    number.take_in(event(says("Tres", "c", 1_760_000_003)))
    with tenant_scope(number.business.tenant.id):
        assert [message.text for message in Message.objects.in_order()] == ["Uno", "Dos", "Tres"]
        assert Conversation.objects.count() == Customer.objects.count() == 1


def test_person_without_a_number_is_known_by_his_user_id(number: Number) -> None:
    contact = {"profile": {"name": "", "username": "ana.ruiz"}, "user_id": USER}
    item = only(number.parse(event(says("Hola", from_user_id=USER), contacts=[contact])))
    assert isinstance(item, InboundMessage)
    assert (item.identity_kind, item.identity, item.name, item.aliases) == (
        "whatsapp",
        USER,
        "ana.ruiz",
        (),
    )


def test_person_who_hides_his_number_later_stays_one_customer(number: Number) -> None:
    contact = {"wa_id": "5213312345678", "user_id": USER, "profile": {"name": "Ana"}}
    number.take_in(event(says("Uno"), contacts=[contact]))
    number.take_in(event(says("Dos", "wamid.2", from_user_id=USER), contacts=[{"user_id": USER}]))
    with tenant_scope(number.business.tenant.id):
        assert Customer.objects.get().name == "Ana"
        kinds = set(Identity.objects.values_list("kind", "value"))
    assert kinds >= {("whatsapp", "+523312345678"), ("whatsapp", USER)}


def test_short_number_keeps_its_country(number: Number) -> None:
    item = only(number.parse(event(says("Halló", **{"from": "3545812345"}))))
    assert isinstance(item, InboundMessage)
    assert (item.identity, item.aliases) == ("+3545812345", (("phone", "+3545812345"),))


def test_groups_are_ignored(number: Number) -> None:
    item = only(number.parse(event(says("Hola", group_id="G1"))))
    assert item == Ignored("status", "Messages in groups are not taken in.", "wamid.1")
    number.take_in(event(says("Hola", group_id="G1")))
    with tenant_scope(number.business.tenant.id):
        assert Message.objects.count() == 0


def test_unknown_kind_is_said_in_the_business_language_and_the_event_stays(number: Number) -> None:
    taken = number.take_in(event({"id": "wamid.1", "from": "5213312345678", "type": "hologram"}))
    assert taken.outcome == "message"
    assert b"hologram" in bytes(taken.body)
    with tenant_scope(number.business.tenant.id):
        message = Message.objects.get()
        with translation.override(number.business.tenant.language):
            assert message.text == translation.gettext("A message of a kind we don't know yet.")
        assert message.data["kind"] == "unknown"


def test_one_bad_item_spoils_nothing_of_the_rest(number: Number) -> None:
    bad = [
        {"type": "text", "text": {"body": "sin id"}, "from": "5213312345678"},
        says("¿?", "x", **{"from": "<>"}),
    ]
    taken = number.take_in(event(*bad, says("Buena", "wamid.5")))
    assert taken.outcome == "message"
    with tenant_scope(number.business.tenant.id):
        assert Message.objects.get().text == "Buena"


def test_event_with_nothing_readable_is_parked_and_can_be_replayed(number: Number) -> None:
    assert number.take_in(event(says("¿?", "x", **{"from": "<>"}))).reason == (
        "The sender's address is none that one could answer."
    )
    for payload, reason in (
        ({"entry": []}, "WhatsApp sent an event without content."),
        (event(), "WhatsApp sent an event without content."),
        (
            {"entry": [{"changes": [{"field": "telepathy", "value": {}}]}]},
            "WhatsApp sent an event of a kind we don't know yet: telepathy",
        ),
    ):
        taken = number.take_in(payload)
        assert (taken.outcome, taken.reason) == ("parked", reason)


def test_recognised_events_without_use_are_no_riddles(number: Number) -> None:
    payload = {"entry": [{"changes": [{"field": "smb_app_state_sync", "value": {"state_sync": []}}]}]}
    assert number.take_in(payload).outcome == "status"


def test_status_brings_back_our_reference(number: Number) -> None:
    ours = uuid4()
    said = {"id": "wamid.9", "status": "delivered", "timestamp": "1760000000"}
    item = only(number.parse(event(statuses=[{**said, "biz_opaque_callback_data": str(ours)}])))
    assert item == InboundStatus(
        "wamid.9", "delivered", delivery_id=ours, at=datetime.fromtimestamp(1_760_000_000, UTC)
    )


def test_status_that_changes_nothing_is_ignored(number: Number) -> None:
    item = only(number.parse(event(statuses=[{"id": "wamid.9", "status": "warning"}])))
    assert item == Ignored(
        "status", "WhatsApp told of a status that changes nothing: warning", "wamid.9:warning"
    )


def test_every_known_code_is_a_sentence_in_three_languages(number: Number) -> None:
    for code in errors.PROBLEMS:
        item = only(number.parse(event(statuses=[failed(code)])))
        assert isinstance(item, InboundStatus), code
        assert (item.status, item.outcome) == ("failed", "delivery_failure"), code
        said = set()
        for language in ("en", "es", "pt-br"):
            with translation.override(language):
                said.add(shown(item.reason))
        assert len(said) == 3, code
        assert all(sentence.endswith(".") for sentence in said), code


def test_unknown_code_keeps_the_vendors_words(number: Number) -> None:
    item = only(
        number.parse(event(statuses=[failed(139_999, title="New", error_data={"details": "Why\x00"})]))
    )
    assert isinstance(item, InboundStatus)
    assert item.reason == "WhatsApp refused the message: Why (139999)"
    with translation.override("es"):
        assert shown(item.reason).endswith(": Why (139999)")


def test_error_of_the_account_turns_the_channel_red(number: Number) -> None:
    number.take_in(event(errors=[{"code": 131031}]))
    with tenant_scope(number.business.tenant.id):
        assert "locked" in Channel.objects.get(pk=number.channel.pk).problem


def test_template_news_keep_a_template(number: Number) -> None:
    for name in ("template_status_update.approved", "template_quality_update.yellow"):
        number.take_in(payloads()[name])
    with tenant_scope(number.business.tenant.id):
        kept = set(Template.objects.values_list("name", "language", "status", "quality"))
    assert kept == {
        ("order_confirmation", "en_US", "approved", ""),
        ("welcome_template", "en_US", "pending", "yellow"),
    }


def test_echo_is_an_answer_in_the_customers_conversation(number: Number) -> None:
    number.take_in(event(says("¿Abren hoy?")))
    echo = {**says("Sí", "wamid.e"), "from": "523300000000", "to": "5213312345678"}
    number.take_in(event(message_echoes=[echo]))
    with tenant_scope(number.business.tenant.id):
        assert list(Message.objects.in_order().values_list("kind", "text")) == [
            ("inbound", "¿Abren hoy?"),
            ("outbound", "Sí"),
        ]
        assert Conversation.objects.get().status == "waiting"


def test_changed_user_id_is_a_new_address(number: Number) -> None:
    system = {"type": "user_changed_user_id", "user_id": "MX.2"}
    item = only(number.parse(event({"id": "w", "from_user_id": USER, "type": "system", "system": system})))
    assert item == AddressChange("w", "whatsapp", USER, "MX.2")


KEEPERS = (InboundMessage, InboundStatus, InboundEcho, InboundChange, AddressChange, ChannelNews, Ignored)
ODD: list[Any] = [
    None,
    True,
    -1,
    10**400,
    1e308,
    "",
    "\x00",
    "\ud800",
    [],
    {},
    [[]],
    {"id": []},
    "9" * 400,
    0.5,
]


def spoil(value: Any, chance: random.Random) -> Any:
    """The same JSON with something in it that nobody expects."""
    if chance.random() < 0.08:
        return chance.choice(ODD)
    if isinstance(value, dict):
        return {name: spoil(part, chance) for name, part in value.items() if chance.random() > 0.04}
    return [spoil(part, chance) for part in value] if isinstance(value, list) else value


def spoilt(chance: random.Random) -> list[dict[str, Any]]:
    """Every recorded event with something wrong in it."""
    return [{**payload, "entry": spoil(payload["entry"], chance)} for payload in payloads().values()]


def test_spoilt_events_are_read_or_unreadable_and_never_break(number: Number) -> None:
    chance = random.Random(7)
    read = unreadable = 0
    with tenant_scope(number.business.tenant.id):
        assert number.channel.tenant.language
    for _round in range(40):
        for payload in spoilt(chance):
            try:
                items = number.parse(payload)
            except Unreadable:
                unreadable += 1
                continue
            assert items
            for item in items:
                assert isinstance(item, KEEPERS)
                assert item.provider_id
                kept = json.dumps(getattr(item, "data", {}), ensure_ascii=False, allow_nan=False)
                assert "\x00" not in kept
                kept.encode()
            read += 1
    assert min(read, unreadable) > 500


def test_spoilt_events_end_somewhere(number: Number) -> None:
    chance = random.Random(11)
    ends = {number.take_in(payload).outcome for payload in spoilt(chance)}
    assert ends <= {"message", "status", "delivery_failure", "duplicate", "parked"}


def test_our_reference_is_a_uuid_or_nothing(number: Number) -> None:
    for value, expected in ((str(UUID(int=7)), UUID(int=7)), ("some data", None), (None, None), (7, None)):
        said = {"id": "w", "status": "sent", "biz_opaque_callback_data": value}
        item = only(number.parse(event(statuses=[said])))
        assert isinstance(item, InboundStatus)
        assert item.delivery_id == expected
