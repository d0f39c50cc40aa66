"""What every channel with a vendor promises, by one suite: each runs against its vendor's stand-in."""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from conversations.actions import media
from conversations.actions.channels import check, create_channel
from conversations.actions.deliveries import deliver
from conversations.actions.messages import CannotSend, send_reply
from conversations.channels.base import File
from conversations.channels.registry import adapter_for
from conversations.models import Attachment, Channel, Conversation, Delivery, InboundEvent, Message
from crm.models import Customer
from tenants.scoping import tenant_scope
from tests.conversations.inbound import read_everything
from tests.factories.conversations import PNG
from tests.factories.tenants import Business
from tests.vendors.everyone import STAND_INS
from tests.vendors.stand_in import Hook, Mood, Person, Sent, StandIn, Upload

Status = Delivery.Status


@pytest.fixture(params=sorted(STAND_INS))
def vendor(request: pytest.FixtureRequest, settings: Any) -> Iterator[StandIn]:
    with STAND_INS[request.param]() as running:
        settings.OUTBOUND_ALLOWED = ["127.0.0.1/32"]
        settings.BASE_URL = "https://puente.example"
        for name, value in running.django_settings().items():
            setattr(settings, name, value)
        yield running


class Line:
    """A channel connected to a stand-in, and a customer who writes on it."""

    def __init__(self, vendor: StandIn, business: Business) -> None:
        self.vendor, self.business, self.ana = vendor, business, vendor.person("Ana Flores")
        with tenant_scope(business.tenant.id):
            self.channel = create_channel(
                kind=vendor.kind,
                name="Línea",
                by=business.actor(),
                settings=vendor.channel_settings(),
                secrets=vendor.channel_secrets(),
            )

    @property
    def can(self) -> Any:
        return adapter_for(self.vendor.kind).capabilities

    def call(self, *hooks: Hook) -> list[int]:
        """Call our webhook as the vendor does, then read what came."""
        answers = [
            Client().post(hook.path, hook.body, content_type=hook.content_type, headers=hook.headers)
            for hook in hooks
        ]
        read_everything(self.business)
        return [answer.status_code for answer in answers]

    def hears(self, text: str, *, who: Person | None = None, **more: Any) -> list[int]:
        """A customer writes now, by the vendor's clock too."""
        more.setdefault("at", time.time())
        return self.call(self.vendor.text(self.channel.pk, who or self.ana, text, **more))

    def texts(self, kind: str = "inbound") -> list[str]:
        with tenant_scope(self.business.tenant.id):
            return list(Message.objects.filter(kind=kind).in_order().values_list("text", flat=True))

    def writes(self, text: str = "Con gusto.", **more: Any) -> Delivery:
        """An agent answers the only conversation; the worker hands it over."""
        with tenant_scope(self.business.tenant.id):
            conversation = Conversation.objects.get(channel=self.channel)
            message = send_reply(conversation=conversation, text=text, by=self.business.actor(), **more)
            delivery = Delivery.objects.get(message=message)
        deliver(self.business.tenant.id, delivery.pk)
        return self.state(delivery)

    def state(self, delivery: Delivery) -> Delivery:
        with tenant_scope(self.business.tenant.id):
            found: Delivery = Delivery.objects.get(pk=delivery.pk)
            return found

    def again(self, delivery: Delivery) -> Delivery:
        """Time passes, and the sweeper rings for what waits."""
        with tenant_scope(self.business.tenant.id):
            past = timezone.now() - timedelta(seconds=1)
            Delivery.objects.filter(pk=delivery.pk).update(due_at=past)
            Channel.objects.filter(pk=self.channel.pk, paused_until__gt=past).update(paused_until=past)
        deliver(self.business.tenant.id, delivery.pk)
        return self.state(delivery)


@pytest.fixture
def line(vendor: StandIn, business: Business) -> Line:
    return Line(vendor, business)


# --- in ---


def test_text_becomes_a_message_of_a_customer(line: Line) -> None:
    assert line.hears("¿Tienen la R26? 🚲") == [200]
    with tenant_scope(line.business.tenant.id):
        message = Message.objects.get(kind="inbound")
        assert (message.text, message.conversation.channel_id) == ("¿Tienen la R26? 🚲", line.channel.pk)
        assert message.provider_id != ""
        assert Customer.objects.count() == 1
        assert abs((message.provider_at or timezone.now()) - timezone.now()) < timedelta(minutes=1)


def test_the_same_event_again_is_the_same_message(line: Line) -> None:
    hook = line.vendor.text(line.channel.pk, line.ana, "Hola", event_id="9001", at=time.time())
    assert line.call(hook, hook) == [200, 200]
    line.call(hook)
    assert line.texts() == ["Hola"]


