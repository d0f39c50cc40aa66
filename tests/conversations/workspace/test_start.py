"""/inbox/new/<customer>/ and the palette's customers"""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django.asserts import assertContains

from conversations.models import Channel, Conversation, Message
from crm.models import Identity
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_channel, make_conversation
from tests.factories.tenants import Business


def form(business: Business, conversation: Conversation, **changes: Any) -> dict[str, Any]:
    with tenant_scope(business.tenant.id):
        return {
            "to": way(conversation),
            "subject": "Tu bici está lista",
            "text": "Pasa cuando quieras.",
            "client_id": str(uuid4()),
        } | changes


def way(conversation: Conversation) -> str:
    return (
        f"{make_channel('email').pk}:{Identity.objects.get(customer=conversation.customer, kind='email').pk}"
    )


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
    "changes",
    [{"text": ""}, {"subject": "\x00"}, {"subject": " "}, {"to": "x"}, {"to": ""}, {"client_id": "x"}],
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
        channel = make_channel("email")
    data = form(business, conversation, to=f"{channel.pk}:{foreign.pk}")
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


# --- which ways there are ---


def test_ways_are_the_addresses_that_an_active_channel_reaches(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        second = Identity.objects.create(
            customer=conversation.customer, kind="email", value="b@x.mx", display="b@x.mx"
        )
        Identity.objects.create(customer=conversation.customer, kind="web", value="w", display="w")
        Channel.objects.create(kind="email", name="Ventas")
        Channel.objects.create(kind="email", name="Viejo", is_active=False)
    url = start_url(business, conversation)
    page = owner_client.get(f"{url}?identity={second.pk}")
    choices = page.context["form"].fields["to"].choices
    assert {label.split(" · ")[1] for _key, label in choices} == {make_channel_name(business), "Ventas"}
    assert len(choices) == 4
    assert str(page.context["form"].initial["to"]).endswith(f":{second.pk}")
    assert owner_client.get(f"{url}?identity=nonsense").context["form"].initial["to"] is None


def make_channel_name(business: Business) -> str:
    with tenant_scope(business.tenant.id):
        return make_channel("email").name


def test_address_that_no_channel_reaches_is_said(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        phone = Identity.objects.create(
            customer=conversation.customer, kind="external", value="CLI-7", display="CLI-7"
        )
    page = owner_client.get(f"{start_url(business, conversation)}?identity={phone.pk}")
    assert (page.status_code, page.context["unreached"]) == (200, phone)
    assertContains(page, "Ningún canal activo llega a CLI-7. Elige otra dirección.")


def test_customer_whom_no_channel_reaches(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        Identity.objects.filter(customer=conversation.customer).update(kind="external")
    page = owner_client.get(start_url(business, conversation))
    assert (page.status_code, page.context["reaches"]) == (200, False)
    assertContains(page, "Ningún canal llega a este cliente")


def test_customer_page_leads_to_writing_to_each_address(
    teammate_client: Client, analyst_client: Client, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        address = conversation.customer.identities.get()
        web = Identity.objects.create(customer=conversation.customer, kind="web", value="w", display="w")
    url = start_url(business, conversation)
    customer = f"{business.base}customers/{conversation.customer_id}/"
    for headers in ({}, {"hx-request": "true", "hx-target": "customer-panel"}):
        place = customer if not headers else f"{customer}panel/"
        page = teammate_client.get(place, headers=headers).text
        assert (f"{url}?identity={address.pk}" in page, f"{url}?identity={web.pk}" in page) == (True, False)
        assert url not in analyst_client.get(place, headers=headers).text


# --- /inbox/new/ ---


def test_new_shows_the_latest_contacts_and_finds_others(
    teammate_client: Client,
    analyst_client: Client,
    narrow_client: Client,
    stranger_client: Client,
    business: Business,
    other: Business,
    conversation: Conversation,
) -> None:
    with tenant_scope(business.tenant.id):
        make_conversation("Hola", name="Luis Peña")

    def shown(client: Client, query: str = "", of: Business = business) -> list[str]:
        return [one.name for one in client.get(f"{of.base}inbox/new/{query}").context["customers"]]

    assert shown(teammate_client) == ["Luis Peña", "Ana Flores"]
    assert shown(teammate_client, "?q=flores") == ["Ana Flores"]
    assert shown(teammate_client, "?q=%00") == ["Luis Peña", "Ana Flores"]
    assert shown(narrow_client) == shown(narrow_client, "?q=flores") == []
    assert shown(stranger_client, of=other) == []
    assert stranger_client.get(f"{business.base}inbox/new/").status_code == 404
    assert analyst_client.get(f"{business.base}inbox/new/").status_code == 403
    piece = teammate_client.get(f"{business.base}inbox/new/?q=flores", headers={"hx-request": "true"}).text
    assert ("<html" in piece, start_url(business, conversation) in piece) == (False, True)


def test_inbox_offers_a_new_conversation_to_those_who_may(
    teammate_client: Client, analyst_client: Client, business: Business
) -> None:
    url = f'href="{business.base}inbox/new/"'
    assert teammate_client.get(f"{business.base}inbox/").text.count(url) == 2  # the button and the palette
    assert analyst_client.get(f"{business.base}inbox/").text.count(url) == 0


# --- the first steps ---


def test_inbox_fetches_the_first_steps_for_those_who_may_change_settings(
    owner_client: Client, teammate_client: Client, business: Business
) -> None:
    card = f'hx-get="{business.base}start/card/"'
    inbox = f"{business.base}inbox/?view=all"
    assert (owner_client.get(inbox).text.count(card), teammate_client.get(inbox).text.count(card)) == (1, 0)
    assert owner_client.get(f"{inbox}&q=nada").text.count(card) == 0
    with tenant_scope(business.tenant.id):
        made = make_conversation("Hola", name="Luis Peña")
    assert owner_client.get(inbox).text.count(card) == 1
    assert owner_client.get(f"{business.base}inbox/{made.pk}/?view=all").text.count(card) == 0
