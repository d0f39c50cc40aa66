"""Send later: planned in the composer, shown above it, sent, changed, taken back."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from conversations.actions.scheduled import schedule
from conversations.models import Conversation, Draft, Message, ScheduledReply
from conversations.workspace import later
from tenants.models import SpecialDay
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_inbound, thread_url
from tests.factories.tenants import Business

HTMX = {"HX-Request": "true"}


def waiting(business: Business) -> ScheduledReply:
    with tenant_scope(business.tenant.id):
        reply: ScheduledReply = ScheduledReply.objects.get()
        return reply


@pytest.fixture
def planned(business: Business, conversation: Conversation) -> ScheduledReply:
    with tenant_scope(business.tenant.id):
        return schedule(
            conversation=conversation,
            text="Mañana le aviso",
            send_at=timezone.now() + timedelta(hours=5),
            by=business.actor(),
        )


def act(client: Client, business: Business, reply: UUID, what: str, **data: Any) -> Any:
    return client.post(f"/b/{business.tenant.slug}/scheduled/{reply}/{what}/", data)


def test_the_composer_plans_an_answer_and_the_page_shows_it(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    url = thread_url(business, conversation, "replies")
    response = teammate_client.post(url, {"text": "Luego", "send_at": "hour"}, headers=HTMX)
    assert response.status_code == 200
    assert "Luego" in response.content.decode()
    reply = waiting(business)
    assert reply.send_at is not None
    assert timedelta(minutes=59) < reply.send_at - timezone.now() <= timedelta(hours=1)
    page = teammate_client.get(thread_url(business, conversation)).content.decode()
    assert f'data-id="{reply.pk}"' in page
    with tenant_scope(business.tenant.id):
        assert not Message.objects.filter(kind="outbound").exists()


def test_a_date_field_speaks_of_the_business_s_clock(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    zone = ZoneInfo(business.tenant.timezone)
    moment = (timezone.now() + timedelta(days=2)).astimezone(zone).replace(second=0, microsecond=0)
    own = {"text": "Luego", "send_at": "own", "send_at_own": moment.strftime("%Y-%m-%dT%H:%M")}
    owner_client.post(thread_url(business, conversation, "replies"), own)
    assert waiting(business).send_at == moment


@pytest.mark.parametrize("wrong", ["", "never", "2020-01-01T10:00", "9999-12-31T23:59", "week", "\x00"])
def test_a_time_that_is_none_keeps_the_text_in_the_composer(
    owner_client: Client, business: Business, conversation: Conversation, wrong: str
) -> None:
    sent = {"text": "Luego", "send_at": "own", "send_at_own": wrong}
    url = thread_url(business, conversation, "replies")
    assert owner_client.post(url, sent, headers=HTMX).status_code == 422
    page = owner_client.post(url, sent)
    assert (page.status_code, "Luego" in page.content.decode()) == (422, True)
    with tenant_scope(business.tenant.id):
        assert not ScheduledReply.objects.exists()


def test_a_note_is_never_planned(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    owner_client.post(thread_url(business, conversation, "notes"), {"text": "nota", "send_at": "hour"})
    with tenant_scope(business.tenant.id):
        assert not ScheduledReply.objects.exists()
        assert Message.objects.filter(kind="note", text="nota").exists()


def test_tomorrow_is_nine_o_clock_or_when_the_business_opens(business: Business) -> None:
    zone = ZoneInfo(business.tenant.timezone)
    friday = datetime(2026, 11, 20, 18, tzinfo=zone)
    tenant = business.tenant
    tenant.hours = {day: [["08:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    with tenant_scope(tenant.id), time_machine.travel(friday - timedelta(days=1), tick=False):
        assert later.morning(tenant) == datetime(2026, 11, 20, 9, tzinfo=zone)
    with tenant_scope(tenant.id), time_machine.travel(friday, tick=False):
        assert later.morning(tenant) == datetime(2026, 11, 23, 8, tzinfo=zone)
        SpecialDay.objects.create(date=datetime(2026, 11, 23).date(), name="Puente", hours=[])
        assert later.morning(tenant) == datetime(2026, 11, 24, 8, tzinfo=zone)


def test_the_page_says_when_the_customer_has_written_since(
    owner_client: Client, business: Business, conversation: Conversation, planned: ScheduledReply
) -> None:
    with tenant_scope(business.tenant.id):
        assert later.shown(conversation)[0].is_outrun is False
        address = conversation.identity.value if conversation.identity else ""
        make_inbound("¿Y bien?", address=address)
        Conversation.objects.filter(pk=conversation.pk).update(last_inbound_at=timezone.now())
        conversation.refresh_from_db()
        assert later.shown(conversation)[0].is_outrun is True


def test_it_is_sent_changed_and_taken_back(
    teammate_client: Client, business: Business, conversation: Conversation, planned: ScheduledReply
) -> None:
    moment = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    response = act(teammate_client, business, planned.pk, "change", text="Otra cosa", send_at=moment)
    assert response.status_code == 302
    assert waiting(business).text == "Otra cosa"
    assert act(teammate_client, business, planned.pk, "change", text="x", send_at="ayer").status_code == 302
    assert waiting(business).text == "Otra cosa"
    act(teammate_client, business, planned.pk, "sending")
    with tenant_scope(business.tenant.id):
        assert Message.objects.filter(kind="outbound", text="Otra cosa").count() == 1
        second = schedule(
            conversation=conversation,
            text="Más",
            send_at=timezone.now() + timedelta(hours=1),
            by=business.actor(),
        )
    act(teammate_client, business, second.pk, "cancellation")
    with tenant_scope(business.tenant.id):
        assert not ScheduledReply.objects.exists()
        assert Draft.objects.get(membership=business.agent).body == "Más"
    page = teammate_client.get(thread_url(business, conversation)).content.decode()
    assert "Más</textarea>" in page


def test_who_may_not(
    stranger_client: Client,
    analyst_client: Client,
    narrow_client: Client,
    business: Business,
    planned: ScheduledReply,
) -> None:
    for what in ("sending", "change", "cancellation"):
        assert act(stranger_client, business, planned.pk, what).status_code == 404
        assert act(narrow_client, business, planned.pk, what).status_code == 404
        assert act(analyst_client, business, planned.pk, what).status_code == 403
        assert act(narrow_client, business, uuid4(), what).status_code == 404
    assert waiting(business).text == "Mañana le aviso"
