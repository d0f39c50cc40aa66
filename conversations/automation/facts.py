"""What rules can ask, read for many moments at once in a constant number of queries."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Min

from conversations.automation.conditions import Facts
from conversations.automation.steps import NOBODY, NONE
from conversations.models import Conversation, ConversationLabel, Message
from crm.models import Case, CustomerLabel, Label
from tenants import hours
from tenants.models import SpecialDay, Tenant

VIP = "vip"  # the name of the label that makes one


class Moment(NamedTuple):
    """A conversation when something happened in it; the conversation has its customer."""

    conversation: Conversation
    at: datetime
    text: str | None = None  # None: what the customer wrote last
    episode_number: int = 1
    data: dict[str, Any] = {}


def facts_of(moments: Sequence[Moment], asked: set[str]) -> list[Facts]:
    """The facts of each moment; only the kinds of conditions that are asked for are read.

    Labels, team and customer are as they are today, text and opening hours as they were.
    """
    conversations = {one.conversation.pk for one in moments}
    customers = {one.conversation.customer_id for one in moments}
    labels = _grouped(
        ConversationLabel.objects.filter(conversation_id__in=conversations).values_list(
            "conversation_id", "label_id"
        )
        if "label" in asked
        else ()
    )
    links = list(
        CustomerLabel.objects.filter(customer_id__in=customers).values_list(
            "customer_id", "label_id", "label__name"
        )
        if asked & {"customer_label", "vip"}
        else ()
    )
    complaining = set(
        Case.objects.open()
        .filter(customer_id__in=customers, kind=Case.Kind.COMPLAINT)
        .values_list("customer_id", flat=True)
        if "complaint" in asked
        else ()
    )
    first = _first_of(customers) if "first_contact" in asked else {}
    texts = _last_texts(moments) if "words" in asked else {}
    added = _label_ids(moments) if "added" in asked else {}
    calendar = hours.calendar_of(Tenant.objects.get(), SpecialDay.objects.all()) if "hours" in asked else None
    customer_labels = _grouped((customer, label) for customer, label, _name in links)
    vips = {customer for customer, _label, name in links if name.casefold() == VIP}
    return [
        Facts(
            channel=str(one.conversation.channel_id),
            team=str(one.conversation.team_id or NONE),
            assignee=str(one.conversation.assignee_id or NOBODY),
            priority=one.conversation.priority,
            text=texts.get(one.conversation.pk, "") if one.text is None else one.text,
            language=one.conversation.customer.language.lower(),
            labels=labels.get(one.conversation.pk, frozenset()),
            customer_labels=customer_labels.get(one.conversation.customer_id, frozenset()),
            is_open=calendar is None or hours.is_open_at(calendar, one.at),
            is_vip=one.conversation.customer_id in vips,
            has_complaint=one.conversation.customer_id in complaining,
            is_first=one.episode_number == 1
            and first.get(one.conversation.customer_id) == one.conversation.created_at,
            score=one.data.get("score"),
            added=frozenset(added[name] for name in one.data.get("added", ()) if name in added),
        )
        for one in moments
    ]


def _grouped(pairs: Iterable[tuple[UUID, UUID]]) -> dict[UUID, frozenset[str]]:
    found: dict[UUID, set[str]] = {}
    for key, value in pairs:
        found.setdefault(key, set()).add(str(value))
    return {key: frozenset(values) for key, values in found.items()}


def _first_of(customers: Iterable[UUID]) -> dict[UUID, datetime]:
    """When the first conversation of each customer began."""
    rows = Conversation.objects.filter(customer_id__in=list(customers)).order_by()
    return dict(
        rows.values("customer_id").annotate(first=Min("created_at")).values_list("customer_id", "first")
    )


def _last_texts(moments: Iterable[Moment]) -> dict[UUID, str]:
    """What each customer wrote last, for moments that have no text of their own."""
    wanted = {one.conversation.pk for one in moments if one.text is None}
    if not wanted:
        return {}
    rows = Message.objects.filter(conversation_id__in=wanted, kind=Message.Kind.INBOUND)
    latest = rows.order_by("conversation_id", "-id").distinct("conversation_id")
    return dict(latest.values_list("conversation_id", "text"))


def _label_ids(moments: Iterable[Moment]) -> dict[str, str]:
    wanted = {name for one in moments for name in one.data.get("added", ())}
    return {name: str(pk) for pk, name in Label.objects.filter(name__in=wanted).values_list("pk", "name")}
