"""/settings/channels/"""

from typing import Any

import pytest
from django.test import Client

from conversations.models import Channel
from tenants import doors
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_channel
from tests.factories.tenants import Business


def channel(business: Business, kind: str) -> Channel:
    with tenant_scope(business.tenant.id):
        return make_channel(kind)


def url(business: Business, kind: str, noun: str = "") -> str:
    return f"{business.base}settings/channels/{channel(business, kind).pk}/" + noun


def save(client: Client, business: Business, kind: str, **data: Any) -> Any:
    fields: dict[str, Any] = {"name": "Chat", "is_active": "on"}
    fields |= {"address": "hola@bicis.mx"} if kind == "email" else {}
    return client.post(url(business, kind), fields | data)


def test_list_shows_both(teammate_client: Client, business: Business) -> None:
    response = teammate_client.get(f"{business.base}settings/channels/")
    assert [row["channel"].kind for row in response.context["rows"]] == ["web", "email"]


def test_snippet_names_the_channel(owner_client: Client, business: Business) -> None:
    content = owner_client.get(url(business, "web")).content.decode()
    assert f"data-channel=&quot;{channel(business, 'web').pk}&quot;" in content


def test_web_settings_are_kept(owner_client: Client, business: Business) -> None:
    origins = (
        "https://Tienda.example.com/camino\ntienda2.example.com\nhttp://localhost:3000\n\nhttps://*.bicis.mx"
    )
    response = save(owner_client, business, "web", greeting="¡Hola!", prechat=["email"], origins=origins)
    assert response.status_code == 302
    assert channel(business, "web").settings == {
        "greeting": "¡Hola!",
        "prechat": ["email"],
        "origins": [
            "https://tienda.example.com", "https://tienda2.example.com", "http://localhost:3000", "https://*.bicis.mx",
        ],
    }  # fmt: skip


BAD_SETTINGS: list[dict[str, Any]] = [
    {"origins": "no es un sitio"},
    {"origins": "https://"},
    {"origins": "javascript:alert(1)"},
    {"origins": "https://a.mx:999999"},
    {"origins": "\n".join(f"https://a{n}.mx" for n in range(60))},
    {"origins": "https://[::1"},
    {"name": ""},
    {"prechat": ["password"]},
    {"name": "a\x00"},
]


def test_bad_web_settings_are_explained(owner_client: Client, business: Business) -> None:
    for data in BAD_SETTINGS:
        assert save(owner_client, business, "web", **data).status_code == 422, data
        assert channel(business, "web").settings["origins"] == [], data


def test_email_settings_are_kept(owner_client: Client, business: Business) -> None:
    save(owner_client, business, "email", address="Hola@Bicis.mx", sender_name="Bicis")
    kept = channel(business, "email")
    assert (kept.name, kept.address, kept.settings["sender_name"]) == ("Chat", "hola@bicis.mx", "Bicis")


@pytest.mark.parametrize("address", ["", "hola", "a@b@c", "a\r\nb@c.mx", "\x00@c.mx"])
def test_bad_addresses_are_explained(owner_client: Client, business: Business, address: str) -> None:
    assert save(owner_client, business, "email", address=address).status_code in {422}


def test_channel_is_switched_off(owner_client: Client, business: Business) -> None:
    owner_client.post(url(business, "web"), {"name": "Chat", "greeting": "", "origins": ""})
    assert channel(business, "web").is_active is False


def test_token_is_shown_once_and_replaces_the_old(owner_client: Client, business: Business) -> None:
    response = owner_client.post(url(business, "email", "token/"))
    token = response.context["token"]
    assert token in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    door = doors.by_channel(channel(business, "email").pk)
    assert door is not None
    assert door.label == doors.fingerprint(token)
    assert token not in owner_client.get(url(business, "email")).content.decode()


def test_channels_are_changed_by_administrators(
    teammate_client: Client, stranger_client: Client, business: Business, other: Business
) -> None:
    assert save(teammate_client, business, "web").status_code == 403
    assert teammate_client.post(url(business, "email", "token/")).status_code == 403
    assert save(stranger_client, business, "web").status_code == 404
    foreign = url(business, "email").replace(business.base, other.base)
    assert stranger_client.get(foreign).status_code == 404
    assert stranger_client.post(foreign + "token/").status_code == 404


def test_web_chat_has_no_token(owner_client: Client, business: Business) -> None:
    assert owner_client.post(url(business, "web", "token/")).status_code == 404
