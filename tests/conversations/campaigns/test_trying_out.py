"""Tests of what is written: to oneself, to a number, to a customer, and never in the figures."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from conversations.actions.campaigns import trying_out
from conversations.actions.campaigns.trying_out import Asked
from conversations.channels.base import ChannelError
from conversations.channels.sms.adapter import SmsAdapter
from conversations.models import Campaign, Channel, Conversation, Delivery, Message, Notification, Recipient
from crm.models import Case, Customer, Identity, Medium, Suppression
from tenants.models import Tenant
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, key_for
from tests.conversations.campaigns.test_pages import drafted, path
from tests.factories.campaigns import Sink, agree, make_campaign, make_template
from tests.factories.tenants import Business

NUMBER, TEXT = "+523312345678", "Hola {{ customer.first_name | default: 'amiga' }}"
Asking = Callable[..., list[Asked]]


@pytest.fixture
def api(business: Business) -> Api:
    return Api(key_for(business))


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the vendor of SMS was given: number and text."""
    found: list[tuple[str, str]] = []

    def prepare(_self: Any, delivery: Delivery) -> tuple[str, str]:
        identity = delivery.message.conversation.identity
        assert identity is not None
        return identity.value, delivery.message.text

    def send(_self: Any, prepared: tuple[str, str]) -> str:
        found.append(prepared)
        return "SM1"

    monkeypatch.setattr(SmsAdapter, "prepare", prepare)
    monkeypatch.setattr(SmsAdapter, "send", send)
    return found


