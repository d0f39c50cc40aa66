"""Replies proposed to whoever answers, and what becomes of them."""

from uuid import UUID

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from conversations import tasks
from conversations.actions import suggesting, suggestions, wanted
from conversations.actions.conversations import close
from conversations.models import Bot, Conversation, Message, PastReply, Suggestion
from crm.actions.cases import open_case
from crm.models import Case
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.factories.conversations import make_conversation, make_inbound, make_message
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business

QUESTION = "¿hacen envíos a Monterrey?"
ANSWER = "Sí, enviamos a todo México por paquetería en 2 a 4 días."


@pytest.fixture
def chat(business: Business) -> Conversation:
    """A question that a published answer fits; people answer here."""
    with tenant_scope(business.tenant.id):
        make_article(
            business,
            question="¿Hacen envíos?",
            phrasings=["envian a mi ciudad", "mandan a domicilio"],
            answer=ANSWER,
        )
        made = make_conversation(QUESTION, kind="web", address="ana-web")
        suggesting.suggest(made.pk)
        return made


def outcomes(conversation: Conversation) -> list[str]:
    rows = Suggestion.objects.filter(conversation=conversation).order_by("rank")
    return list(rows.values_list("outcome", flat=True))


def test_answer_is_proposed_on_page_and_api(
    api: Api, business: Business, owner_client: Client, chat: Conversation
) -> None:
    html = owner_client.get(f"{business.base}inbox/{chat.pk}/suggestions/", headers={"HX-Request": "true"})
    assert ANSWER in html.content.decode()
    first = api.get(f"conversations/{chat.pk}/suggestions/").json()["data"][0]
    assert (first["text"], first["source"], first["rank"], first["outcome"]) == (ANSWER, "answer", 1, "")


def test_many_who_wait_are_worked_off_in_rounds_or_forgotten(
    business: Business, chat: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wanted, "ROUND", 2)
    monkeypatch.setattr(wanted, "MOST", 5)
    rung: list[float | None] = []
    monkeypatch.setattr(tasks, "ring_once_now", lambda *_, countdown=None: rung.append(countdown))
    for one in (UUID(int=1), UUID(int=2), UUID(int=3), chat.pk):
        wanted.put(business.tenant.id, one)
    with tenant_scope(business.tenant.id):
        Suggestion.objects.all().delete()
    tasks.suggest(str(business.tenant.id))
    assert rung == [wanted.PAUSE]
    tasks.suggest(str(business.tenant.id))
    assert rung == [wanted.PAUSE]
    with tenant_scope(business.tenant.id):
        assert Suggestion.objects.filter(conversation=chat).exists()
    for number in range(8):
        wanted.put(business.tenant.id, UUID(int=number))
    assert len(wanted.take(business.tenant.id)[0]) == wanted.ROUND
    assert wanted.take(business.tenant.id) == ([], False)


def test_twice_is_once_and_the_bots_turn_has_none(business: Business, chat: Conversation) -> None:
    with tenant_scope(business.tenant.id):
        assert suggesting.suggest(chat.pk) == 0
        assert Suggestion.objects.filter(conversation=chat, rank=1).count() == 1
        Bot.objects.create(is_on=True)
        with_bot = make_conversation(QUESTION, kind="web", address="beto-web")
        assert suggesting.suggest(with_bot.pk) == 0


@pytest.mark.parametrize(
    ("sent", "outcome"),
    [
        (ANSWER, "accepted"),
        (f"Hola Ana. {ANSWER} ¿Te lo preparo?", "edited"),
        ("Déjame preguntar y te digo.", "rejected"),
    ],
)
def test_what_is_sent_settles_it(business: Business, chat: Conversation, sent: str, outcome: str) -> None:
    with tenant_scope(business.tenant.id):
        make_message(chat, sent, by=business.actor(business.agent))
        assert outcomes(chat)[0] == outcome
        assert set(Suggestion.objects.values_list("text", flat=True)) == {""}
        assert suggestions.proposed(chat) == []


