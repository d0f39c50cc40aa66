"""Whether somebody may be written to unasked now: the shield, the pause after an answer, the cap.

Consent and addresses are judged by crm/sending_rules.py; `addresses_for` asks it for many at once. Every
question takes any number of customers and as many queries as for one. What is of service passes: an
appointment is confirmed also to whom we owe an answer.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from conversations.channels.registry import adapter_for
from conversations.consent import medium_of
from conversations.left_out import ANSWERED, CAPPED, CHANNEL_OFF, COMPLAINT_OPEN, NO_ADDRESS, UPSET
from conversations.models import (
    Channel,
    Conversation,
    Delivery,
    Handoff,
    Pause,
    Reach,
    Recipient,
    SendingPolicy,
)
from conversations.order import first_id_at
from crm import sending_rules
from crm.models import Case, Identity, Purpose
from crm.sending_rules import KINDS, Reason

# Rows with a `customer_id` of those who are spared at a moment.
Spared = Callable[[datetime, SendingPolicy], QuerySet]  # type: ignore[type-arg]
WENT = (Recipient.State.SENDING, Recipient.State.SENT, Recipient.State.DELIVERED, Recipient.State.UNKNOWN)
UPSETTING = ("words", "complaint", "mood", "delicate")  # why the bot gave somebody to a person
_shields: dict[str, Spared] = {}


def register_shield(code: str, rows: Spared) -> None:
    """Spare the customers of some rows; called once from an app's `ready()`, the strongest reason first.

    `rows(at, policy)` is a queryset with `customer_id`, read as a part of one statement over everybody.
    """
    _shields[code] = rows


def policy() -> SendingPolicy:
    """What the business allows; the defaults where it never said."""
    found: SendingPolicy | None = SendingPolicy.objects.first()
    return found or SendingPolicy()


def shields(at: datetime, wanted: SendingPolicy, purpose: str) -> dict[str, QuerySet]:  # type: ignore[type-arg]
    """The customers who are spared, by the reason, as querysets of `customer_id`; the strongest first."""
    if purpose == Purpose.SERVICE:
        return {}
    return {code: rows(at, wanted).order_by().values("customer_id") for code, rows in _shields.items()}


def _complaining(at: datetime, wanted: SendingPolicy) -> QuerySet[Case]:
    complaints: QuerySet[Case] = Case.objects.open().filter(kind=Case.Kind.COMPLAINT)
    return complaints


def _upset(at: datetime, wanted: SendingPolicy) -> QuerySet[Conversation]:
    """Those whom the bot gave to a person because they complained or were upset, until it is settled."""
    angry = Handoff.objects.filter(
        Q(mood="negative") | Q(reason__in=UPSETTING), conversation=OuterRef("pk"), episode__closed_at=None
    )
    over = [Conversation.Status.CLOSED, Conversation.Status.MERGED]
    conversations: QuerySet[Conversation] = Conversation.objects.exclude(status__in=over)
    return conversations.filter(Exists(angry))


def _answering(at: datetime, wanted: SendingPolicy) -> QuerySet[Pause]:
    since = at - timedelta(days=wanted.pause_days)
    answered: QuerySet[Pause] = Pause.objects.filter(wrote_at__gt=since)
    return answered


def paused_until(customer_id: UUID, at: datetime) -> datetime | None:
    """Until when somebody is left alone who wrote after something was said to him by itself, or None."""
    wanted = policy()
    wrote = _answering(at, wanted).filter(customer_id=customer_id)
    last = wrote.order_by("-wrote_at").values_list("wrote_at", flat=True).first()
    return last + timedelta(days=wanted.pause_days) if last else None


register_shield(COMPLAINT_OPEN, _complaining)
register_shield(UPSET, _upset)
register_shield(ANSWERED, _answering)


def offers_since(at: datetime, wanted: SendingPolicy, besides: UUID | None) -> tuple[QuerySet, QuerySet]:  # type: ignore[type-arg]
    """What counts for the cap, as `customer_id` once for each offer: of campaigns, and of everything else."""
    since = at - timedelta(days=wanted.cap_days)
    of_campaigns = Recipient.objects.filter(
        sent_at__gt=since, customer__isnull=False, campaign__purpose=Purpose.PROMOTION
    ).exclude(campaign_id=besides)
    alone = Delivery.objects.filter(purpose=Purpose.PROMOTION, id__gt=first_id_at(since))
    alone = alone.exclude(priority=Delivery.Priority.CAMPAIGN).exclude(status=Delivery.Status.DISCARDED)
    alone = alone.exclude(message__data__has_key="campaign")  # one that a person hurried is still its
    return of_campaigns, alone


def judge(
    customers: Collection[UUID], *, purpose: str, at: datetime, besides: UUID | None = None
) -> dict[UUID, str]:
    """Why some customers may not be written to now, by a code of left_out.py; who is missing may.

    `besides` is a campaign whose own messages do not count for the cap.
    """
    if purpose == Purpose.SERVICE or not customers:
        return {}
    customers, wanted = list(customers), policy()
    found: dict[UUID, str] = {}
    for code, rows in shields(at, wanted, purpose).items():
        for customer in rows.filter(customer__any=customers).values_list("customer_id", flat=True):
            found.setdefault(customer, code)
    if purpose == Purpose.PROMOTION:
        for customer, count in _offers(customers, at, wanted, besides).items():
            if count >= wanted.cap_count:
                found.setdefault(customer, CAPPED)
    return found


def _offers(
    customers: Collection[UUID], at: datetime, wanted: SendingPolicy, besides: UUID | None
) -> dict[UUID, int]:
    """How many offers each got lately; those on their way to him count too."""
    counts: defaultdict[UUID, int] = defaultdict(int)
    of_campaigns, alone = offers_since(at, wanted, besides)
    on_the_way = Recipient.objects.filter(
        state=Recipient.State.SENDING, sent_at=None, campaign__purpose=Purpose.PROMOTION
    ).exclude(campaign_id=besides)
    for rows, name in (
        (of_campaigns, "customer_id"),
        (on_the_way, "customer_id"),
        (alone, "message__conversation__customer_id"),
    ):
        mine = rows.filter(**{f"{name.removesuffix('_id')}__any": customers})
        for customer in mine.order_by().values_list(name, flat=True):
            counts[customer] += 1
    return counts


# --- ways ---


def addresses_for(
    customers: Collection[UUID], *, channels: Sequence[Channel], purpose: str, at: datetime
) -> dict[UUID, tuple[Channel, Identity] | str]:
    """The first of some channels on which each customer may be written to, and his address there.

    A code of left_out.py for whoever has none: the reason of the first channel on which he has an address.
    """
    found: dict[UUID, tuple[Channel, Identity] | str] = {}
    for channel in channels:
        open_ones = [one for one in customers if not isinstance(found.get(one), tuple)]
        if not open_ones:
            break
        for customer, way in _ways(open_ones, channel, purpose, at).items():
            if isinstance(way, tuple) or found.get(customer, CHANNEL_OFF) == CHANNEL_OFF:
                found[customer] = way
    return {customer: found.get(customer, NO_ADDRESS) for customer in customers}


def _ways(
    customers: Iterable[UUID], channel: Channel, purpose: str, at: datetime
) -> dict[UUID, tuple[Channel, Identity] | str]:
    """Of those who have an address on a channel, the one to use or why none."""
    medium = medium_of(channel)
    if not medium or channel.kind not in REACHING:
        return {}
    kinds = KINDS[medium]
    mine = Identity.objects.filter(kind__in=kinds, is_claimed=False, customer__in=list(customers))
    identities = sorted(mine, key=lambda one: (one.kind != channel.kind, one.pk))
    if not channel.is_active:
        return {one.customer_id: CHANNEL_OFF for one in identities}
    closed = set(
        Reach.objects.filter(channel=channel, is_open=False, identity__in=identities).values_list(
            "identity_id", flat=True
        )
    )
    refused = sending_rules.refusals(identities, medium, purpose, at=at)
    found: dict[UUID, tuple[Channel, Identity] | str] = {}
    for one in identities:
        reason = refused.get(one.pk) or (Reason.WITHDRAWN if one.pk in closed else "")
        if not reason and not isinstance(found.get(one.customer_id), tuple):
            found[one.customer_id] = channel, one
        elif reason:
            found.setdefault(one.customer_id, str(reason))
    return found


# Kinds of channels on which one may write unasked. A Telegram address is known from the person's own word.
REACHING = ("email", "whatsapp", "twilio_whatsapp", "sms", "telegram")


def reaches(channel: Channel) -> bool:
    """Whether a channel can carry what goes to many."""
    return channel.kind in REACHING and bool(adapter_for(channel.kind).capabilities.text_limit)
