"""Saying a template to one customer by itself, on the first channel by which he may be reached.

Confirmations and journeys speak by it; campaigns choose their channel when they freeze.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from conversations import gate
from conversations.actions.campaigns.quiet import WindowClosed, say
from conversations.actions.content import CannotSend
from conversations.channels.base import File
from conversations.channels.registry import adapter_for
from conversations.consent import medium_of
from conversations.left_out import CHANNEL_OFF, NO_ADDRESS, NO_TEMPLATE, NOT_WRITTEN, WINDOW_CLOSED
from conversations.models import Channel, Message, MessageTemplate, MessageTemplateVersion
from conversations.personalising import NotWritten, Piece, piece, values_for
from crm import preferences
from crm.consent_texts import language_of
from crm.models import Customer, Identity, Preference
from tenants.queries import own

ORDER = ("whatsapp", "twilio_whatsapp", "telegram", "sms", "email")
ANSWERS = (
    gettext_noop("Yes, I will be there"),
    gettext_noop("I cannot come"),
    gettext_noop("Another day"),
)
"""Buttons, at most 20 characters in every language: confirmations/answers.py reads their titles."""


class LeftOut(Exception):
    """He does not get it. `reason` is a code of left_out.py."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


def say_first(
    customer: Customer,
    template: MessageTemplate,
    *,
    facts: Mapping[str, Any],
    version: MessageTemplateVersion | None = None,
    files: Sequence[File] = (),
    asks: bool = False,
    choices: Sequence[str] = (),
    cause: Mapping[str, str] | None = None,
) -> Message:
    """Say a template, its newest version or another of it, in the caller's transaction. Raises `LeftOut`.

    `facts` is what it is about, by the names of personalising; they go before what is looked up. `files` go
    by e-mail; where it asks whether he comes, channels that have buttons show the answers. `choices` are
    other answers, which stand below it by number where there are no buttons. `cause` names who
    has it said, for the outbox to ask again (actions/last_question.py).
    """
    version = version or template.versions.order_by("-number").first()
    if version is None:
        raise LeftOut(NO_TEMPLATE)
    language = language_of(customer, own())
    why = LeftOut(NO_ADDRESS)
    for channel, way in _ways(customer, template.purpose):
        if not isinstance(way, Identity):
            why = LeftOut(way) if why.reason == NO_ADDRESS else why
            continue
        text = piece(version, medium_of(channel), language)
        if text is None:
            why = LeftOut(NO_TEMPLATE)
            continue
        answers = _answers(language) if asks else list(choices)
        buttons = _buttons(channel, text, answers)
        if choices and not buttons:
            text = text.followed_by(_numbered(choices, language))
        values = values_for([customer.pk], text.names, extra={customer.pk: facts})
        try:
            said = text.render(values[customer.pk])
            with transaction.atomic():
                return say(
                    customer=customer,
                    channel=channel,
                    identity=way,
                    text=said.text,
                    html=said.html,
                    subject=said.subject,
                    data=said.data | buttons | dict(cause or {}),
                    purpose=template.purpose,
                    files=files if channel.kind == "email" else (),
                )
        except NotWritten as empty:
            why = LeftOut(NOT_WRITTEN, str(empty))
        except WindowClosed as closed:
            why = LeftOut(WINDOW_CLOSED, str(closed))
        except CannotSend as refused:
            why = LeftOut(CHANNEL_OFF, str(refused))
    raise why


def _answers(language: str) -> list[str]:
    with translation.override(language):
        return [_(words) for words in ANSWERS]


def _buttons(channel: Channel, text: Piece, titles: Sequence[str]) -> dict[str, Any]:
    """Answers to press, where the channel shows them below a text of ours."""
    can = adapter_for(channel.kind).capabilities
    if not titles or can.buttons < len(titles) or text.template is not None:
        return {}
    return {"buttons": [{"id": title, "title": title} for title in titles]}


def _numbered(titles: Sequence[str], language: str) -> str:
    with translation.override(language):
        how = _("Answer with the number.")
    return "\n".join([*(f"{number}. {title}" for number, title in enumerate(titles, 1)), how])


def _ways(customer: Customer, purpose: str) -> Iterator[tuple[Channel, Identity | str]]:
    """The channels that carry it, with his address there or why not: what he prefers first."""
    wished = Preference.objects.filter(customer=customer, topic=preferences.CHANNEL, forgotten_at=None)
    liked = [*wished.values_list("value", flat=True), customer.last_contact_channel]
    channels = [one for one in Channel.objects.order_by("created_at", "id") if gate.reaches(one)]
    channels.sort(key=lambda one: (_place(one.kind, liked), ORDER.index(one.kind)))
    for channel in channels:
        found = gate.addresses_for([customer.pk], channels=[channel], purpose=purpose, at=timezone.now())
        way = found[customer.pk]
        yield channel, way if isinstance(way, str) else way[1]


def _place(kind: str, liked: Iterable[str]) -> int:
    return next((place for place, one in enumerate(liked) if one == kind), len(ORDER))
