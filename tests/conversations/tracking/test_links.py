"""Links of campaigns' mails: led through us, told apart from machines, and never more than a word of it."""

import re
from datetime import timedelta
from email.message import EmailMessage
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from conversations.actions.campaigns import running
from conversations.models import CampaignLink, Channel, MessageTemplateVersion, Recipient, Touch
from conversations.tracking import judging, tokens
from crm.models import Consent, Customer
from tenants.scoping import uuid7
from tests.canary.world import tenant_models
from tests.factories.campaigns import Sink, make_audience, make_campaign, make_policy, schedule
from tests.factories.tenants import Business

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
LONG_AGO = timedelta(minutes=5)
TEXT = (
    "Hola {{ customer.first_name | default: 'amiga' }}. [Ver](https://mirasol.example/?a=1&b=2) y otra vez "
    "[ver](https://mirasol.example/?a=1&b=2), [lo tuyo]"
    '(https://mirasol.example/para/{{ customer.first_name | default: "ti" }}?x=1), '
    "[correo](mailto:hola@mirasol.example), [teléfono](tel:+525512345678), "
    "[no más]({{ links.preferences }})."
)
HREF = re.compile(r'(?:href|src)="([^"]+)"')


def sent(sink: Sink, *, channel: Channel | None = None, **policy: Any) -> list[EmailMessage]:
    """The mails of a campaign that went out a while ago."""
    make_policy(**policy)
    segment, people = make_audience(1)
    Customer.objects.filter(pk=people[0].pk).update(name="Ñoña & Cía")
    campaign = make_campaign(segment, channels=[channel] if channel else None)
    mail = {"subject": "Tu bici", "blocks": [{"kind": "text", "text": TEXT}]}
    MessageTemplateVersion.objects.update(contents={"email": {"es": mail}})
    schedule(campaign)
    running.advance(campaign.tenant_id)
    Recipient.objects.update(sent_at=timezone.now() - LONG_AGO)
    assert len(sink.taken) == 1
    return sink.taken


def addresses(mail: EmailMessage) -> list[str]:
    body = mail.get_body(("html",))
    assert body is not None
    return [unescape(one) for one in HREF.findall(body.get_content())]


def paths(mail: EmailMessage, kind: str) -> list[str]:
    """Of the links that lead through us, without their host."""
    ours = [urlsplit(one) for one in addresses(mail)]
    return [f"{one.path}?{one.query}" for one in ours if one.path.startswith(f"/{kind}/")]


def fetch(client: Client, path: str, agent: str = IPHONE, **headers: str) -> Any:
    return client.get(path, headers={"user-agent": agent, **headers})


def judged(later: timedelta = timedelta(minutes=2)) -> Recipient:
    judging.judge_due(timezone.now() + later)
    found: Recipient = Recipient.objects.get()
    return found


def test_links_lead_on_to_where_they_led(scope: Business, sink: Sink, client: Client) -> None:
    [mail] = sent(sink, tracking_host="enlaces.mirasol.example")

    first, again, own, trap = paths(mail, "l")
    assert first == again
    assert all(one.startswith("https://enlaces.mirasol.example/") for one in addresses(mail) if "/l/" in one)
    assert fetch(client, first)["Location"] == "https://mirasol.example/?a=1&b=2"
    assert fetch(client, own)["Location"] == "https://mirasol.example/para/%C3%91o%C3%B1a?x=1"
    assert fetch(client, trap).status_code == 204
    answer = fetch(client, first)
    assert (answer.status_code, answer["Cache-Control"]) == (302, "no-store")
    assert not answer.cookies
    kept = [one for one in addresses(mail) if "/l/" not in one and "/o/" not in one]
    assert [urlsplit(one).scheme for one in kept] == ["mailto", "tel", "http", "http"]
    assert all("/p/" in one for one in kept[2:])
    assert CampaignLink.objects.count() == 2


def test_links_work_at_hosts_of_businesses(scope: Business, sink: Sink, client: Client) -> None:
    [mail] = sent(sink, tracking_host="enlaces.mirasol.example")
    answer = fetch(client, paths(mail, "l")[0], host="enlaces.mirasol.example")
    assert answer.status_code == 302


def test_nothing_is_noticed_where_the_business_does_not_want_it(scope: Business, sink: Sink) -> None:
    [mail] = sent(sink, tracks=False)
    assert paths(mail, "l") == paths(mail, "o") == []
    assert "https://mirasol.example/?a=1&b=2" in addresses(mail)
    assert not CampaignLink.objects.exists()


def test_nobody_makes_a_link_of_his_own(scope: Business, sink: Sink, client: Client) -> None:
    [mail] = sent(sink)
    first, _again, own, _trap = paths(mail, "l")
    token = first.split("/")[2]
    elsewhere = own.replace("mirasol.example", "evil.example")
    other = tokens.token(scope.tenant.pk, uuid7())
    changed = ("A" if token[-1] != "A" else "B").join([token[:-1], ""])
    for wrong in (
        elsewhere,
        own.partition("&s=")[0],
        own.replace(token, other),
        f"/l/{token}/99",
        f"/l/{token}/{10**30}",
        f"/l/{changed}/1",
        f"/l/{other}/1",
        "/l/x/1",
        f"/l/{token}ñ/1",
        f"/o/{changed}.gif",
        first.replace("/l/", "/o/"),
    ):
        assert fetch(client, wrong).status_code == 404, wrong
    assert client.post(first).status_code == 405
    assert not Touch.objects.exists()


