"""Every kind of Instagram's events gives what it describes, and the same event again changes nothing."""

import json
from typing import Any

import pytest
from django.db import transaction

from conversations.models import Attachment, Conversation, Message
from tests.conversations.channels.instagram.payloads import CASES
from tests.conversations.channels.meta_line import ANA, Line
from tests.vendors.instagram import ACCOUNT


def take_twice(line: Line, payload: object) -> Any:
    """An event, and the same once more in other bytes; returns how the first ended."""
    first = line.take_in(payload)
    before = line.state()
    assert line.take_in(json.dumps(payload, indent=2).encode()).outcome == "duplicate"
    assert line.state() == before
    return first


@pytest.mark.parametrize("vendor", [False], indirect=True, ids=["own_login"])
def test_each_kind_of_event(line: Line) -> None:
    for name, case in CASES.items():
        with transaction.atomic():
            payload = line.vendor.event(line.vendor.from_person(ANA, at=1_760_000_000, **case.said))
            assert take_twice(line, payload).outcome == case.outcome, name
            with line.scope():
                got = [
                    (one.text, one.data, Attachment.objects.filter(message=one).count())
                    for one in Message.objects.filter(conversation__channel=line.channel, kind="inbound")
                ]
            assert got == ([(case.text, case.data, case.media)] if case.outcome == "message" else []), name
            transaction.set_rollback(True)


def test_reaction_removal_and_reading(line: Line) -> None:
    line.says("Hola")
    row = line.send("Hola, Ana")
    event, person = line.vendor.event, line.vendor.from_person
    take_twice(line, event(person(ANA, reaction={"mid": row.provider_id, "action": "react", "emoji": "❤️"})))
    take_twice(line, event(person(ANA, read={"mid": row.provider_id})))
    take_twice(line, event(person(ANA, message={"mid": "m_in.1", "is_deleted": True})))
    assert line.fresh(row).status == "read"
    with line.scope():
        theirs, ours = Message.objects.filter(kind__in=["inbound", "outbound"]).order_by("id")
        assert ("removed" in theirs.data, ours.data["reactions"]) == (True, {"customer": "❤️"})


def test_message_in_the_dress_of_a_change(line: Line) -> None:
    """instagram-platform/webhooks/examples: the field and its value may stand in the entry itself."""
    item = line.vendor.from_person(ANA, message={"mid": "m_1", "text": "Hola"})
    entry = {"id": ACCOUNT, "time": 1, "field": "messages", "value": item}
    assert take_twice(line, {"object": "instagram", "entry": [entry]}).outcome == "message"
    with line.scope():
        assert Message.objects.get().text == "Hola"


@pytest.mark.parametrize("nested", [True, False])
@pytest.mark.parametrize("field", ["comments", "live_comments"])
def test_comment_lies_in_one_thread_with_the_persons_messages(line: Line, nested: bool, field: str) -> None:
    line.says("Hola")
    value = {
        "id": "17900001",
        "from": {"id": ANA.address, "username": "ana.rios"},
        "text": "¿Precio?",
        "media": {"id": "178", "media_product_type": "FEED"},
        "parent_id": "17900000",
    }
    change = {"field": field, "value": value}
    entry = {"id": ACCOUNT, "time": 1_760_000_000} | ({"changes": [change]} if nested else change)
    assert take_twice(line, {"object": "instagram", "entry": [entry]}).outcome == "message"
    with line.scope():
        assert Conversation.objects.count() == 1
        got = Message.objects.get(text="¿Precio?")
        assert got.data["comment"] == {"id": "17900001", "post": "178", "parent": "17900000"}
        assert got.conversation.customer.name == "ana.rios"
