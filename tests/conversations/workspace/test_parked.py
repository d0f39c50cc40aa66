"""GET /parked/, its events, their replay, and sending messages again."""

import pytest
from django.test import Client

from conversations.models import Conversation, Delivery, InboundEvent
from tenants.permissions import Role
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_message, make_parked_event
from tests.factories.tenants import Business


@pytest.fixture
def event(business: Business) -> InboundEvent:
    with tenant_scope(business.tenant.id):
        return make_parked_event(b"Subject: \xff\x00 <script>alert(1)</script>", "No sender <b>")


@pytest.fixture
def supervisor_client(business: Business) -> Client:
    return business.client(business.add_member(Role.SUPERVISOR))


def failed(business: Business, conversation: Conversation, status: str = "failed") -> Delivery:
    """A message whose delivery has an outcome."""
    with tenant_scope(business.tenant.id):
        message = make_message(conversation, "Va <i>", by=business.actor())
        Delivery.objects.filter(message=message).update(status=status, reason="El buzón no existe.")
        return Delivery.objects.get(message=message)


def test_parked_shows_each_kind_of_trouble_apart(
    supervisor_client: Client, business: Business, event: InboundEvent, conversation: Conversation
) -> None:
    unknown, refused = failed(business, conversation, "unknown"), failed(business, conversation)
    context = supervisor_client.get(f"{business.base}parked/").context
    assert [one.pk for one in context["page"].items] == [event.pk]
    assert [one.pk for one in context["unknown"]] == [unknown.pk]
    assert [one.pk for one in context["failed"]] == [refused.pk]
    assert (context["parked_count"], context["unknown_count"], context["failed_count"]) == ("1", "1", "1")


def test_parked_is_for_supervisors(
    stranger_client: Client, teammate_client: Client, business: Business, event: InboundEvent
) -> None:
    for url in (f"{business.base}parked/", f"{business.base}parked/{event.pk}/"):
        assert stranger_client.get(url).status_code == 404
        assert teammate_client.get(url).status_code == 403
    replay = f"{business.base}parked/{event.pk}/replay/"
    assert stranger_client.post(replay).status_code == 404
    assert teammate_client.post(replay).status_code == 403


def test_parked_takes_any_cursor(owner_client: Client, business: Business) -> None:
    assert owner_client.get(f"{business.base}parked/?cursor=%00x").status_code == 200


def test_source_is_shown_as_text(owner_client: Client, business: Business, event: InboundEvent) -> None:
    content = owner_client.get(f"{business.base}parked/{event.pk}/").content.decode()
    assert "<script>alert" not in content
    assert "&lt;script&gt;alert(1)" in content


def test_events_of_another_business_are_404(
    stranger_client: Client, other: Business, event: InboundEvent
) -> None:
    assert stranger_client.get(f"{other.base}parked/{event.pk}/").status_code == 404
    assert stranger_client.post(f"{other.base}parked/{event.pk}/replay/").status_code == 404


def test_replay_reads_it_again_once(owner_client: Client, business: Business, event: InboundEvent) -> None:
    for _time in range(2):
        response = owner_client.post(f"{business.base}parked/{event.pk}/replay/")
        assert (response.status_code, response["Location"]) == (302, f"{business.base}parked/")
    with tenant_scope(business.tenant.id):
        assert InboundEvent.objects.values_list("outcome", "attempts").get(pk=event.pk) == ("pending", 0)


@pytest.mark.parametrize("status", ["failed", "unknown"])
def test_resend(teammate_client: Client, business: Business, conversation: Conversation, status: str) -> None:
    delivery = failed(business, conversation, status)
    url = f"{business.base}deliveries/{delivery.pk}/resend/"
    assert teammate_client.post(url, {"next": "parked"})["Location"] == f"{business.base}parked/"
    with tenant_scope(business.tenant.id):
        delivery.refresh_from_db()
        assert (delivery.status, delivery.reason) == ("pending", "")
    again = teammate_client.post(url, headers={"HX-Request": "true"})
    assert [item.message.pk for item in again.context["items"] if item.message][-1] == delivery.message_id


def test_resend_is_for_members_who_may(
    stranger_client: Client,
    analyst_client: Client,
    narrow_client: Client,
    business: Business,
    conversation: Conversation,
) -> None:
    url = f"{business.base}deliveries/{failed(business, conversation).pk}/resend/"
    assert stranger_client.post(url).status_code == 404
    assert narrow_client.post(url).status_code == 404
    assert analyst_client.post(url).status_code == 403