@pytest.fixture
def asking(
    business: Business, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> Asking:
    """Do something; what a worker was rung for is done by it at once."""

    def ask(do: Callable[[], Any]) -> list[Asked]:
        rung: list[Asked] = []
        ring = lambda _task, _tenant, *asked: rung.append(Asked(*asked))  # noqa: E731
        monkeypatch.setattr(trying_out, "ring", ring)
        with django_capture_on_commit_callbacks(execute=True):
            do()
        for asked in rung:
            trying_out.send(str(business.tenant.id), asked)
        return rung

    return ask


@pytest.fixture
def texting(business: Business, made: dict[str, Any]) -> dict[str, Any]:
    """The same campaign by SMS, and a customer whom it reaches there."""
    with tenant_scope(business.tenant.id):
        channel = Channel.objects.create(kind="sms", name="SMS", address="+15550001111")
        template = make_template("Por SMS", sms={"es": {"text": TEXT}})
        ana = made["people"][1]
        Identity.objects.create(customer=ana, kind="phone", value=NUMBER)
        campaign = make_campaign(made["segment"], channels=[channel])
        campaign.variants.update(template=template)  # type: ignore[attr-defined]
    return {**made, "campaign": campaign, "template": template, "ana": ana}


def nothing_stays() -> None:
    kept = Message.objects.count(), Delivery.objects.count(), Conversation.objects.count()
    assert (*kept, Recipient.objects.count(), Customer.objects.count()) == (0, 0, 0, 0, 4)


def test_mail_goes_to_oneself_filled_in_as_for_a_customer(
    business: Business, made: dict[str, Any], owner_client: Client, sink: Sink, asking: Asking
) -> None:
    page = path(business, f"{drafted(business, made).pk}/test-send/")
    asking(lambda: owner_client.post(page, {"who": "me", "customer": made["people"][1].pk}))
    [mail] = sink.taken
    assert (mail["To"].addresses[0].addr_spec, mail["Subject"]) == (
        business.owner.user.email, "[Prueba] Tu bici, Ana1",
    )  # fmt: skip
    with tenant_scope(business.tenant.id):
        nothing_stays()


def test_number_of_nobody_gets_it_and_nothing_stays_at_both_doors(
    business: Business, texting: dict[str, Any], owner_client: Client, api: Api, asking: Asking,
    taken: list[tuple[str, str]],
) -> None:  # fmt: skip
    campaign, template = texting["campaign"], texting["template"]
    page = path(business, f"{campaign.pk}/test-send/")
    asking(lambda: owner_client.post(page, {"who": "number", "number": "33 8765 4321"}))
    body = {"number": "33 8765 4321", "medium": "sms"}
    asking(lambda: api.post(f"message-templates/{template.pk}/test-sends/", body))
    assert taken == [("+523387654321", "[Prueba] Hola Ana")] * 2
    with tenant_scope(business.tenant.id):
        nothing_stays()
        Suppression.objects.create(kind="phone", value="+523387654321", reason="by_hand", covers="promotion")
    answer = api.post(f"campaigns/{campaign.pk}/test-sends/", {"number": "+523387654321"})
    assert (answer.status_code, b"number" in answer.content) == (422, True)
    assert api.post(f"campaigns/{campaign.pk}/test-sends/", {}).status_code == 422


def test_it_is_marked_in_the_language_of_the_business(
    business: Business, texting: dict[str, Any], api: Api, asking: Asking, taken: list[tuple[str, str]]
) -> None:
    with tenant_scope(business.tenant.id):
        Tenant.objects.update(language="pt-br")
    body = {"number": "33 8765 4321", "medium": "sms"}
    asking(lambda: api.post(f"message-templates/{texting['template'].pk}/test-sends/", body))
    assert [text.partition(" ")[0] for _number, text in taken] == ["[Teste]"]


def test_customer_gets_it_only_where_a_campaign_might_reach_him(
    business: Business, texting: dict[str, Any], owner_client: Client, api: Api, asking: Asking,
    taken: list[tuple[str, str]],
) -> None:  # fmt: skip
    ana = texting["ana"]
    one = f"message-templates/{texting['template'].pk}/test-sends/"
    to_ana = {"to_customer_id": str(ana.pk), "medium": "sms"}
    assert api.post(one, to_ana).status_code == 422  # she agreed to mails alone
    assert api.post(one, {"number": NUMBER, "medium": "sms"}).status_code == 422
    with tenant_scope(business.tenant.id):
        agree(ana, Medium.SMS)
    page = f"{business.base}templates/{texting['template'].pk}/test-send/"
    form = {"medium": "sms", "language": "es", "who": "customer", "customer": ana.pk}
    [asked] = asking(lambda: owner_client.post(page, form))
    assert (asked.customer, taken) == (str(ana.pk), [(NUMBER, "[Prueba] Hola Ana1")])
    with tenant_scope(business.tenant.id):
        Case.objects.create(customer=ana, kind=Case.Kind.COMPLAINT, subject="Rota", opened_at=ana.created_at)
    refused = api.post(one, to_ana)
    assert (refused.status_code, len(taken)) == (422, 1)
    with tenant_scope(business.tenant.id):
        nothing_stays()


def test_who_asked_is_told_when_it_did_not_go(
    business: Business, texting: dict[str, Any], owner_client: Client, asking: Asking,
    taken: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def refuse(_self: Any, _prepared: Any) -> str:
        raise ChannelError("Kein Anschluss", permanent=True)

    monkeypatch.setattr(SmsAdapter, "send", refuse)
    page = path(business, f"{texting['campaign'].pk}/test-send/")
    asking(lambda: owner_client.post(page, {"who": "number", "number": "33 8765 4321"}))
    with tenant_scope(business.tenant.id):
        told = Notification.objects.get()
        assert (told.membership_id, told.data["why"]) == (business.owner.pk, "test")
        assert told.data["reason"] == "Kein Anschluss"
    opened = owner_client.post(f"{business.base}notifications/{told.pk}/opening/")
    assert opened["Location"] == path(business, f"{texting['campaign'].pk}/")


def test_strangers_and_too_many_are_refused(
    business: Business, texting: dict[str, Any], api: Api, stranger_client: Client,
    monkeypatch: pytest.MonkeyPatch, taken: list[tuple[str, str]],
) -> None:  # fmt: skip
    campaign = texting["campaign"]
    page = path(business, f"{campaign.pk}/test-send/")
    assert stranger_client.post(page, {"who": "number", "number": NUMBER}).status_code == 404
    monkeypatch.setattr(trying_out, "allow", lambda *_given, **_limits: False)
    answer = api.post(f"campaigns/{campaign.pk}/test-sends/", {"number": "33 8765 4321"})
    assert (answer.status_code, taken) == (422, [])
    with tenant_scope(business.tenant.id):
        assert Campaign.objects.get().state == "draft"
