"""Finding what was said: the function, the page and the API."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from conversations import search
from conversations.models import ConversationLabel, Message
from conversations.search import Narrow, excerpt
from tenants.kit.cursors import BadCursor
from tenants.scoping import tenant_scope, uuid7
from tests.api.conftest import Api, key_for
from tests.factories.conversations import (
    make_channel,
    make_conversation,
    make_file,
    make_inbound,
    make_message,
)
from tests.factories.crm import make_label
from tests.factories.tenants import Business


def texts(q: str, business: Business, narrow: Narrow | None = None, by: Any = None) -> list[str]:
    found = search.find(q, by or business.actor(), narrow or Narrow())
    return [hit.message.text for hit in found.hits]


def test_accents_case_beginnings_and_order(scope: Business) -> None:
    make_inbound("¿Está LISTA mi bicicleta?")
    make_inbound("La Bicicléta llegó rota")
    make_inbound("Nada que ver")
    assert texts("bicicle", scope) == ["La Bicicléta llegó rota", "¿Está LISTA mi bicicleta?"]
    assert texts("lista BICICLETA", scope) == ["¿Está LISTA mi bicicleta?"]


def test_typos_are_forgiven_and_said(scope: Business) -> None:
    make_inbound("La garantía venció")
    found = search.find("garanita", scope.actor(), Narrow())
    assert ([hit.message.text for hit in found.hits], found.instead) == (["La garantía venció"], "garantia")


@pytest.mark.parametrize(
    ("q", "text"),
    [
        ("A-1001", "Mi pedido A-1001 no llega"),
        ("1001", "Mi pedido A-1001 no llega"),
        ("#1001", "Mi pedido #1001 no llega"),
        ("ana@exam", "Escribe a ana@example.com por favor"),
        ("33 1234", "Llámame al 33 1234 5678"),
        ("de", "Soy de Jalisco"),
        ("m2", "Son 20 m2 de piso"),
        ("o'brien", "Para Conan O'Brien"),
    ],
)
def test_numbers_addresses_and_short_words(scope: Business, q: str, text: str) -> None:
    make_inbound(text)
    make_inbound("Otra cosa")
    assert texts(q, scope) == [text]


ANY_WORDS: list[str] = [
    "",
    " ",
    "'",
    "''",
    "\\",
    "!!!",
    "&|!():*",
    "a:b",
    "%",
    "🙂",
    "x" * 500,
    "- -",
    "\x00",
]


def test_any_words_are_taken(scope: Business) -> None:
    for q in ANY_WORDS:
        make_inbound("Hola")
        assert isinstance(texts(q, scope), list), q


def test_filters(scope: Business) -> None:
    label = make_label("Talla")
    old = make_inbound("bici vieja")
    Message.objects.filter(pk=old.pk).update(id=uuid7())
    mine = make_conversation("bici mía", assignee=scope.agent, status="waiting")
    tagged = make_conversation("bici con etiqueta", kind="web")
    ConversationLabel.objects.create(conversation=tagged, label=label)
    answer = make_message(tagged, "bici contestada", by=scope.actor())
    make_inbound("bici con foto", files=[make_file()])
    assert texts("bici", scope, Narrow(agent=scope.agent.pk)) == ["bici mía"]
    waiting = ["bici contestada", "bici con etiqueta", "bici mía"]
    assert texts("bici", scope, Narrow(status="waiting")) == waiting
    assert texts("bici", scope, Narrow(label=label.pk)) == ["bici contestada", "bici con etiqueta"]
    assert texts("bici", scope, Narrow(channel=make_channel("web").pk)) == [
        "bici contestada",
        "bici con etiqueta",
    ]
    assert texts("bici", scope, Narrow(direction="outbound")) == [answer.text]
    assert texts("bici", scope, Narrow(files=True)) == ["bici con foto"]
    now = timezone.now()
    assert texts("bici", scope, Narrow(before=now - timedelta(days=1))) == []
    assert len(texts("bici", scope, Narrow(since=now - timedelta(days=1)))) == 5
    assert mine.assignee_id == scope.agent.pk


def test_pages_follow_by_cursor(scope: Business) -> None:
    conversation = make_conversation("bici 0")
    for number in range(1, 5):
        make_message(conversation, f"bici {number}", by=scope.actor())
    first = search.find("bici", scope.actor(), Narrow(), limit=3)
    second = search.find("bici", scope.actor(), Narrow(), cursor=first.next_cursor, limit=3)
    assert [hit.message.text for hit in first.hits] == ["bici 4", "bici 3", "bici 2"]
    assert ([hit.message.text for hit in second.hits], second.next_cursor) == (["bici 1", "bici 0"], "")
    with pytest.raises(BadCursor):
        search.find("bici", scope.actor(), Narrow(), cursor="x")


def test_narrowed_members_and_other_businesses_find_nothing_of_others(
    business: Business, other: Business
) -> None:
    narrow = business.add_member(sees="own")
    with tenant_scope(business.tenant.id):
        make_conversation("secreto ajeno", assignee=business.agent)
        own = make_conversation("secreto propio", assignee=narrow)
        assert texts("secreto", business, by=business.actor(narrow)) == ["secreto propio"]
        assert own.assignee_id == narrow.pk
    with tenant_scope(other.tenant.id):
        assert texts("secreto", other) == []


def test_excerpt_marks_words_in_their_surroundings() -> None:
    long = "palabra " * 40 + "¿Está lista mi Bicicléta?" + " otra" * 60
    found = excerpt(long, ["bicicleta"])
    assert (found.cut_before, found.cut_after) == (True, True)
    assert [text for text, marked in found.pieces if marked] == ["Bicicléta"]
    assert len("".join(text for text, _marked in found.pieces)) < 230


def test_page_shows_messages_and_customers(
    business: Business, owner_client: Client, stranger_client: Client
) -> None:
    with tenant_scope(business.tenant.id):
        message = make_inbound("Mi bicicleta <b>roja</b>", name="Renata Bicicleta")
    url = f"{business.base}search/"
    assert stranger_client.get(url, {"q": "bicicleta"}).status_code == 404
    page = owner_client.get(url, {"q": "bicicleta"}).content.decode()
    assert "Renata Bicicleta" in page
    assert "<mark>bicicleta</mark> &lt;b&gt;roja&lt;/b&gt;" in page
    assert f"?at={message.pk}#message-{message.pk}" in page
    for odd in ({"q": "x", "since": "nope", "channel": "x", "status": "?"}, {"since": "9999-99-99"}, {}):
        assert owner_client.get(url, odd).status_code == 200
    assert owner_client.get(url, {"q": "x", "cursor": "x"}).status_code == 200


def test_thread_opens_at_a_message(business: Business, owner_client: Client) -> None:
    with tenant_scope(business.tenant.id):
        conversation = make_conversation("mensaje 00")
        said = [make_message(conversation, f"mensaje {n:02}", by=business.actor()) for n in range(1, 80)]
    page = owner_client.get(f"{business.base}inbox/{conversation.pk}/", {"at": said[30].pk}).content.decode()
    shown = [f"mensaje {n:02}" in page.split('id="feed"')[1].split("pane-footer")[0] for n in range(80)]
    assert (shown.index(True), shown[30], shown[60], shown[79]) == (1, True, True, False)
    assert "feed-later" in page


def test_api(business: Business, other: Business) -> None:
    api, stranger = Api(key_for(business)), Api(key_for(other))
    with tenant_scope(business.tenant.id):
        message = make_inbound("Mi bicicleta roja")
    found = api.get("search/messages/", {"q": "BICI"}).json()
    assert [(one["id"], one["excerpt"]) for one in found["data"]] == [
        (str(message.pk), "Mi <mark>bicicleta</mark> roja")
    ]
    assert stranger.get("search/messages/", {"q": "BICI"}).json()["data"] == []
    assert api.get("search/messages/").status_code == 400
    assert api.get("search/messages/", {"q": "x", "label": "y"}).status_code == 400
    assert api.get("search/messages/", {"q": "x", "label": str(uuid4())}).json()["data"] == []
