"""Remembering something of a customer, confirming, correcting and forgetting it; each can be taken back.

What a person confirmed nobody overwrites: what says otherwise is kept beside it as its rival, until a person
decides. What a person decided against is not brought up again while it says the same.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import preferences
from crm.actions.customers import touch
from crm.models import Customer, Preference
from crm.preferences import InvalidPreference
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import folded, one_line
from tenants.models import Membership

MOST = 100  # of one customer
KEPT = (
    "topic",
    "value",
    "source",
    "source_label",
    "context_id",
    "confidence",
    "evidence",
    "rival",
    "learned_at",
    "forgotten_at",
    "confirmed_at",
    "confirmed_by_id",
)
TOLD = ("value", "source", "source_label", "confidence", "evidence")  # of a rival
Source = Preference.Source


class Outcome(StrEnum):
    """What came of something told."""

    REMEMBERED = "remembered"
    CHANGED = "changed"
    SAME = "same"
    CONTRADICTS = "contradicts"


class Remembered(NamedTuple):
    """What stands now, what came of it, and what takes it back."""

    preference: Preference
    outcome: Outcome
    before: dict[str, Any]


@transaction.atomic
def remember(
    *,
    customer: Customer,
    topic: str,
    value: str,
    source: str = Source.AGENT,
    source_label: str = "",
    confidence: int = 100,
    context_id: UUID | None = None,
    by: Actor,
) -> Remembered:
    """Remember one thing about one topic; the same again makes it surer, another replaces what is not sure.

    Against what a person confirmed only a person can write; others contradict it. Raises `InvalidPreference`.
    """
    topic = preferences.topic_of(topic)
    value = preferences.value_of(topic, value)
    if source not in Source.values or source == Source.BEHAVIOUR:
        raise InvalidPreference(_("It was said by the customer or noted by a colleague."), "source")
    if not 1 <= confidence <= 100:
        raise InvalidPreference(_("Between 1 and 100 per cent."), "confidence")
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    told = {
        "value": value,
        "source": source,
        "source_label": one_line(source_label, 150) or by.label[:150],
        "confidence": confidence,
        "context_id": context_id,
        "learned_at": timezone.now(),
        "evidence": {},
    }
    known = _of_topic(customer, topic)
    before = state_of(known, topic)
    if known is None:
        if Preference.objects.filter(customer=customer).count() >= MOST:
            raise InvalidPreference(_("At most %(count)s things are remembered of one.") % {"count": MOST})
        known = Preference(customer=customer, topic=topic)
        outcome = Outcome.REMEMBERED
    else:
        outcome = _against(known, value, by)
    if outcome == Outcome.CONTRADICTS:
        known.rival = rival_of(told)
    elif outcome == Outcome.SAME:
        known.confidence = max(known.confidence, confidence)
        known.rival = None
    else:
        _take(known, told)
    known.save()
    touch(customer)
    return Remembered(known, outcome, before)


def _of_topic(customer: Customer, topic: str) -> Preference | None:
    """What is remembered about a topic, however it is written there."""
    for known in Preference.objects.select_for_update(of=("self",)).filter(customer=customer):
        if folded(known.topic) == folded(topic):
            return known
    return None


def _against(known: Preference, value: str, by: Actor) -> Outcome:
    if known.forgotten_at is not None:
        return Outcome.REMEMBERED
    if folded(known.value) == folded(value):
        return Outcome.SAME
    if known.confirmed_at is not None and by.membership is None:
        return Outcome.CONTRADICTS
    return Outcome.CHANGED


def _take(known: Preference, told: dict[str, Any]) -> None:
    for name, given in told.items():
        setattr(known, name, given)
    known.confirmed_at = known.confirmed_by = known.forgotten_at = known.rival = None


def rival_of(told: dict[str, Any]) -> dict[str, Any]:
    """Something told, as it stands beside what it contradicts."""
    return {name: told[name] for name in TOLD} | {"learned_at": told["learned_at"].isoformat()}


@transaction.atomic
def confirm(*, preference: Preference, by: Actor) -> dict[str, Any]:
    """A person says that it is so; what contradicted it is settled. Returns what takes it back."""
    preference = _locked(preference)
    before = state_of(preference, preference.topic)
    _confirmed(preference, by)
    if preferences.open_rival(preference.rival):
        preference.rival = {**(preference.rival or {}), "dismissed_at": timezone.now().isoformat()}
    preference.save()
    touch(preference.customer)
    return before


@transaction.atomic
def correct(*, preference: Preference, value: str, by: Actor) -> dict[str, Any]:
    """A person says what it is instead. Returns what takes it back. Raises `InvalidPreference`."""
    preference = _locked(preference)
    before = state_of(preference, preference.topic)
    value = preferences.value_of(preference.topic, value)
    old = {name: getattr(preference, name) for name in TOLD}
    preference.rival = None
    if preference.source == Source.BEHAVIOUR and folded(value) != folded(preference.value):
        now = timezone.now().isoformat()
        preference.rival = {**old, "learned_at": preference.learned_at.isoformat(), "dismissed_at": now}
    preference.value, preference.source, preference.source_label = value, Source.AGENT, by.label[:150]
    preference.confidence, preference.evidence = 100, {}
    preference.context_id, preference.learned_at = None, timezone.now()
    _confirmed(preference, by)
    preference.save()
    touch(preference.customer)
    return before


def _confirmed(preference: Preference, by: Actor) -> None:
    preference.confirmed_at, preference.confirmed_by = timezone.now(), by.membership


@transaction.atomic
def forget(*, preference: Preference, by: Actor) -> dict[str, Any]:
    """Know it no more; what was learned is not learned again while behaviour says the same.

    Returns what takes it back.
    """
    preference = _locked(preference)
    before = state_of(preference, preference.topic)
    audit.record("preference.forgotten", target=preference.customer, by=by)
    if preference.source == Source.BEHAVIOUR:
        preference.forgotten_at, preference.rival = timezone.now(), None
        preference.confirmed_at = preference.confirmed_by = None
        preference.save()
    else:
        preference.delete()
    touch(preference.customer)
    return before


def _locked(preference: Preference) -> Preference:
    found = Preference.objects.select_for_update(of=("self",)).select_related("customer")
    return found.get(pk=preference.pk)  # type: ignore[no-any-return]


def state_of(preference: Preference | None, topic: str) -> dict[str, Any]:
    """All that `take_back` needs to know of how it stood before."""
    if preference is None:
        return {"topic": topic, "id": None}
    return {"id": str(preference.pk), **{name: getattr(preference, name) for name in KEPT}}


@transaction.atomic
def take_back(*, customer: Customer, before: dict[str, Any], by: Actor) -> None:
    """As it stood before what was done last about a topic."""
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    known = _of_topic(customer, before["topic"])
    if before["id"] is None:
        if known is not None:
            known.delete()
    else:
        known = known or Preference(id=before["id"], customer=customer)
        for name in KEPT:
            setattr(known, name, _value(name, before[name]))
        if known.confirmed_by_id and not Membership.objects.filter(pk=known.confirmed_by_id).exists():
            known.confirmed_by_id = None
        known.save()
    touch(customer)


def _value(name: str, kept: Any) -> Any:
    return datetime.fromisoformat(kept) if name.endswith("_at") and isinstance(kept, str) else kept
