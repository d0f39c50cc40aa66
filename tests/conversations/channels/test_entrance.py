"""A remembered entrance opens nothing that its channel and door do not open now."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations.actions import inbound
from conversations.actions.channels import delete_channel, reset_token, update_channel
from conversations.channels import entrance
from conversations.channels.entrance import EntranceChanged
from conversations.models import Channel, InboundEvent
from tenants.scoping import tenant_scope
from tests.conversations.actions.vendor import entrance_of
from tests.conversations.channels.email.test_hook import Mailbox, mail
from tests.conversations.channels.web.test_chat import Visitor
from tests.factories.tenants import Business


@pytest.fixture
def mailbox(business: Business) -> Mailbox:
    """Its entrance is remembered."""
    box = Mailbox(business)
    assert box.post(mail("Uno")).status_code == 200
    return box


@pytest.fixture
def visitor(business: Business) -> Visitor:
    """The chat's entrance is remembered."""
    one = Visitor(business).begin()
    assert write(one).status_code == 202
    return one


def write(visitor: Visitor, **headers: str) -> Any:
    return visitor.post("messages", {"client_id": str(uuid4()), "text": "Hola"}, **headers)


def change(business: Business, channel: Channel, **changes: Any) -> None:
    with tenant_scope(business.tenant.id):
        update_channel(channel=Channel.objects.get(pk=channel.pk), by=business.actor(), **changes)


def stored(business: Business) -> int:
    with tenant_scope(business.tenant.id):
        return InboundEvent.objects.count()


@pytest.mark.django_db(transaction=True)
def test_remembered_entrance_costs_one_message_to_the_database(mailbox: Mailbox, visitor: Visitor) -> None:
    for again in (lambda: mailbox.post(mail("Dos")), lambda: write(visitor)):
        with CaptureQueriesContext(connection) as queries:
            assert again().status_code in (200, 202)
        assert len(queries) == 1


def test_new_token_counts_at_once_and_the_old_one_no_more(business: Business, mailbox: Mailbox) -> None:
    with tenant_scope(business.tenant.id):
        new = reset_token(channel=mailbox.channel, by=business.actor())
    assert mailbox.post(mail("Dos")).status_code == 401
    assert mailbox.post(mail("Dos"), new).status_code == 200
    assert stored(business) == 2


def test_closed_channel_takes_nothing_any_more(business: Business, mailbox: Mailbox) -> None:
    with tenant_scope(business.tenant.id):
        delete_channel(channel=mailbox.channel, by=business.actor())
    assert mailbox.post(mail("Dos")).status_code == 401
    assert stored(business) == 1


def test_chat_that_is_switched_off_takes_nothing_until_it_is_on_again(
    business: Business, visitor: Visitor
) -> None:
    change(business, visitor.channel, is_active=False)
    assert write(visitor).status_code == 404
    change(business, visitor.channel, is_active=True)
    assert write(visitor).status_code == 202
    assert stored(business) == 2


def test_site_that_is_struck_from_the_list_is_refused_at_once(business: Business, visitor: Visitor) -> None:
    site = {"origin": "https://bicis.mx"}
    assert write(visitor, **site).status_code == 202
    change(business, visitor.channel, settings={"origins": ["https://otra.mx"]})
    assert write(visitor, **site).status_code == 403
    change(business, visitor.channel, settings={"origins": ["https://bicis.mx"]})
    assert write(visitor, **site).status_code == 202
    assert stored(business) == 3


def test_entrance_of_before_a_change_stores_nothing(business: Business, mailbox: Mailbox) -> None:
    before = entrance_of(mailbox.channel)
    change(business, mailbox.channel, name="Correo")
    with pytest.raises(EntranceChanged):
        inbound.store(entrance=before, body=b"x", content_type="x")
    assert stored(business) == 1


def test_memory_is_bounded(business: Business, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance, "MOST", len(entrance._known))
    entrance._remember(entrance_of(mailbox.channel))
    assert list(entrance._known) == [mailbox.channel.pk]