def test_dismissed_by_hand_and_by_api(
    api: Api, business: Business, owner_client: Client, chat: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        first = suggestions.proposed(chat)[0]
    url = f"{business.base}inbox/{chat.pk}/suggestions/{first.pk}/outcome/"
    headers = {"HX-Request": "true"}
    assert owner_client.post(url, {"outcome": "loved"}, headers=headers).status_code == 422
    assert owner_client.post(url, {"outcome": "rejected"}, headers=headers).status_code == 204
    at = f"conversations/{chat.pk}/suggestions/{first.pk}/outcome/"
    assert api.post(at, {"outcome": "accepted"}).json()["outcome"] == "rejected"  # the first word stays
    assert (
        api.post(f"conversations/{chat.pk}/suggestions/{chat.pk}/outcome/", {"outcome": "edited"}).status_code
        == 404
    )


def test_strangers_and_narrowed_members_get_404(
    business: Business, other: Business, chat: Conversation, narrow_client: Client,
    stranger: Api, stranger_client: Client,
) -> None:  # fmt: skip
    with tenant_scope(business.tenant.id):
        first = suggestions.proposed(chat)[0].pk
    path = f"inbox/{chat.pk}/suggestions/"
    for client, base in ((narrow_client, business.base), (stranger_client, other.base)):
        assert client.get(base + path).status_code == 404
        assert client.post(f"{base}{path}{first}/outcome/", {"outcome": "edited"}).status_code == 404
    assert stranger.get(f"conversations/{chat.pk}/suggestions/").status_code == 404
    at = f"conversations/{chat.pk}/suggestions/{first}/outcome/"
    assert stranger.post(at, {"outcome": "edited"}).status_code == 404


def test_often_rejected_sinks(scope: Business) -> None:
    def proposal(text: str, likeness: float) -> suggesting.Proposal:
        past = PastReply.objects.filter(reply=text).first()
        assert past
        return suggesting.Proposal("past", text, likeness, past_id=past.pk)

    made = make_conversation(QUESTION, kind="web", address="ana-web")
    for text in ("una", "otra"):
        message = make_message(made, text, by=scope.actor(scope.agent))
        PastReply.objects.create(message=message, question=QUESTION, reply=text, language="es")
    found = [proposal("una", 0.8), proposal("otra", 0.7)]
    assert [one.text for one in suggesting.ranked(found)] == ["una", "otra"]
    for rank in range(4):
        Suggestion.objects.create(
            conversation=made, message=message, rank=rank, source="past", past_id=found[0].past_id,
            likeness=0.8, outcome="rejected",
        )  # fmt: skip
    assert [one.text for one in suggesting.ranked(found)] == ["otra", "una"]


def answered(business: Business, address: str, question: str, reply: str) -> Conversation:
    made = make_conversation(question, kind="web", address=address, name="Ana Flores")
    make_message(made, reply, by=business.actor(business.agent))
    return made


def test_past_reply_is_kept_without_the_person_and_proposed(scope: Business) -> None:
    made = answered(
        scope, "ana-web", "Hola soy Ana, ¿prestan bomba para inflar llantas? mi cel es 5512345678",
        "Hola Ana, claro que sí, la bomba está junto a la entrada y es gratis.",
    )  # fmt: skip
    episode = made.episodes.get()
    close(conversation=made, by=scope.actor())
    assert [suggesting.harvest(episode.pk) for _twice in range(2)] == [1, 1]
    kept = PastReply.objects.get()
    assert kept.reply == "Hola, claro que sí, la bomba está junto a la entrada y es gratis."
    assert ("Ana" in kept.question, "5512345678" in kept.question) == (False, False)
    asks = make_conversation(
        "Hola, ¿prestan bomba para inflar llantas?", kind="web", address="beto-web", name="Beto"
    )
    suggesting.suggest(asks.pk)
    first = suggestions.proposed(asks)[0]
    assert (first.source, first.text) == ("past", kept.reply)
    Message.objects.filter(pk=kept.message_id).delete()
    assert not PastReply.objects.exists()


def test_complaints_and_replies_about_one_order_are_not_kept(scope: Business) -> None:
    about_one = answered(
        scope, "a", "¿dónde viene mi pedido por favor?", "Tu pedido 55102 sale hoy por la tarde."
    )
    complaint = answered(
        scope, "b", "¿por qué me trataron tan mal ayer?", "Una disculpa, no debió pasar, lo revisamos."
    )
    open_case(
        customer=complaint.customer, kind=Case.Kind.COMPLAINT, subject="Mal trato", by=scope.actor(),
        context_id=complaint.pk,
    )  # fmt: skip
    for one in (about_one, complaint):
        close(conversation=one, by=scope.actor())
        assert suggesting.harvest(one.episodes.get().pk) == 0


def test_newer_word_of_the_customer_replaces_what_was_proposed(
    business: Business, chat: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        make_inbound("¿y cuánto cuesta el envío a Monterrey?", kind="web", address="ana-web")
        suggesting.suggest(chat.pk)
        newest = Message.objects.filter(conversation=chat, kind="inbound").latest("id")
        assert {one.message_id for one in suggestions.proposed(chat)} <= {newest.pk}


def test_list_takes_one_query(
    business: Business, chat: Conversation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with tenant_scope(business.tenant.id), django_assert_num_queries(1):
        assert suggestions.proposed(chat)
