"""Every kind of event gives what it describes, and the same event again changes nothing."""

import json
from itertools import product
from typing import Any

from django.db import transaction

from conversations.models import Attachment, Channel, Message, Template
from tests.conversations.channels.messenger.payloads import CASES, WHOLE, message
from tests.conversations.channels.meta_line import ANA, Case, Line
from tests.vendors.messenger import PAGE


def take_twice(line: Line, payload: object) -> tuple[Any, Any]:
    """An event, and the same once more in other bytes."""
    first = line.take_in(payload)
    before = line.state()
    again = line.take_in(json.dumps(payload, indent=2).encode())
    assert line.state() == before
    return first, again


def test_each_kind_of_messaging_event(line: Line) -> None:
    for name, case in CASES.items():
        with transaction.atomic():
            payload = line.vendor.event(line.vendor.from_person(ANA, at=1_760_000_000, **case.said))
            first, again = take_twice(line, payload)
            assert (first.outcome, again.outcome) == (case.outcome, "duplicate"), name
            assert shown(line) == expected(case), name
            transaction.set_rollback(True)


def shown(line: Line) -> list[tuple[str, dict[str, Any], int]]:
    with line.scope():
        return [
            (one.text, one.data, Attachment.objects.filter(message=one).count())
            for one in Message.objects.filter(conversation__channel=line.channel, kind="inbound")
        ]


def expected(case: Case) -> list[tuple[str, dict[str, Any], int]]:
    return [(case.text, case.data, case.media)] if case.outcome == "message" else []


def test_each_kind_of_other_event(line: Line) -> None:
    for name, case in WHOLE.items():
        with transaction.atomic():
            payload = {"object": "page", "entry": [{"id": PAGE, "time": 1_760_000_000, **case.said}]}
            first, again = take_twice(line, payload)
            assert (first.outcome, again.outcome) == (case.outcome, "duplicate"), name
            assert shown(line) == [], name
            transaction.set_rollback(True)


def test_message_is_of_its_sender_at_the_vendors_time(line: Line) -> None:
    line.says("Hola", at=1_760_000_000.5)
    with line.scope():
        got = Message.objects.get()
        identity = got.conversation.identity
        assert identity is not None
        assert (identity.kind, identity.value, identity.is_verified) == ("messenger", ANA.address, True)
        assert got.provider_at is not None
        assert got.provider_at.timestamp() == 1_760_000_000.5


def test_reaction_edit_and_removal_change_their_message_in_any_order(line: Line) -> None:
    """…/message-reactions, …/message-edits; is_deleted as …/instagram-messaging/webhooks has it."""
    person = line.vendor.from_person
    events = [
        person(ANA, at=1_760_000_001, message_edit={"mid": "m_1", "text": "Holas", "num_edit": 1}),
        person(ANA, at=1_760_000_002, reaction={"mid": "m_1", "action": "react", "emoji": "❤"}),
        person(ANA, at=1_760_000_000, message={"mid": "m_1", "text": "Hola"}),
    ]
    for event in events:
        take_twice(line, line.vendor.event(event))
    with line.scope():
        got = Message.objects.get()
        assert (got.text, got.data["reactions"]) == ("Holas", {"customer": "❤"})
    unreact = person(ANA, at=1_760_000_003, reaction={"mid": "m_1", "action": "unreact"})
    take_twice(line, line.vendor.event(unreact))
    take_twice(
        line, line.vendor.event(person(ANA, at=1_760_000_004, message={"mid": "m_1", "is_deleted": True}))
    )
    with line.scope():
        got = Message.objects.get()
        assert (got.text, "reactions" in got.data, "removed" in got.data) == ("", False, True)


def test_policy_turns_the_channel_red_and_its_end_green(line: Line) -> None:
    for action, is_red in (("block", True), ("unblock", False)):
        said: dict[str, Any] = {"policy_enforcement": {"action": action, "reason": "Spam"}}
        line.take_in(line.vendor.event(line.vendor.from_person(ANA, **said)))
        with line.scope():
            assert bool(Channel.objects.get(pk=line.channel.pk).problem) is is_red


def test_template_is_kept_as_the_vendor_judged_it(line: Line) -> None:
    line.take_in({"entry": [{"id": PAGE, "time": 1, **WHOLE["template"].said}]})
    with line.scope():
        assert list(Template.objects.values_list("name", "language", "status")) == [
            ("pedido", "es", "approved")
        ]


def test_one_bad_part_of_a_batch_spoils_nothing(line: Line) -> None:
    nobody = {"recipient": {"id": PAGE}, "timestamp": 1, "message": {"mid": "m_n", "text": "?"}}
    good = line.vendor.from_person(ANA, **message(text="Bien"))
    assert line.take_in(line.vendor.event(nobody, good)).outcome == "message"
    assert [text for text, _data, _files in shown(line)] == ["Bien"]


SAYS_NOTHING: list[dict[str, Any]] = [
    {},
    {"entry": []},
    {"entry": [{"messaging": [{}]}]},
    {"entry": [{"messaging": [{"message": {"text": "x"}}]}]},
    {"entry": [{"messaging": [{"message": {"mid": "m", "text": "\x00"}, "sender": {"id": []}}]}]},
    {"entry": [{"changes": [{"field": "feed", "value": {"item": "comment"}}]}]},
    {"entry": [{"messaging": [{"read": {}, "sender": {"id": "1"}}]}]},
    {"entry": [{"messaging": [{"reaction": {}, "sender": {"id": "1"}}]}]},
]


def test_what_says_nothing_is_parked(line: Line) -> None:
    assert [payload for payload in SAYS_NOTHING if line.take_in(payload).outcome != "parked"] == []


def test_any_type_in_any_field_is_no_error(line: Line) -> None:
    fields = ["mid", "text", "attachments", "quick_reply", "reply_to", "referral"]
    values: list[object] = [None, 1, "x", [], {}, True, -1, 1e400, "\x00", "ñ" * 3_000]
    wrong = []
    for number, (field, value) in enumerate(product(fields, values)):
        said: dict[str, Any] = {"message": {"mid": f"m_{number}", "text": "Hola", field: value}}
        outcome = line.take_in(line.vendor.event(line.vendor.from_person(ANA, **said))).outcome
        if outcome not in {"message", "parked"}:
            wrong.append((field, value, outcome))
    assert wrong == []