def test_who_tries_tokens_is_stopped(scope: Business, sink: Sink, client: Client) -> None:
    [mail] = sent(sink)
    answers = [fetch(client, "/l/wrong/1").status_code for _ in range(61)]
    assert set(answers[:60]) == {404}
    assert answers[60] == 429
    assert fetch(client, paths(mail, "l")[0]).status_code == 302


def test_a_person_is_noticed_after_a_while(scope: Business, sink: Sink, client: Client) -> None:
    [mail] = sent(sink)
    assert fetch(client, paths(mail, "o")[0])["Content-Type"] == "image/gif"
    assert fetch(client, paths(mail, "l")[0]).status_code == 302
    assert set(Touch.objects.values_list("verdict", flat=True)) == {"unverified"}
    assert Recipient.objects.filter(opened_at=None, clicked_at=None).count() == 1

    assert judged(timedelta(seconds=5)).clicked_at is None
    row = judged()
    assert (row.opened_at is not None, row.clicked_at is not None) == (True, True)
    assert set(Touch.objects.values_list("verdict", flat=True)) == {"person"}


@pytest.mark.parametrize(
    ("how", "sign"),
    [
        ({"agent": ""}, "agent"),
        ({"agent": "Mozilla/5.0"}, "agent"),
        ({"agent": "Mozilla/5.0 (Windows NT 5.1) Firefox/11.0 (via ggpht.com GoogleImageProxy)"}, "agent"),
        ({"agent": "Barracuda Sentinel (EE)"}, "agent"),
        ({"agent": "Mimecast-TTP"}, "agent"),
        ({"agent": "curl/8.5"}, "agent"),
        ({"purpose": "prefetch"}, "prefetch"),
        ({"sec-purpose": "prefetch;prerender"}, "prefetch"),
        ({"x-moz": "prefetch"}, "prefetch"),
        ({"x-purpose": "preview"}, "prefetch"),
    ],
)
def test_machines_are_told_by_what_they_say(
    scope: Business, sink: Sink, client: Client, how: dict[str, str], sign: str
) -> None:
    [mail] = sent(sink)
    for path in (paths(mail, "l")[0], paths(mail, "o")[0]):
        fetch(client, path, **how)
    row = judged()
    assert (row.opened_at, row.clicked_at) == (None, None)
    assert set(Touch.objects.values_list("verdict", "sign")) == {("machine", sign)}


def test_machines_are_told_by_what_they_do(scope: Business, sink: Sink, client: Client) -> None:
    [mail] = sent(sink)
    first, _again, own, trap = paths(mail, "l")
    client.head(first, headers={"user-agent": IPHONE})
    assert Touch.objects.get().sign == "method"
    Touch.objects.all().delete()

    for path in (first, own):
        fetch(client, path)
    assert judged().clicked_at is None
    assert set(Touch.objects.values_list("sign", flat=True)) == {"burst"}
    Touch.objects.all().delete()

    fetch(client, first)
    fetch(client, trap)
    assert judged().clicked_at is None
    assert set(Touch.objects.values_list("sign", flat=True)) == {"trap"}
    Touch.objects.all().delete()

    Recipient.objects.update(sent_at=timezone.now() - timedelta(seconds=3))
    fetch(client, first)
    assert Touch.objects.get().sign == "at_once"


def test_a_machine_fills_nothing(scope: Business, sink: Sink, client: Client) -> None:
    [mail] = sent(sink)
    for _ in range(9):
        assert fetch(client, paths(mail, "l")[0], agent="curl/8").status_code == 302
    assert Touch.objects.count() == 5


@pytest.mark.parametrize("method", ["get", "head"])
def test_fetching_every_link_changes_nothing(
    scope: Business, sink: Sink, client: Client, method: str
) -> None:
    """As a scanner does: those of both bodies and of all headers."""
    [mail] = sent(sink)
    text = mail.get_body(("plain",))
    assert text is not None
    said = " ".join([text.get_content(), *mail.values()])
    written = [*addresses(mail), *re.findall(r"https?://[^\s<>]+", said)]
    ours = sorted({one for one in written if one.startswith(settings.BASE_URL)})
    ours = [one.rstrip(".") for one in ours]
    assert len(ours) >= 6
    before = rows()

    for one in ours:
        parts = urlsplit(one)
        answer = getattr(client, method)(f"{parts.path}?{parts.query}", headers={"user-agent": IPHONE})
        assert answer.status_code in (200, 204, 302), one
    after = rows()

    assert {name for name in after if after[name] != before[name]} == {"conversations.Touch"}
    assert not Touch.objects.filter(verdict="person").exists()
    assert judged().clicked_at is None
    assert Consent.objects.get().state == Consent.State.GIVEN


def rows() -> dict[str, list[Any]]:
    """Every row of every table of the business."""
    return {
        model._meta.label: sorted(map(str, model._base_manager.values_list())) for model in tenant_models()
    }
