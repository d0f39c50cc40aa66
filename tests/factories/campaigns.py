"""Campaigns with their segments, letters and people."""

from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from conversations.actions.campaigns import steering
from conversations.models import (
    Campaign,
    Channel,
    MessageTemplate,
    MessageTemplateVersion,
    SendingPolicy,
    Variant,
)
from crm.models import Consent, Customer, Identity, Medium, Purpose, Segment, SegmentMember
from tenants.actors import Actor
from tests.factories.conversations import make_channel

NOON = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("America/Mexico_City"))  # a Tuesday without holiday
GIVEN = Consent.State.GIVEN
TEXT = "Hola {{ customer.first_name | default: 'amiga' }}: la revisión está a mitad de precio."


def make_audience(count: int, name: str = "Clientas", **fields: Any) -> tuple[Segment, list[Customer]]:
    """A list of customers who agreed to offers by e-mail."""
    segment, now = Segment.objects.create(name=name, is_list=True), timezone.now()
    people = [
        Customer(**{"name": f"Ana{number} Flores", "last_contact_at": now, **fields})
        for number in range(count)
    ]
    Customer.objects.bulk_create(people)
    Identity.objects.bulk_create(
        Identity(customer=one, kind="email", value=f"{name.lower()}{number}@correo.example")
        for number, one in enumerate(people)
    )
    Consent.objects.bulk_create(
        Consent(customer=one, medium=Medium.EMAIL, purpose=Purpose.PROMOTION, state=GIVEN, since=now)
        for one in people
    )
    put_in(segment, people)
    return segment, people


def put_in(segment: Segment, people: list[Customer]) -> None:
    """On a list."""
    now = timezone.now()
    SegmentMember.objects.bulk_create(
        [SegmentMember(segment=segment, customer=one, since=now) for one in people]
    )


def agree(customer: Customer, medium: str = Medium.EMAIL, state: str = GIVEN) -> None:
    """To offers."""
    Consent.objects.create(
        customer=customer, medium=medium, purpose=Purpose.PROMOTION, state=state, since=timezone.now()
    )


def make_template(name: str = "Revisión", text: str = TEXT, **contents: Any) -> MessageTemplate:
    """What is said by e-mail, in Spanish; other media by `contents`."""
    template = MessageTemplate.objects.create(name=name)
    mail = {
        "subject": "Tu bici, {{ customer.first_name | default: 'amiga' }}",
        "blocks": [{"kind": "text", "text": text}],
    }
    MessageTemplateVersion.objects.create(
        template=template, number=1, contents={"email": {"es": mail}, **contents}
    )
    return template


def make_policy(**fields: Any) -> SendingPolicy:
    """Open at every hour of every day, unless told otherwise, so that tests run at any time."""
    always = {
        "quiet_from": "00:00",
        "quiet_until": "00:00",
        "weekdays": list(range(7)),
        "keeps_holidays": False,
    }
    policy: SendingPolicy = SendingPolicy.objects.update_or_create(defaults={**always, **fields})[0]
    return policy


def make_campaign(
    segment: Segment, *, channels: list[Channel] | None = None, letters: int = 1, **fields: Any
) -> Campaign:
    """A draft that could go at once."""
    channels = channels or [make_channel()]
    campaign = Campaign.objects.create(
        **{
            "name": "Revisión de invierno",
            "include": [segment.pk],
            "channels": [one.pk for one in channels],
            **fields,
        }
    )
    for letter in "ABCD"[:letters]:
        template = make_template(f"Carta {letter} {campaign.pk.hex}")
        Variant.objects.create(campaign=campaign, letter=letter, template=template)
    return campaign


def schedule(campaign: Campaign, by: Actor | None = None) -> Campaign:
    """Ask for it; without a second person it is scheduled at once."""
    return steering.submit(campaign=campaign, by=by or Actor.system())


class Sink:
    """A mail server that takes all, but breaks or refuses where it is told."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.raises: dict[str, Exception] = {}
        self.before: list[object] = []

    def hand_over(self, sender: str, to: str, content: bytes) -> None:
        for act in self.before:
            act()  # type: ignore[operator]
        if to in self.raises:
            raise self.raises.pop(to)
        self.raw.append(content)
        self.taken.append(message_from_bytes(content, policy=SMTP))  # type: ignore[arg-type]

    @property
    def ids(self) -> list[str]:
        return [one["Message-ID"] for one in self.taken]
