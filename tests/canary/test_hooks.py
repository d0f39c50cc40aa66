"""What vendors tell: every address of a channel answers, and what is signed and odd is kept and read."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from random import Random
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from django.core import signing
from django.db import transaction
from django.test import Client

from conversations.actions import inbound
from conversations.actions.channels import create_channel
from conversations.channels.media_out import SALT
from conversations.channels.meta.signature import sign
from conversations.models import Channel, InboundEvent, Message
from tenants.kit import valkey
from tenants.scoping import tenant_scope, uuid7
from tests.canary import odd
from tests.canary.conftest import World
from tests.canary.odd import Knock
from tests.canary.test_odd_input import draw, failures, nobody
from tests.canary.world import Side
from tests.factories.conversations import PNG
from tests.guards.addresses import Address, addresses
from tests.vendors import meta, whatsapp
from tests.vendors.everyone import STAND_INS
from tests.vendors.serve import Control
from tests.vendors.stand_in import Hook, Sent, StandIn, Upload
from tests.vendors.twilio import Twilio

ADDRESSES = [a for a in addresses() if a.name.startswith("channels:")]
LIVE = "channels:web-events"  # a stream: it is answered by the live process
APP_SECRETS = {"whatsapp": whatsapp.APP_SECRET, "messenger": meta.APP_SECRET, "instagram": meta.APP_SECRET}


def connected(side: Side, vendor: StandIn) -> Channel:
    """A channel of a business at a vendor; the same account for whoever asks."""
    with tenant_scope(side.id):
        return create_channel(
            kind=vendor.kind,
            name=side.word,
            by=side.business.actor(),
            settings=vendor.channel_settings(),
            secrets=vendor.channel_secrets(),
        )


LIKE_ANOTHER = {"messenger": "instagram", "twilio_whatsapp": "sms"}  # one protocol: for the slow suite


@pytest.fixture(params=[
    pytest.param(kind, marks=[pytest.mark.slow] if kind in LIKE_ANOTHER else []) for kind in sorted(STAND_INS)
])  # fmt: skip
def vendor(request: pytest.FixtureRequest, settings: Any) -> Iterator[StandIn]:
    with STAND_INS[request.param]() as running:
        for name, value in running.django_settings().items():
            setattr(settings, name, value)
        yield running


# --- every address, with whatever ---


@pytest.mark.parametrize("address", [a for a in ADDRESSES if a.name != LIVE], ids=lambda a: a.name)
def test_address_of_a_channel_answers(world: World, address: Address) -> None:
    """Unsigned, unread, unknown: with a channel of that kind and with none."""
    kind = address.name.removeprefix("channels:").split("-")[0]
    with tenant_scope(world.ours.id):
        channel = Channel.objects.filter(kind=kind).first() or world.ours.first("conversations.Channel")
    random = draw(address.name)
    for channel_id in (channel.pk, uuid7()):
        path = address.path(
            channel_id=channel_id,
            **{
                name: uuid7() if name.endswith("_id") else "no-such-thing"
                for name in address.converters
                if name != "channel_id"
            },
        )
        assert failures(nobody(), list(odd.anything(path, random))) == []


# --- what is signed ---


def told(vendor: StandIn, channel: Channel) -> list[Hook]:
    """What this vendor tells of a customer: a text, a file, what became of a message, and its own."""
    ana = vendor.person("Ana Flores")
    path = f"/hooks/{vendor.kind.replace('_', '-')}/{channel.pk}/status/{uuid7()}/"
    sent = Sent("id-1", ana.address, "Hola", {"StatusCallback": django_settings.BASE_URL + path})
    sent.body["biz_opaque_callback_data"] = str(uuid7())
    file = Upload("bici.png", "image/png", PNG)
    hooks = [
        vendor.text(channel.pk, ana, "Hola", at=1_700_000_000),
        vendor.file(channel.pk, ana, file, text="Mira"),
        vendor.shares_phone(channel.pk, ana, "+525512345678"),
        *(vendor.status(channel.pk, sent, status) for status in ("delivered", "read", "failed")),
    ]
    own: list[Callable[..., Hook]] = [getattr(vendor, name) for name in ("comment",) if hasattr(vendor, name)]
    hooks += [tell(channel.pk, ana, "¿Precio?") for tell in own]
    if isinstance(vendor, whatsapp.WhatsApp):
        hooks.append(vendor.template_event(channel.pk, vendor.have("aviso", "es", []), "APPROVED"))
    return [hook for hook in hooks if hook]


def gone_wrong(hook: Hook, vendor: StandIn, random: Random) -> Iterator[Knock]:
    """The call with one value at a time that is odd, signed as the vendor would."""
    if isinstance(vendor, Twilio):
        form = dict(parse_qsl(hook.body.decode(), keep_blank_values=True))
        for name in form:
            for text in ["\x00", *random.sample(odd.TEXTS, 1)]:
                wrong = text.encode("utf-8", "replace").decode()
                yield knocked(vendor.signed(hook.path, {**form, name: wrong}))
            yield knocked(vendor.signed(hook.path, {key: form[key] for key in form if key != name}))
        return
    good = json.loads(hook.body)
    for knock in odd.one_wrong_value("POST", hook.path, good, random):
        headers = hook.headers
        if secret := APP_SECRETS.get(vendor.kind):
            headers = {"X-Hub-Signature-256": sign(knock.body, secret)}
        yield knock._replace(headers=headers)


def knocked(hook: Hook) -> Knock:
    return Knock("POST", hook.path, hook.body, hook.content_type, hook.headers)


def unread(tenant_id: UUID, knock: Knock) -> list[str]:
    """What one call leaves unread or makes fall over; undone afterwards."""
    valkey.client().flushdb()
    with transaction.atomic():
        answer = nobody().post(knock.path, knock.body, content_type=knock.content_type, headers=knock.headers)
        wrong = [f"{answer.status_code} {knock}"] if answer.status_code >= 500 else []
        inbound.process_due(tenant_id)
        with tenant_scope(tenant_id):
            waiting = InboundEvent.objects.filter(outcome=InboundEvent.Outcome.PENDING)
            wrong += [f"{event.reason} {knock}" for event in waiting]
        transaction.set_rollback(True)
    return wrong


def test_what_is_signed_and_odd_is_read(world: World, vendor: StandIn) -> None:
    """It ends as a message, set aside, or parked; nothing of it is tried again and again."""
    channel = connected(world.ours, vendor)
    random = draw(vendor.kind)
    knocks = [knock for hook in told(vendor, channel) for knock in gone_wrong(hook, vendor, random)]
    good = [knocked(hook) for hook in told(vendor, channel)]
    assert [wrong for knock in [*good, *knocks] for wrong in unread(world.ours.id, knock)] == []


# --- what is signed by one and names the other ---


def test_hook_of_ours_that_names_their_account_stays_ours(
    world: World, vendor: StandIn, untouched: set[str]
) -> None:
    """Signed with our secret, at our address, of an account that is theirs as well."""
    theirs = connected(world.theirs, vendor)
    ours = connected(world.ours, vendor)
    world.remember()
    world.lines.clear()
    valkey.client().flushdb()
    for hook in told(vendor, ours):
        answer = Client().post(hook.path, hook.body, content_type=hook.content_type, headers=hook.headers)
        assert answer.status_code < 500
    while inbound.process_due(world.ours.id):
        pass
    with tenant_scope(world.theirs.id):
        assert InboundEvent.objects.filter(channel=theirs).count() == 0
    with tenant_scope(world.ours.id):
        assert Message.objects.filter(conversation__channel=ours, kind="inbound").exists()


# --- files that vendors fetch ---


def token(*said: Any) -> str:
    return signing.dumps(list(said), salt=SALT)


def test_media_out_opens_no_file_of_theirs(world: World, untouched: set[str]) -> None:
    """Even with a token of ours: a channel opens the files of its own messages alone."""
    ours = world.ours.first("conversations.Channel").pk.hex
    theirs = world.theirs.first("conversations.Attachment").pk.hex
    untouched |= {theirs}
    for said in (
        [ours, theirs],
        [uuid7().hex, theirs],
        [theirs, ours],
        [ours],
        [],
        [ours, None],
        [1, 2],
        ["\x00", "\x00"],
        [ours, uuid7().hex],
    ):
        answer = nobody().get(f"/media-out/{token(*said)}")
        assert answer.status_code == 404
        assert world.watch.found_in(answer.content.decode(), untouched) == []


# --- the simulator, where one plays the customer ---


@pytest.fixture
def simulator(settings: Any) -> Iterator[str]:
    """The simulator's pages with its stand-ins running, as `make run` has them; returns where they begin."""
    with ExitStack() as stack:
        settings.SIMULATOR = Control(stack).env["PUENTE_SIMULATOR"]
        settings.BASE_URL = "http://localhost:9"  # where nobody answers the customers
        settings.OUTBOUND_ALLOWED = ["127.0.0.1/32"]
        yield "/dev/simulator/"


