"""What the DNS says of a mail domain: asked of a server that speaks DNS, shown by both doors."""

from collections.abc import Iterator
from socketserver import BaseRequestHandler, ThreadingUDPServer
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from dns import flags, message, rcode, rrset

from conversations.actions import domains as acts
from conversations.channels.email import dkim, domains
from conversations.models import Channel, SendingPolicy
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.factories.tenants import Business

ZONE = dict[tuple[str, str], list[str]]


@pytest.fixture
def zone(settings: Any) -> Iterator[ZONE]:
    """Records of a DNS server of the test: by name and kind. `SILENT` names are never answered."""
    records: ZONE = {}

    class Answering(BaseRequestHandler):
        def handle(self) -> None:
            data, socket = self.request
            question = message.from_wire(data)
            name, kind = question.question[0].name, question.question[0].rdtype
            key = name.to_text(omit_final_dot=True), kind.name
            if records.get(key) == ["SILENT"]:
                return
            answer = message.make_response(question)
            answer.flags |= flags.RA
            if key in records:
                answer.answer.append(rrset.from_text(name, 60, "IN", kind.name, *records[key]))
            elif key[0] not in {known for known, _kind in records}:
                answer.set_rcode(rcode.NXDOMAIN)
            socket.sendto(answer.to_wire(), self.client_address)

    with ThreadingUDPServer(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.DNS_SERVER = f"127.0.0.1:{server.server_address[1]}"
        settings.BASE_URL = "https://puente.example"
        yield records
        server.shutdown()


def own(business: Business, **mailbox: str) -> Channel:
    """The business's mail channel with an address of its own."""
    channel: Channel = Channel.objects.get(kind="email")
    channel.address, channel.settings = "hola@mirasol.example", {"mailbox": mailbox} if mailbox else {}
    channel.save()
    return channel


def states(channel: Channel) -> dict[str, str]:
    return {one.what: one.state for one in acts.standing(channel).lines}


def looked(business: Business, channel: Channel) -> dict[str, str]:
    acts.request_look(channel=channel, by=business.actor())
    acts.look_due(business.tenant.id)
    return states(channel)


def test_what_is_missing_is_found_and_what_was_added(scope: Business, zone: ZONE) -> None:
    channel = own(scope)
    SendingPolicy.objects.create(tracking_host="enlaces.mirasol.example")
    acts.make_key(channel=channel, by=scope.actor())
    channel.refresh_from_db()
    assert set(states(channel).values()) == {""}
    assert looked(scope, channel) == dict.fromkeys(("spf", "dkim", "dmarc", "mx", "links"), "missing")

    for one in acts.standing(channel).lines:  # as the page says
        value = one.value or "10 mail.mirasol.example."
        if one.kind == "TXT":
            parts = [value[at : at + 200] for at in range(0, len(value), 200)]
            value = " ".join(f'"{part}"' for part in parts)
        zone[one.name, one.kind] = [value + "." if one.kind == "CNAME" else value]
    assert set(looked(scope, channel).values()) == {"ok"}


def test_what_is_not_right_is_told_apart(scope: Business, zone: ZONE) -> None:
    channel = own(scope, smtp_host="smtp.gmail.com", smtp_port="465")
    zone["mirasol.example", "TXT"] = ['"v=spf1 a:other.example -all"', '"google-site-verification=x"']
    zone["mirasol.example", "MX"] = ["0 ."]
    zone["_dmarc.mirasol.example", "TXT"] = ['"v=DMARC1; p=none"', '"v=DMARC1; p=reject"']
    found = looked(scope, channel)
    assert found == {"spf": "elsewhere", "dkim": "elsewhere", "dmarc": "wrong", "mx": "wrong"}
    [spf, *_rest] = acts.standing(channel).lines
    assert spf.value == "v=spf1 include:_spf.google.com ~all"

    zone["mirasol.example", "TXT"].append('"v=spf1 +all"')
    assert looked(scope, channel)["spf"] == "wrong"


def test_silence_is_no_finding(scope: Business, zone: ZONE, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domains, "SECONDS", 0.2)
    channel = own(scope)
    zone["mirasol.example", "TXT"] = ["SILENT"]
    assert looked(scope, channel)["spf"] == "unknown"


def test_pages_show_what_to_add(business: Business, owner_client: Client, stranger_client: Client) -> None:
    with tenant_scope(business.tenant.id):
        channel = own(business)
    path = f"/b/{business.tenant.slug}/settings/channels/{channel.pk}/domain/"
    assert "v=spf1 a:" in owner_client.get(path).content.decode()
    assert owner_client.post(path).status_code == 302
    assert "hx-trigger" in owner_client.get(path).content.decode()
    assert owner_client.post(f"{path}key/").status_code == 302
    shown = owner_client.get(path).content.decode()
    assert "v=DKIM1; k=rsa; p=MII" in shown
    assert "PRIVATE KEY" not in shown
    assert owner_client.post(f"{path}key/", {"drop": "1"}).status_code == 302
    with tenant_scope(business.tenant.id):
        channel.refresh_from_db()
        assert dkim.KEY not in channel.secrets
    for client in (stranger_client, business.client(business.agent)):
        assert client.get(path).status_code in (403, 404)
        assert client.post(f"{path}key/").status_code in (403, 404)


def test_address_of_the_installation_has_nothing_to_add(business: Business, owner_client: Client) -> None:
    with tenant_scope(business.tenant.id):
        channel = Channel.objects.get(kind="email")
        assert acts.standing(channel).lines == []
    path = f"/b/{business.tenant.slug}/settings/channels/{channel.pk}/domain/"
    assert owner_client.get(path).status_code == 200
    assert owner_client.post(f"{path}key/").status_code == 302
    with tenant_scope(business.tenant.id):
        channel.refresh_from_db()
        assert dkim.KEY not in channel.secrets


def test_the_api_says_and_does_the_same(api: Api, stranger: Api, business: Business, zone: ZONE) -> None:
    with tenant_scope(business.tenant.id):
        path = f"channels/{own(business).pk}/domain/"
    assert api.get(path).json()["lines"][0]["state"] == ""
    assert api.post(f"{path}check/", {}).json()["is_looking"]
    acts.look_due(business.tenant.id)
    said = api.get(path).json()
    assert [one["state"] for one in said["lines"]] == ["missing", "elsewhere", "missing", "missing"]
    assert (said["signs"], said["is_looking"]) == (False, False)
    assert api.post(f"{path}key/", {}).json()["signs"]
    assert not api.delete(f"{path}key/").json()["signs"]
    assert stranger.get(path).status_code == 404
