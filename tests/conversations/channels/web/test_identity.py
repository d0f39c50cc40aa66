"""Visitors whom the business's site vouches for, and those it does not."""

import hashlib
import hmac
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from conversations.actions.web_identity import reset_identity_secret
from conversations.channels.web.identity import EXPIRED, MALFORMED, SIGNATURE, UNSET, sign
from conversations.models import Channel, Conversation
from crm.identities import resolve
from crm.models import Customer
from tenants.models import AuditEvent
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.conversations.channels.web.visitor import Visitor
from tests.factories.tenants import Business

ANA = {"id": "c-7", "email": "ana@example.com", "name": "Ana Gómez", "phone": "+52 33 1234 5678"}
BOB = {"id": "c-8", "email": "bob@example.com"}


def signed(secret: str, claims: dict[str, str], *, lasts: int = 3_600) -> dict[str, Any]:
    expires = int(time.time()) + lasts
    return {**claims, "expires": expires, "signature": sign(claims, expires, secret)}


@pytest.fixture
def secret(business: Business) -> str:
    with tenant_scope(business.tenant.id):
        channel = Channel.objects.get(kind="web")
        return reset_identity_secret(channel=channel, by=business.actor())


@pytest.fixture
def visitor(business: Business) -> Visitor:
    return Visitor(business)


def test_signature_is_what_the_guide_says() -> None:
    lines = "c-7\nana@example.com\nAna Gómez\n\n1790000000"
    expected = hmac.new(b"wi_secret", lines.encode(), hashlib.sha256).hexdigest()
    claims = {"id": "c-7", "email": "ana@example.com", "name": "Ana Gómez"}
    assert sign(claims, 1_790_000_000, "wi_secret") == expected


def test_vouched_for_visitor_is_a_customer_with_verified_addresses(visitor: Visitor, secret: str) -> None:
    reply = visitor.begin(identity=signed(secret, ANA))
    assert (reply["identified"], reply["problem"], reply["known"]) == (True, "", True)
    assert reply["visitor"] == {"name": "Ana Gómez"}
    message = visitor.said("¿Dónde va mi pedido?")
    with tenant_scope(visitor.business.tenant.id):
        customer = message.conversation.customer
        assert customer.name == "Ana Gómez"
        known = customer.identities.exclude(kind="web").order_by("kind")
        assert list(known.values_list("kind", "value", "is_verified")) == [
            ("email", "ana@example.com", True),
            ("external", "c-7", True),
            ("phone", "+523312345678", True),
        ]


@pytest.mark.parametrize(("kind", "value"), [("external", "c-7"), ("email", "ana@example.com")])
def test_vouched_for_visitor_joins_the_customer_we_know(
    visitor: Visitor, secret: str, kind: str, value: str
) -> None:
    with tenant_scope(visitor.business.tenant.id):
        known, _created = resolve(kind=kind, raw=value, name="Ana G.", country="MX")
    visitor.begin(identity=signed(secret, ANA))
    message = visitor.said("Hola")
    with tenant_scope(visitor.business.tenant.id):
        assert message.conversation.customer_id == known.pk
        assert Customer.objects.get().name == "Ana G."  # the profile's name replaces none


def test_who_logs_in_after_writing_keeps_the_conversation(visitor: Visitor, secret: str) -> None:
    visitor.begin()
    first = visitor.said("Hola")
    visitor.begin(identity=signed(secret, ANA))
    assert visitor.said("Soy Ana").conversation_id == first.conversation_id
    with tenant_scope(visitor.business.tenant.id):
        assert Customer.objects.get().identities.filter(kind="external", value="c-7").exists()


def test_who_is_known_as_somebody_else_begins_anew_as_himself(visitor: Visitor, secret: str) -> None:
    with tenant_scope(visitor.business.tenant.id):
        known, _created = resolve(kind="external", raw="c-7", name="Ana", country="MX")
    visitor.begin()
    visitor.said("Hola")
    visitor.begin(identity=signed(secret, ANA))
    message = visitor.said("Soy Ana")
    with tenant_scope(visitor.business.tenant.id):
        assert message.conversation.customer_id == known.pk
        assert Conversation.objects.count() == 2


@pytest.mark.parametrize("next_one", ["signed", "wrongly signed"])
def test_next_person_at_the_same_browser_sees_nothing_of_the_last(
    visitor: Visitor, secret: str, next_one: str
) -> None:
    visitor.begin(identity=signed(secret, ANA))
    visitor.said("Mi secreto")
    claims = signed(secret, BOB) if next_one == "signed" else signed("another", BOB)
    reply = visitor.begin(identity=claims)
    assert (reply["identified"], reply["live"]) == (next_one == "signed", False)
    assert visitor.get("messages/").json()["messages"] == []


