"""Speaking to colleagues in a note: the list, the chip, and who cannot see the conversation."""

import pytest
from django.test import Client

from conversations.models import Conversation, Message, Notification
from tenants.models import Membership, Team
from tenants.scoping import tenant_scope
from tests.factories.conversations import thread_url
from tests.factories.tenants import Business

UNSEEING = 'class="unseeing"'  # who cannot see the conversation, and what would change that


def post_note(client: Client, business: Business, conversation: Conversation, text: str) -> str:
    response = client.post(thread_url(business, conversation, "notes"), {"text": text}, follow=True)
    assert response.status_code == 200
    return response.text


def test_choices_name_colleagues_and_teams_and_who_cannot_see(
    business: Business, owner_client: Client, conversation: Conversation, narrow: Membership, team: Team
) -> None:
    page = owner_client.get(thread_url(business, conversation, "mentions")).text
    assert page.index("Aldo Agente") < page.index("Nico Estrecho") < page.index("Taller")
    assert ("Olga Dueña" in page, page.count("#eye-off")) == (False, 1)


@pytest.mark.parametrize("who", ["analyst_client", "stranger_client", "narrow_client"])
def test_choices_are_only_for_those_who_write_there(
    request: pytest.FixtureRequest, business: Business, conversation: Conversation, who: str
) -> None:
    response = request.getfixturevalue(who).get(thread_url(business, conversation, "mentions"))
    assert response.status_code == (403 if who == "analyst_client" else 404)


def test_mention_is_a_chip_and_a_notification(
    business: Business, owner_client: Client, conversation: Conversation
) -> None:
    page = post_note(owner_client, business, conversation, "@aldo agente mira <b>")
    assert '<span class="mention">@aldo agente</span> mira &lt;b&gt;' in page
    with tenant_scope(business.tenant.id):
        assert Notification.objects.get().membership_id == business.agent.pk


def test_author_is_told_who_cannot_see_and_may_share(
    business: Business, owner_client: Client, conversation: Conversation, narrow: Membership
) -> None:
    page = post_note(owner_client, business, conversation, "@Nico Estrecho ¿puedes?")
    assert UNSEEING in page
    with tenant_scope(business.tenant.id):
        assert Notification.objects.count() == 0
    owner_client.post(thread_url(business, conversation, "assignment"), {"to": str(narrow.pk)})
    after = owner_client.get(thread_url(business, conversation)).text
    assert UNSEEING not in after
    with tenant_scope(business.tenant.id):
        assert [one.kind for one in Notification.objects.filter(membership=narrow)] == ["assigned"]


def test_only_the_author_is_told(
    business: Business,
    owner_client: Client,
    teammate_client: Client,
    conversation: Conversation,
    narrow: Membership,
) -> None:
    post_note(owner_client, business, conversation, "@Nico Estrecho ¿puedes?")
    assert UNSEEING not in teammate_client.get(thread_url(business, conversation)).text


def test_the_chosen_one_of_two_with_a_name_is_meant(
    business: Business, owner_client: Client, conversation: Conversation
) -> None:
    first, second = (business.add_member(name="Ana Paz") for _ in range(2))
    owner_client.post(
        thread_url(business, conversation, "notes"),
        {"text": "@Ana Paz mira", "mention": [str(second.pk), "x"]},
    )
    with tenant_scope(business.tenant.id):
        (note,) = Message.objects.filter(kind="note")
        assert [one["id"] for one in note.data["mentions"]] == [str(second.pk)]
        assert not Notification.objects.filter(membership=first).exists()
