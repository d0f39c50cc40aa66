"""What is remembered of customers, in words.

Three topics have names of their own, since behaviour shows them too: by which channel a customer prefers to
be reached, at which time of day, and what he buys again and again. Their values are codes that every reader
sees in his language. Whatever else colleagues remember stands as they wrote it.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from crm.models import Customer, Preference
from tenants.actors import Actor
from tenants.db.prepared import prepared
from tenants.kit.text import folded, one_line
from tenants.refusals import Refused
from tenants.templatetags.ui import timestamp

CHANNEL, DAYTIME, PRODUCT = "channel", "daytime", "product"
SURE = 70  # per cent from which on the line above the composer says it
SAID_AT_ONCE = 4  # in that line
Source = Preference.Source

TOPICS: dict[str, Any] = {
    CHANNEL: gettext_lazy("Preferred channel"),
    DAYTIME: gettext_lazy("Time of day"),
    PRODUCT: gettext_lazy("Favourite product"),
}
CHANNELS: dict[str, Any] = {
    "whatsapp": "WhatsApp",
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "sms": "SMS",
    "telegram": "Telegram",
    "instagram": "Instagram",
    "messenger": "Messenger",
    "web": gettext_lazy("Web chat"),
    "visit": gettext_lazy("Counter"),
}
SAME_CHANNEL = {"twilio_whatsapp": "whatsapp"}  # by another carrier
DAYTIMES: dict[str, Any] = {
    "morning": gettext_lazy("in the morning"),
    "afternoon": gettext_lazy("in the afternoon"),
    "evening": gettext_lazy("in the evening"),
    "night": gettext_lazy("at night"),
}
CODES: dict[str, dict[str, Any]] = {CHANNEL: CHANNELS, DAYTIME: DAYTIMES}
LANGUAGES = ("es", "pt-br", "en")
SYMBOLS = {Source.CUSTOMER: "message-circle", Source.AGENT: "user", Source.BEHAVIOUR: "gauge"}


class InvalidPreference(Refused):
    """Something to remember that says nothing, or a channel there is not."""


def daytime(hour: int) -> str:
    """The part of the day that an hour of the clock belongs to."""
    if 6 <= hour < 12:
        return "morning"
    if 12 <= hour < 19:
        return "afternoon"
    return "evening" if hour >= 19 else "night"


# --- from people ---


def topic_of(text: str) -> str:
    """A topic as it is kept: of a known one the code, whatever its language. Raises `InvalidPreference`."""
    topic = one_line(text, 60)
    if not topic:
        raise InvalidPreference(_("Say what it is about."), "topic")
    return _code(topic, TOPICS) or topic


def value_of(topic: str, text: str) -> str:
    """A value as it is kept: of channels and times of day the code. Raises `InvalidPreference`."""
    value = one_line(text, 500)
    if not value:
        raise InvalidPreference(_("Say what to remember."), "value")
    known = CODES.get(topic)
    if known is None:
        return value
    code = _code(value, known)
    if not code:
        choices = ", ".join(str(name) for name in known.values())
        raise InvalidPreference(_("Choose one of: %(choices)s.") % {"choices": choices}, "value")
    return code


def _code(text: str, known: dict[str, Any]) -> str:
    wanted = folded(text)
    for code, name in known.items():
        if wanted == code or any(wanted == folded(_in(language, name)) for language in LANGUAGES):
            return code
    return ""


def _in(language: str, name: Any) -> str:
    with override(language):
        return str(name)


# --- to people ---


def topic_name(topic: str) -> str:
    """What a topic is called."""
    return str(TOPICS.get(topic, topic))


def value_name(topic: str, value: str) -> str:
    """What is remembered, as people read it."""
    return str(CODES.get(topic, {}).get(value, value))


class ShownPreference(NamedTuple):
    """Something remembered, ready to be shown: plain values."""

    id: UUID
    topic: str
    topic_name: str
    value: str
    value_name: str
    source: str
    source_name: str
    source_label: str
    symbol: str
    when: SafeString
    confidence: int
    evidence: str
    confirmed_by: str
    is_confirmed: bool
    is_sure: bool
    choices: tuple[tuple[str, str], ...]
    rival_value: str
    rival_name: str
    rival_source: str


class _Row(NamedTuple):
    id: UUID
    topic: str
    value: str
    source: str
    source_label: str
    learned_at: datetime
    confidence: int
    evidence: dict[str, Any]
    rival: dict[str, Any] | None
    confirmed_at: datetime | None
    confirmed_by__user__name: str | None


@prepared(_Row)
def _rows(*, customer: UUID) -> QuerySet[Preference]:
    found = Preference.objects.filter(customer_id=customer, forgotten_at=None)
    return found.order_by("topic")[:100]


def of_customer(customer: Customer) -> tuple[ShownPreference, ...]:
    """What is remembered of a customer: contradictions first, then what is surest."""
    shown = [_shown(row) for row in _rows(customer=customer.pk)]
    return tuple(sorted(shown, key=lambda one: (not one.rival_name, not one.is_confirmed, -one.confidence)))


def _shown(row: _Row) -> ShownPreference:
    rival = open_rival(row.rival)
    return ShownPreference(
        id=row.id,
        topic=row.topic,
        topic_name=topic_name(row.topic),
        value=row.value,
        value_name=value_name(row.topic, row.value),
        source=row.source,
        source_name=str(Source(row.source).label),
        source_label=row.source_label,
        symbol=SYMBOLS[Source(row.source)],
        when=timestamp(row.learned_at),
        confidence=row.confidence,
        evidence=evidence_in_words(row.topic, row.evidence),
        confirmed_by=row.confirmed_by__user__name or "",
        is_confirmed=row.confirmed_at is not None,
        is_sure=row.confirmed_at is not None or row.confidence >= SURE,
        choices=tuple((code, str(name)) for code, name in CODES.get(row.topic, {}).items()),
        rival_value=rival.get("value", ""),
        rival_name=value_name(row.topic, rival.get("value", "")),
        rival_source=str(Source(rival["source"]).label) if rival else "",
    )


def open_rival(rival: dict[str, Any] | None) -> dict[str, Any]:
    """What contradicts and nobody has decided about yet; empty for nothing."""
    return rival if rival and not rival.get("dismissed_at") else {}


def evidence_in_words(topic: str, evidence: dict[str, Any]) -> str:
    """Of how much behaviour it was learned."""
    if not evidence:
        return ""
    given = {"hits": evidence.get("hits", 0), "count": evidence.get("of", 0)}
    if topic == PRODUCT:
        return (
            ngettext("in %(hits)s of %(count)s order", "in %(hits)s of %(count)s orders", given["count"])
            % given
        )
    text = ngettext("%(hits)s of %(count)s day", "%(hits)s of %(count)s days", given["count"]) % given
    if "hour" in evidence:
        return _("%(days)s, mostly about %(hour)s:00") % {"days": text, "hour": evidence["hour"]}
    return text


def in_a_line(shown: tuple[ShownPreference, ...]) -> str:
    """What whoever writes to the customer should know, in one short line; only what is sure."""
    sure = {one.topic: one.value_name for one in shown if one.is_sure and not one.rival_name}
    channel, time = sure.pop(CHANNEL, ""), sure.pop(DAYTIME, "")
    said = []
    if channel and time:
        said.append(_("Prefers %(channel)s %(daytime)s") % {"channel": channel, "daytime": time})
    elif channel or time:
        known = {"what": channel or time}
        said.append(_("Prefers %(what)s") % known if channel else _("Writes %(what)s") % known)
    if product := sure.pop(PRODUCT, ""):
        said.append(_("Often buys %(product)s") % {"product": product})
    said += [f"{topic} {value}" if " " not in value else f"{topic}: {value}" for topic, value in sure.items()]
    return " · ".join(said[:SAID_AT_ONCE])


def preferences_visible_to(customer: Customer, actor: Actor) -> QuerySet[Preference]:
    """What is remembered of a customer whom the actor may see."""
    found: QuerySet[Preference] = Preference.objects.filter(customer=customer, forgotten_at=None)
    return found
