"""Who rated badly is spared offers until somebody settles it, or for the days that the business says."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations import gate
from conversations.actions.campaigns import running, steering
from conversations.left_out import BAD_RATING
from conversations.models import Recipient
from crm.actions.follow_ups import complete_follow_up, reopen_follow_up
from crm.models import Customer, FollowUp, Purpose
from feedback.actions.surveys import current_survey, respond
from feedback.models import Invitation
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, key_for
from tests.factories.campaigns import make_audience, make_campaign, make_policy
from tests.factories.conversations import make_conversation
from tests.factories.tenants import Business


@pytest.fixture
def rated(business: Business) -> Any:
    """Three who agreed to offers; they rated 1, 3 and 5."""
    with tenant_scope(business.tenant.id):
        make_policy()
        segment, people = make_audience(3)
        for customer, score in zip(people, (1, 3, 5), strict=True):
            _rate(customer, score)
    return segment, people


def _rate(customer: Customer, score: int) -> None:
    conversation = make_conversation(customer=customer)
    invitation = Invitation.objects.create(
        survey=current_survey(), customer=customer, conversation=conversation,
        episode=conversation.episodes.get(), channel_kind="email", language="es",
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    respond(invitation=invitation, score=score)


def _held(people: list[Customer], at: Any = None, purpose: str = Purpose.PROMOTION) -> list[int]:
    found = gate.judge([one.pk for one in people], purpose=purpose, at=at or timezone.now())
    return [number for number, one in enumerate(people) if found.get(one.pk) == BAD_RATING]


def test_bad_rating_holds_offers_until_it_is_settled_or_the_days_pass(
    business: Business, rated: Any, api: Api
) -> None:
    _segment, people = rated
    with tenant_scope(business.tenant.id):
        assert _held(people) == [0]
        assert _held(people, purpose=Purpose.SERVICE) == []
        assert _held(people, at=timezone.now() + timedelta(days=31)) == []
        settled = complete_follow_up(follow_up=FollowUp.objects.get(), by=business.actor())
        assert _held(people) == []
        reopen_follow_up(follow_up=settled, by=business.actor())
    assert api.patch("sending-policy/", {"rating_most": 3}).json()["rating_most"] == 3
    with tenant_scope(business.tenant.id):
        assert _held(people) == [0, 1]
    assert api.patch("sending-policy/", {"rating_days": 0}).status_code == 200
    assert api.patch("sending-policy/", {"rating_most": 5}).status_code == 422
    with tenant_scope(business.tenant.id):
        assert _held(people) == []


def test_it_stands_in_the_campaigns_map_with_its_sentence(
    business: Business, rated: Any, owner_client: Client, api: Api
) -> None:
    segment, people = rated
    with tenant_scope(business.tenant.id):
        campaign = make_campaign(segment)
        steering.submit(campaign=campaign, by=business.actor())
        running.look(campaign.pk)
        assert Recipient.objects.get(reason=BAD_RATING).customer_id == people[0].pk
    page = owner_client.get(f"{business.base}campaigns/{campaign.pk}/").content.decode()
    assert "Hace poco nos calificó mal" in page
    rows = api.get(f"campaigns/{campaign.pk}/recipients/", {"reason": BAD_RATING}).json()["data"]
    assert [row["customer_id"] for row in rows] == [str(people[0].pk)]


@pytest.fixture
def api(business: Business) -> Api:
    return Api(key_for(business))