def test_same_person_again_goes_on(visitor: Visitor, secret: str) -> None:
    visitor.begin(identity=signed(secret, ANA))
    visitor.said("Hola")
    visitor.begin(identity=signed(secret, ANA, lasts=60))
    visitor.begin()
    assert [one["text"] for one in visitor.get("messages/").json()["messages"]] == ["Hola"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"email": "jefa@example.com"}, SIGNATURE),
        ({"signature": "0" * 64}, SIGNATURE),
        ({"signature": "ñ"}, SIGNATURE),
        ({"signature": None}, MALFORMED),
        ({"expires": "soon"}, MALFORMED),
        ({"expires": True}, MALFORMED),
        ({"expires": 1 << 60}, MALFORMED),
        ({"id": {"x": 1}}, MALFORMED),
        ({"id": "", "email": ""}, MALFORMED),
        ({"name": "a\nb"}, MALFORMED),
        ({"name": "a\x00"}, MALFORMED),
        ({"id": "x" * 101}, MALFORMED),
    ],
)
def test_what_is_not_signed_right_says_why_and_counts_for_nothing(
    visitor: Visitor, secret: str, change: dict[str, Any], why: str
) -> None:
    reply = visitor.begin(identity=signed(secret, ANA) | change)
    assert (reply["identified"], reply["problem"], reply["known"], reply["visitor"]) == (
        False,
        why,
        False,
        {},
    )
    message = visitor.said("Hola")
    with tenant_scope(visitor.business.tenant.id):
        assert list(message.conversation.customer.identities.values_list("kind", flat=True)) == ["web"]


@pytest.mark.parametrize("lasts", [-1, 9 * 24 * 3_600])
def test_old_or_endless_signature_is_said(visitor: Visitor, secret: str, lasts: int) -> None:
    assert visitor.begin(identity=signed(secret, ANA, lasts=lasts))["problem"] == EXPIRED


@pytest.mark.parametrize("identity", [[], "x", 7])
def test_what_is_no_identity_is_malformed(visitor: Visitor, secret: str, identity: Any) -> None:
    assert visitor.begin(identity=identity)["problem"] == MALFORMED


def test_without_a_secret_nothing_can_be_vouched_for(visitor: Visitor) -> None:
    assert visitor.begin(identity=signed("", ANA))["problem"] == UNSET


def test_another_channels_token_or_secret_counts_for_nothing(
    visitor: Visitor, other: Business, secret: str
) -> None:
    neighbour = Visitor(other)
    assert neighbour.begin(identity=signed(secret, ANA))["problem"] == UNSET
    visitor.begin(identity=signed(secret, ANA))
    neighbour.token = visitor.token
    assert neighbour.begin()["identified"] is False


# --- the secret, at both doors ---


def address(business: Business, kind: str = "web") -> str:
    with tenant_scope(business.tenant.id):
        return f"{business.base}settings/channels/{Channel.objects.get(kind=kind).pk}/"


def test_secret_is_shown_once_and_the_old_one_ends(
    business: Business, owner_client: Client, visitor: Visitor, secret: str
) -> None:
    page = owner_client.post(f"{address(business)}identity-secret/")
    with tenant_scope(business.tenant.id):
        made = Channel.objects.get(kind="web").secrets["identity_secret"]
        assert AuditEvent.objects.filter(action="channel.identity_secret_reset").count() == 2
    assert (made in page.text, made != secret) == (True, True)
    assert made not in owner_client.get(address(business)).text
    assert visitor.begin(identity=signed(secret, ANA))["problem"] == SIGNATURE
    assert visitor.begin(identity=signed(made, ANA))["identified"] is True


def test_only_those_who_change_channels_make_a_secret_of_a_web_chat(
    business: Business, owner_client: Client, teammate_client: Client, stranger_client: Client
) -> None:
    place = f"{address(business)}identity-secret/"
    assert teammate_client.post(place).status_code == 403
    assert stranger_client.post(place).status_code == 404
    assert owner_client.get(place).status_code == 405
    assert owner_client.post(f"{address(business, 'email')}identity-secret/").status_code == 404


def test_secret_by_the_api(
    api: Api, stranger: Api, limited: Callable[..., Api], business: Business, visitor: Visitor
) -> None:
    place = f"channels/{visitor.channel.pk}/identity-secret/"
    made = api.post(place)
    assert made.status_code == 201
    assert visitor.begin(identity=signed(made.json()["secret"], ANA))["identified"] is True
    assert stranger.post(place).status_code == 404
    assert limited("channels:read").post(place).status_code == 403
    with tenant_scope(business.tenant.id):
        email = Channel.objects.get(kind="email")
    assert api.post(f"channels/{email.pk}/identity-secret/").status_code == 422
