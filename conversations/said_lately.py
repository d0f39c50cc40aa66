"""What we said to a customer last by ourselves: his next message may be an answer to it."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, Q, QuerySet, Subquery

from conversations.actions.campaigns.marks import LATELY
from conversations.models import Confirmation, JourneyPlace, Recipient
from crm.models import Customer
from tenants.db.prepared import prepared

QUESTIONS = timedelta(days=14)


class Lately(NamedTuple):
    """The line of the campaign he got last, the question about an appointment he was asked last, whether
    anything was said to him by itself (a campaign, a confirmation, a step of a journey), and the place in a
    journey at which he was asked something and is waited for."""

    recipient: UUID | None = None
    confirmation: UUID | None = None
    was_told: bool = False
    asked: UUID | None = None


def said_lately(customer_id: UUID, at: datetime) -> Lately:
    """What he may answer. One query."""
    found = _said(customer=customer_id, at=at, campaigns=at - LATELY, questions=at - QUESTIONS)
    return found[0] if found else Lately()


@prepared(Lately)
def _said(*, customer: UUID, at: datetime, campaigns: datetime, questions: datetime) -> QuerySet[Customer]:
    got = Recipient.objects.filter(customer_id=customer, sent_at__gt=campaigns, sent_at__lte=at)
    asked = Confirmation.objects.filter(customer_id=customer, sent_at__gt=questions, step__asks=True)
    told = Confirmation.objects.filter(customer_id=customer, sent_at__gt=campaigns, sent_at__lte=at)
    waited_for = JourneyPlace.objects.filter(
        customer_id=customer, state=JourneyPlace.State.WAITING, asked_at__isnull=False
    )
    led = JourneyPlace.objects.filter(customer_id=customer, message__created_at__gt=campaigns)
    return Customer.objects.filter(pk=customer).annotate(
        recipient=Subquery(got.order_by("-sent_at").values("pk")[:1]),
        confirmation=Subquery(asked.order_by("-sent_at").values("pk")[:1]),
        was_told=Q(Exists(got)) | Q(Exists(told)) | Q(Exists(led)),
        asked=Subquery(waited_for.order_by("-asked_at").values("pk")[:1]),
    )