def test_a_burst_in_wrong_order_is_one_conversation_in_the_vendors_order(line: Line) -> None:
    now = time.time()
    hooks = [
        line.vendor.text(line.channel.pk, line.ana, str(n), event_id=str(9_000 + n), at=now - 60 + 2 * n)
        for n in (2, 0, 3, 1)
    ]
    assert line.call(*hooks) == [200] * 4
    with tenant_scope(line.business.tenant.id):
        assert (Customer.objects.count(), Conversation.objects.count()) == (1, 1)
    arrives_in_order = not line.vendor.has_clock
    assert line.texts() == (["2", "0", "3", "1"] if arrives_in_order else ["0", "1", "2", "3"])


def test_forged_calls_and_calls_that_are_none_leave_nothing(line: Line) -> None:
    hook = line.vendor.text(line.channel.pk, line.ana, "Hola", at=time.time())
    refused = {
        "forged": line.vendor.forged(hook),
        "cut": hook._replace(body=hook.body[: len(hook.body) // 2]),
        "empty": hook._replace(body=b""),
        "large": hook._replace(body=hook.body + b" " * (26 << 20)),
        "stranger": hook._replace(path=hook.path.replace(str(line.channel.pk), str(uuid4()))),
    }
    answers = dict(zip(refused, line.call(*refused.values()), strict=True))
    assert answers.pop("forged") in {400, 401, 403, 404}
    assert {wrong: status for wrong, status in answers.items() if not 400 <= status < 500} == {}
    with tenant_scope(line.business.tenant.id):
        assert InboundEvent.objects.count() == 0


def test_an_unknown_kind_is_kept_and_shown(line: Line) -> None:
    assert line.call(line.vendor.odd(line.channel.pk, line.ana)) == [200]
    with tenant_scope(line.business.tenant.id):
        event = InboundEvent.objects.get()
        assert event.outcome != InboundEvent.Outcome.PENDING
        messages = Message.objects.filter(kind="inbound")
        assert [message.data.get("kind") for message in messages] in (["unknown"], [])
    assert line.hears("Y sigo") == [200]
    assert "Y sigo" in line.texts()


def test_a_file_is_fetched_from_the_vendor(line: Line) -> None:
    if not line.can.attachments:
        pytest.skip("takes no files")
    line.call(line.vendor.file(line.channel.pk, line.ana, Upload("bici.png", "image/png", PNG), text="Mira"))
    with tenant_scope(line.business.tenant.id):
        attachment = Attachment.objects.get()
    media.fetch(line.business.tenant.id, attachment.pk)
    with tenant_scope(line.business.tenant.id):
        attachment.refresh_from_db()
        with attachment.file.open() as stored:
            assert (attachment.state, stored.read()) == (Attachment.State.HERE, PNG)


# --- out ---


def test_a_reply_is_taken_once(line: Line) -> None:
    line.hears("Hola")
    delivery = line.writes("Sí, con gusto ☺")
    assert (delivery.status, delivery.reason) == (Status.SENT, "")
    deliver(line.business.tenant.id, delivery.pk)
    [sent] = line.vendor.sent
    assert ("Sí, con gusto ☺" in sent.text, delivery.provider_id) == (True, sent.id)


def test_a_file_goes_out(line: Line) -> None:
    if not line.can.attachments:
        pytest.skip("takes no files")
    line.hears("¿Foto?")
    delivery = line.writes("Aquí va", files=[File("bici.png", "image/png", PNG)])
    assert delivery.status == Status.SENT, delivery.reason
    assert any("Aquí va" in sent.text for sent in line.vendor.sent)


def test_too_long_a_text_is_refused_before_anything_is_sent(line: Line) -> None:
    line.hears("Hola")
    with pytest.raises(CannotSend):
        line.writes("x" * (line.can.text_limit + 1))
    assert line.vendor.sent == []


@pytest.mark.parametrize("mood", [Mood.THROTTLES, Mood.BREAKS])
def test_throttled_or_broken_it_waits_or_says_that_nobody_knows(line: Line, mood: Mood) -> None:
    line.hears("Hola")
    line.vendor.become(mood)
    delivery = line.writes()
    allowed = {Status.PENDING} if mood == Mood.THROTTLES else {Status.PENDING, Status.UNKNOWN}
    assert delivery.status in allowed, delivery.reason
    if mood == Mood.THROTTLES:
        assert delivery.due_at > timezone.now() + timedelta(seconds=3)
    line.vendor.calm_down()
    if delivery.status == Status.PENDING:
        assert line.again(delivery).status == Status.SENT
    assert len(line.vendor.sent) == (delivery.status == Status.PENDING)


def test_an_answer_that_never_came_is_never_sent_twice_by_itself(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.hears("Hola")
    line.vendor.become(Mood.HANGS_AFTER)
    line.vendor.hang_limit = 0.2
    delivery = line.writes()
    assert delivery.status == Status.UNKNOWN
    line.vendor.calm_down()
    deliver(line.business.tenant.id, delivery.pk)
    assert len(line.vendor.sent) == 1


def test_a_refusal_is_final_and_says_why(line: Line) -> None:
    line.hears("Hola")
    line.vendor.become(Mood.REFUSES, line.vendor.refusal_code)
    delivery = line.writes()
    assert (delivery.status, delivery.reason != "") == (Status.FAILED, True)


def test_a_dead_token_turns_the_channel_red_and_messages_wait(line: Line) -> None:
    line.hears("Hola")
    line.vendor.become(Mood.REFUSES, line.vendor.broken_code)
    delivery = line.writes()
    assert delivery.status == Status.PENDING
    with tenant_scope(line.business.tenant.id):
        line.channel.refresh_from_db()
        assert line.channel.problem != ""
    line.vendor.calm_down()
    assert line.again(delivery).status == Status.SENT
    with tenant_scope(line.business.tenant.id):
        line.channel.refresh_from_db()
        assert line.channel.problem == ""


def test_statuses_end_the_same_in_any_order(line: Line) -> None:
    line.hears("Hola")
    delivery = line.writes()
    sent = _last(line)
    hooks = {name: line.vendor.status(line.channel.pk, sent, name) for name in ("delivered", "read")}
    known = {name: hook for name, hook in hooks.items() if hook}
    line.call(*[known[name] for name in ("read", "delivered") if name in known])
    best = "read" if "read" in known else "delivered" if "delivered" in known else "sent"
    assert line.state(delivery).status == best


def test_a_failure_told_later_is_shown(line: Line) -> None:
    line.hears("Hola")
    delivery = line.writes()
    failed = line.vendor.status(line.channel.pk, _last(line), "failed")
    if failed is None:
        pytest.skip("the vendor does not tell")
    line.call(failed)
    state = line.state(delivery)
    assert (state.status, state.reason != "") == (Status.FAILED, True)


def test_a_pressed_button_is_an_answer(line: Line) -> None:
    if not line.can.buttons:
        pytest.skip("has no buttons")
    line.hears("Hola")
    buttons = [{"id": "si", "title": "Sí"}, {"id": "no", "title": "No"}]
    assert line.writes("¿La apartamos?", data={"buttons": buttons}).status == Status.SENT
    pressed = line.vendor.pressed(line.channel.pk, line.ana, _last(line), "Sí")
    assert pressed is not None
    line.call(pressed)
    with tenant_scope(line.business.tenant.id):
        choice = Message.objects.filter(kind="inbound").in_order().last()
        assert choice is not None
        assert (choice.text, choice.data["choice"]["title"]) == ("Sí", "Sí")


def test_a_closed_window_refuses_free_text(line: Line) -> None:
    if line.can.window is None:
        pytest.skip("has no window")
    long_ago = max(line.can.window, line.can.person_window or line.can.window) + timedelta(hours=1)
    line.hears("Hola", at=time.time() - long_ago.total_seconds())
    if not line.vendor.has_clock:
        with tenant_scope(line.business.tenant.id):
            Conversation.objects.update(window_ends_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(CannotSend):
        line.writes()
    assert line.vendor.sent == []


# --- the connection ---


def test_the_connection_is_tried_at_the_vendor_and_a_dead_token_found(line: Line) -> None:
    check(line.business.tenant.id, line.channel.pk)
    with tenant_scope(line.business.tenant.id):
        line.channel.refresh_from_db()
    assert [finding for finding in line.channel.findings if not finding[1]] == []
    assert line.channel.findings != []
    line.vendor.become(Mood.REFUSES, line.vendor.broken_code)
    check(line.business.tenant.id, line.channel.pk)
    with tenant_scope(line.business.tenant.id):
        line.channel.refresh_from_db()
    assert (line.channel.problem != "", line.channel.findings[-1][1]) == (True, False)


def test_secrets_are_shown_nowhere(line: Line, owner_client: Client) -> None:
    line.hears("Hola")
    line.vendor.become(Mood.REFUSES, line.vendor.broken_code)
    with suppress(CannotSend):
        line.writes()
    check(line.business.tenant.id, line.channel.pk)
    base = line.business.base
    pages = [f"{base}settings/channels/", f"{base}settings/channels/{line.channel.pk}/", f"{base}parked/"]
    shown = "".join(owner_client.get(page).content.decode() for page in pages)
    entered = {name: line.vendor.channel_secrets()[name] for name in _entered(line.vendor.kind)}
    assert [name for name, secret in entered.items() if secret and str(secret) in shown] == []


def _entered(kind: str) -> set[str]:
    """The secrets a person types; those we make are shown to be copied."""
    return set(adapter_for(kind).connection.form.secret_fields)


def _last(line: Line) -> Sent:
    return line.vendor.sent[-1]
