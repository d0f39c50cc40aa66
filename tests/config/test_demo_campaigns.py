"""The demo's campaigns: one that goes out while one watches."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from config.demo import campaigns
from conversations.models import Campaign, Recipient
from tests.factories.conversations import make_channel
from tests.factories.tenants import Business


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_it_is_day_where_the_readers_live(hour: int) -> None:
    now = datetime(2026, 11, 22, hour, 30, tzinfo=UTC)
    assert 10 <= now.astimezone(ZoneInfo(campaigns.awake(now))).hour < 18


def test_notice_goes_to_all_readers_at_once_and_slowly(scope: Business) -> None:
    make_channel()
    campaigns.begin(scope.owner, 30, timezone.now())
    found = Campaign.objects.get()
    assert (found.state, found.per_minute) == (Campaign.State.SENDING, campaigns.PACE)
    assert set(Recipient.objects.values_list("state", flat=True)) == {Recipient.State.WAITING}
    assert Recipient.objects.count() == 30