@pytest.mark.parametrize("act", ["", "say", "phone", "mood", "press", "read", "dance"])
def test_simulator_answers(world: World, simulator: str, act: str) -> None:
    channel = str(world.ours.first("conversations.Channel").pk)
    path = f"{simulator}telegram/{act}/" if act else f"{simulator}telegram/"
    random = draw(f"simulator {act}")
    fields = {
        name: [value]
        for name, value in {
            "channel": channel, "number": "1", "text": "Hola", "times": "1", "mood": "slow", "sent": "1",
            "title": "Sí", "odd": "",
        }.items()
    }  # fmt: skip
    knocks = [*odd.anything(path, random), *odd.one_wrong_field(path, fields, random)]
    numbers = ("0019", "5" * 400, "-1", "٣", "\x00")
    knocks += [Knock("POST", path, odd.form({**fields, "number": [number]})) for number in numbers]
    knocks += [Knock("GET", f"{path}?{odd.form({'number': [number]}).decode()}") for number in numbers]
    assert failures(nobody(), knocks) == []
    assert Client().get(f"{simulator}?kind=telegram&number=1").status_code == 200


def test_simulator_is_not_there_without_stand_ins(settings: Any) -> None:
    settings.SIMULATOR = ""
    paths = [f"/dev/simulator/{rest}" for rest in ("", "telegram/", "telegram/say/")]
    assert [Client().get(path).status_code for path in paths] == [404, 404, 405]
    assert Client().post(paths[2]).status_code == 404
