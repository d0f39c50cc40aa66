"""A draft that asks for what is known is noticed, on the page and by the API alike."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conversations import draft_meaning, known
from conversations.actions import turns
from conversations.actions.draft_check import check_draft
from conversations.bot import reask_meaning
from conversations.bot.reask_words import KEYS
from conversations.models import Bot, Conversation, Handoff
from crm.models import Appointment
from tenants.actors import Actor
from tenants.kit import asking
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.factories.conversations import make_conversation, make_file, make_inbound
from tests.factories.crm import make_order
from tests.factories.tenants import Business

ASKS = "¿Me pasas tu número de pedido y tu correo?"
ROUNDABOUT = "En el papelito viene algo que empieza con W, ¿me lo copias?"


@pytest.fixture(autouse=True)
def _nobody_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft_meaning._Pause, "until", 0.0)


@pytest.fixture
def conversation(business: Business) -> Conversation:
    """Ana asked for her only order by mail."""
    with tenant_scope(business.tenant.id):
        made = make_conversation(
            "Hola, ¿dónde viene mi pedido?", address="ana@example.com", name="Ana Flores"
        )
        make_order(made.customer, "A-1", number="1042", items=[{"name": "Casco azul", "quantity": 1}])
        return made


def page(client: Client, business: Business, conversation: Conversation, text: str, **more: str) -> str:
    url = f"{business.base}inbox/{conversation.pk}/draft-check/"
    answer = client.post(url, {"text": text, "kind": "reply", **more}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_page_and_api_say_what_is_known(
    api: Api, business: Business, owner_client: Client, conversation: Conversation
) -> None:
    html = page(owner_client, business, conversation, ASKS)
    assert ('data-insert="1042"' in html, 'data-insert="ana@example.com"' in html) == (True, True)
    answer = api.post(f"conversations/{conversation.pk}/draft-check/", {"text": ASKS})
    assert answer.json()["findings"] == [
        {"kind": "order", "words": "número de pedido", "fact": "1042", "was_said": False},
        {"kind": "email", "words": "correo", "fact": "ana@example.com", "was_said": False},
    ]


def test_what_a_worker_says_of_the_meaning_counts(
    scope: Business, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    says = dict.fromkeys(KEYS, -8.0)
    monkeypatch.setattr(reask_meaning, "meant", lambda draft, language: says)
    assert check_draft(conversation=conversation, text=ROUNDABOUT, by=Actor.system()) == []
    says["order"] = 8.0
    found = check_draft(conversation=conversation, text=ROUNDABOUT, by=Actor.system())
    assert [(one.kind, one.fact) for one in found] == [("order", "1042")]


def test_without_a_worker_words_decide_and_nobody_is_asked_for_a_while(
    scope: Business, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def nobody(*_: object, **__: object) -> None:
        asked.append(1)
        raise asking.NobodyAnswered("nobody")

    monkeypatch.setattr(asking, "ask", nobody)
    for _ in range(2):
        found = check_draft(conversation=conversation, text=ASKS, by=Actor.system())
        assert [one.kind for one in found] == ["order", "email"]
    assert len(asked) == 1


def test_statement_confirmation_and_note_say_nothing(
    business: Business, owner_client: Client, conversation: Conversation
) -> None:
    for text in ("Tu pedido 1042 sale hoy", "¿Sigue siendo el pedido 1042?", "", "¿Qué color prefieres?"):
        assert page(owner_client, business, conversation, text).strip() == ""
    assert page(owner_client, business, conversation, ASKS, kind="note").strip() == ""


def test_stranger_and_narrowed_member_get_404(
    business: Business, other: Business, stranger: Api, conversation: Conversation,
    narrow_client: Client, stranger_client: Client,
) -> None:  # fmt: skip
    path = f"inbox/{conversation.pk}/draft-check/"
    assert narrow_client.post(f"{business.base}{path}", {"text": ASKS}).status_code == 404
    assert stranger_client.post(f"{other.base}{path}", {"text": ASKS}).status_code == 404
    assert stranger.post(f"conversations/{conversation.pk}/draft-check/", {"text": ASKS}).status_code == 404


def test_known_is_what_record_messages_and_card_hold(scope: Business) -> None:
    made = make_conversation("Hola buenas", kind="web", name="Ana Flores", address="ana-web")
    make_inbound(
        "Se me ponchó la llanta con el pedido A-77, llámame al 55 1234 5678",
        kind="web", address="ana-web", files=[make_file()],
    )  # fmt: skip
    customer = made.customer
    customer.attributes = {"Dirección de entrega": "Roma 12", "Mascota": "Luna"}
    customer.save()
    starts = timezone.now() + timedelta(days=2)
    Appointment.objects.create(
        customer=customer,
        external_id="c1",
        service="Ajuste",
        starts_at=starts,
        changed_at=starts,
        place="Centro",
    )
    made.refresh_from_db()
    found = known.of(made, Actor.system())
    assert {key: found[key].value for key in ("name", "order", "phone", "address", "pet", "branch")} == {
        "name": "Ana Flores", "order": "A-77", "phone": "55 1234 5678", "address": "Roma 12",
        "pet": "Luna", "branch": "Centro",
    }  # fmt: skip
    assert found["order"].was_said
    assert found["reason"].value.startswith("Se me ponchó")
    assert {"photo", "appointment"} <= set(found)


def test_which_of_two_orders_is_no_reask_until_one_is_named(scope: Business) -> None:
    made = make_conversation("¿Dónde viene mi pedido?", kind="web", address="ana-web")
    for number in ("1042", "1043"):
        make_order(made.customer, number, number=number)
    ask = "¿Cuál es tu número de pedido?"
    assert check_draft(conversation=made, text=ask, by=Actor.system()) == []
    make_inbound("es el 1043", kind="web", address="ana-web")
    assert [one.fact for one in check_draft(conversation=made, text=ask, by=Actor.system())] == ["1043"]


def test_card_of_the_bot_counts(scope: Business) -> None:
    Bot.objects.create(is_on=True)
    made = make_conversation("Hola", kind="web", address="ana-web")
    turn = turns.open_turn(made)
    assert turn is not None
    Handoff.objects.create(
        conversation=made,
        episode=turn.episode,
        turn=turn,
        reason="asked",
        facts={"order": "B-9", "date": "lunes"},
    )
    found = known.of(made, Actor.system())
    assert (found["order"].value, found["appointment"].value) == ("B-9", "lunes")


def test_queries_do_not_grow(
    scope: Business, django_assert_max_num_queries: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_meaning, "meant", lambda *_: None)  # a worker's queries are its own
    made = make_conversation("Hola", kind="web", address="ana-web")
    for number in range(3):
        make_order(made.customer, str(number), number=f"10{number}")
        make_inbound(f"ya pagué el {number}", kind="web", address="ana-web", files=[make_file()])
    made = Conversation.objects.select_related("customer").get(pk=made.pk)
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        check_draft(conversation=made, text=ASKS, by=Actor.system())


STIFF = "Le informamos que su bicicleta está lista."


def test_what_does_not_sound_human_is_told_at_both_doors(
    api: Api, business: Business, owner_client: Client, conversation: Conversation
) -> None:
    assert "Le informamos que" in page(owner_client, business, conversation, STIFF)
    [heard] = api.post(f"conversations/{conversation.pk}/draft-check/", {"text": STIFF}).json()["sounds"]
    asked = {"text": STIFF, "language": "es", "kind": "reply"}
    assert api.post("text-checks/", asked).json()["sounds"] == [heard]
    assert (heard["code"], heard["start"]) == ("stiff", 0)
    assert api.post("text-checks/", {**asked, "language": "fr"}).status_code == 422


def test_form_of_address_that_the_business_chose_is_asked_for(
    api: Api, business: Business, owner_client: Client, conversation: Conversation
) -> None:
    told = {"text": "Hola, dinos cuándo puedes pasar.", "language": "es", "kind": "reply"}
    assert api.post("text-checks/", told).json()["sounds"] == []
    form = owner_client.get(f"{business.base}settings/business/").context["form"].initial
    kept = {name: value for name, value in form.items() if value is not None}
    owner_client.post(f"{business.base}settings/business/", {**kept, "formality": "usted"})
    assert api.get("business/").json()["formality"] == "usted"
    for address, asked in (
        ("text-checks/", told),
        (f"conversations/{conversation.pk}/draft-check/", {"text": told["text"]}),
    ):
        assert [one["code"] for one in api.post(address, asked).json()["sounds"]] == ["formality"]
    assert api.patch("business/", {"formality": ""}).json()["formality"] == ""
    assert api.patch("business/", {"formality": "du"}).status_code == 422
    assert api.post("text-checks/", told).json()["sounds"] == []
    assert len(api.post("text-checks/", {**told, "formality": "vos"}).json()["sounds"]) == 1
