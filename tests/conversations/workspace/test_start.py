"""/inbox/new/<customer>/ and the palette's customers"""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from conversations.models import Conversation, Message
from crm.models import Identity
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_channel, make_conversation
from tests.factories.tenants import Business


def form(business: Business, conversation: Conversation, **changes: Any) -> dict[str, Any]:
    with tenant_scope(business.tenant.id):
        return {
            "channel": make_channel("email").pk,
            "to": Identity.objects.get(customer=conversation.customer, kind="email").pk,
            "subject": "Tu bici está lista",
            "text": "Pasa cuando quieras.",
            "client_id": str(uuid4()),
        } | changes


def start_url(business: Business, conversation: Conversation) -> str:
    return f"{business.base}inbox/new/{conversation.customer_id}/"


def test_first_mail_opens_a_conversation_that_waits(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    data = form(business, conversation)
    addresses = {
        teammate_client.post(start_url(business, conversation), data)["Location"] for _time in range(2)
    }
    with tenant_scope(business.tenant.id):
        made = Conversation.objects.exclude(pk=conversation.pk).get()
        assert addresses == {f"{business.base}inbox/{made.pk}/"}
        assert (made.subject, made.status, made.assignee_id) == (
            "Tu bici está lista",
            "waiting",
            business.agent.pk,
        )
        assert [message.text for message in Message.objects.filter(conversation=made)] == [
            "Pasa cuando quieras."
        ]


@pytest.mark.parametrize(
    "changes", [{"text": ""}, {"subject": "\x00"}, {"to": "x"}, {"channel": ""}, {"client_id": "x"}]
)
def test_what_is_missing_is_explained(
    teammate_client: Client, business: Business, conversation: Conversation, changes: dict[str, str]
) -> None:
    response = teammate_client.post(
        start_url(business, conversation), form(business, conversation, **changes)
    )
    assert response.status_code == 422


def test_address_of_somebody_else_is_refused(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        foreign = make_conversation(name="Otra").customer.identities.get()
    data = form(business, conversation, to=foreign.pk)
    assert teammate_client.post(start_url(business, conversation), data).status_code == 422


def test_starting_is_for_members_who_may(
    stranger_client: Client,
    analyst_client: Client,
    narrow_client: Client,
    business: Business,
    conversation: Conversation,
) -> None:
    url = start_url(business, conversation)
    assert stranger_client.get(url).status_code == 404
    assert analyst_client.get(url).status_code == 403
    assert narrow_client.get(url).status_code == 404


def test_palette_finds_customers_one_may_see(
    owner_client: Client,
    narrow_client: Client,
    stranger_client: Client,
    business: Business,
    other: Business,
    conversation: Conversation,
) -> None:
    def found(client: Client, of: Business) -> list[str]:
        return [
            customer.name for customer in client.get(f"{of.base}inbox/palette/?q=flores").context["customers"]
        ]

    assert found(owner_client, business) == ["Ana Flores"]
    assert found(narrow_client, business) == []
    assert found(stranger_client, other) == []
    assert stranger_client.get(f"{business.base}inbox/palette/?q=flores").status_code == 404
