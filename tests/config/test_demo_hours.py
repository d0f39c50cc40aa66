"""The demo is alike at whatever hour it is loaded: at night, on Sundays, on holidays."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F, Max, Q

from config.demo import load
from config.shop import demo_door
from conversations.models import Conversation, Episode, Message
from crm.models import Customer, FollowUp, Order, TimelineEntry
from feedback.models import Response
from tenants.scoping import tenant_scope

MOMENTS = [
    datetime(2026, 1, 1, 9, 0, tzinfo=UTC),  # three in the morning of a holiday
    datetime(2026, 5, 24, 18, 30, tzinfo=UTC),  # a Sunday at noon
    datetime(2027, 3, 15, 16, 1, tzinfo=UTC),  # a holiday, at the minute of opening
    datetime(2028, 2, 29, 1, 0, tzinfo=UTC),  # just closed, on a leap day's eve
    datetime(2028, 2, 29, 15, 0, tzinfo=UTC),  # before opening, on the leap day
    datetime(2027, 12, 12, 21, 21, 21, tzinfo=UTC),  # a Sunday after closing
]


QUICK = 1  # of the moments; the others are looked at by `make test-slow`
RARE = [pytest.param(moment, marks=pytest.mark.slow) for moment in MOMENTS[QUICK:]]


@pytest.mark.parametrize("now", [*MOMENTS[:QUICK], *RARE], ids=str)
def test_demo_is_alike_at_any_hour(db: None, now: datetime) -> None:
    load.load(now)
    door = demo_door()
    assert door is not None
    with tenant_scope(door.tenant_id):
        assert Counter(Conversation.objects.values_list("status", flat=True)) == {
            "open": 35,
            "waiting": 19,
            "snoozed": 4,
            "closed": 97,
        }
        assert (
            Conversation.objects.filter(Q(last_message_at__gt=now) | Q(snoozed_until__lte=now)).count() == 0
        )
        assert FollowUp.objects.open().filter(due_at__lte=now).count() >= 2
        newest = [
            Message.objects.aggregate(at=Max("created_at")),
            TimelineEntry.objects.aggregate(at=Max("happened_at")),
            Customer.objects.aggregate(at=Max("created_at")),
            Episode.objects.aggregate(at=Max("opened_at")),
            Order.objects.aggregate(at=Max("changed_at")),
            Response.objects.aggregate(at=Max("created_at")),
        ]
        assert [row["at"] <= now for row in newest] == [True] * len(newest)
        early = TimelineEntry.objects.filter(
            happened_at__lt=F("customer__created_at") - timedelta(milliseconds=1)
        )
        assert list(early.values_list("customer__name", "kind")) == []
