"""Asking once, in the customer's language, and keeping one answer however often it is tapped."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from conversations.actions.conversations import close
from conversations.actions.messages import send_reply, send_system
from conversations.models import Conversation, Message
from crm.models import Customer, FollowUp, TimelineEntry
from feedback.actions.surveys import OPEN_FOR, current_survey
from feedback.models import Invitation, Response, Survey
from tenants.scoping import tenant_scope
from tests.conversations.channels.web.test_chat import Visitor
from tests.conversations.inbound import read_everything
from tests.factories.conversations import make_conversation
from tests.factories.tenants import Business
from tests.tenants.together import together


def closed(business: Business, *, answered: bool = True, language: str = "", **fields: Any) -> Conversation:
    """A conversation the agent closed."""
    with tenant_scope(business.tenant.id):
        by = business.actor(business.agent)
        conversation = make_conversation(**{"kind": "web", **fields})
        if language:
            Customer.objects.filter(pk=conversation.customer_id).update(language=language)
            conversation.refresh_from_db()
        if answered:
            send_reply(conversation=conversation, text="Hola", by=by)
        return close(conversation=conversation, by=by)


def token_of(business: Business) -> str:
    with tenant_scope(business.tenant.id):
        asked = Message.objects.filter(data__rating__isnull=False).latest("id")
        return str(asked.data["rating"]["token"])


def invitations(business: Business) -> int:
    with tenant_scope(business.tenant.id):
        return int(Invitation.objects.count())


@pytest.mark.django_db(transaction=True)
def test_double_tap_is_one_response_one_line_one_follow_up(business: Business) -> None:
    closed(business)
    token = token_of(business)

    def tap() -> int:
        return Client().post(f"/r/{token}/", {"score": "1", "comment": "Mal"}).status_code

    assert together(*[tap] * 6) == ["200"] * 6
    with tenant_scope(business.tenant.id):
        assert (Response.objects.count(), FollowUp.objects.count()) == (1, 1)
        assert TimelineEntry.objects.filter(kind="survey").count() == 1
        assert Message.objects.filter(data__event="rated").count() == 1


@pytest.mark.django_db(transaction=True)
def test_closing_in_parallel_asks_once(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        conversation = make_conversation(kind="web")
        send_reply(conversation=conversation, text="Hola", by=business.actor())

    def end() -> None:
        with tenant_scope(business.tenant.id):
            close(conversation=conversation, by=business.actor())

    together(*[end] * 4)
    assert invitations(business) == 1


@pytest.mark.django_db(transaction=True)
def test_two_conversations_of_one_customer_closed_at_once_ask_once(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        current_survey()
        made = [make_conversation(address="ana@example.com", subject="uno")]
        Conversation.objects.update(last_inbound_at=timezone.now() - timedelta(hours=1))
        made.append(make_conversation(address="ana@example.com", subject="dos"))
        for conversation in made:
            send_reply(conversation=conversation, text="Hola", by=business.actor())
        assert Customer.objects.count() == 1
        assert len({conversation.pk for conversation in made}) == 2

    def end(conversation: Conversation) -> None:
        with tenant_scope(business.tenant.id):
            close(conversation=conversation, by=business.actor())

    together(*[lambda one=one: end(one) for one in made])
    assert invitations(business) == 1


def test_invitation_ends_with_a_page_that_says_so(business: Business) -> None:
    closed(business)
    token = token_of(business)
    with time_machine.travel(timezone.now() + OPEN_FOR + timedelta(seconds=1)):
        for response in (Client().get(f"/r/{token}/"), Client().post(f"/r/{token}/", {"score": "5"})):
            assert response.status_code == 404
            assert response["Content-Type"].startswith("text/html")
    with tenant_scope(business.tenant.id):
        assert Response.objects.count() == 0


def test_link_of_an_erased_customer_is_404(business: Business) -> None:
    closed(business)
    token = token_of(business)
    with tenant_scope(business.tenant.id):
        Invitation.objects.all().delete()
    assert Client().get(f"/r/{token}/").status_code == 404


@pytest.mark.parametrize(("language", "expected"), [("pt-br", "pt-br"), ("en", "en"), ("", "es")])
def test_asked_in_the_customer_s_language_else_the_business_s(
    business: Business, language: str, expected: str
) -> None:
    closed(business, language=language)
    with tenant_scope(business.tenant.id):
        assert Invitation.objects.get().language == expected
    page = Client().get(f"/r/{token_of(business)}/", headers={"accept-language": "de"})
    assert f'<html lang="{expected}"' in page.content.decode().lower()


def test_business_s_own_question_is_asked(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        Survey.objects.create(question="¿Volverías?")
    closed(business)
    assert "¿Volverías?" in Client().get(f"/r/{token_of(business)}/").content.decode()


def test_who_got_no_answer_is_not_asked(business: Business) -> None:
    closed(business, answered=False)
    assert invitations(business) == 0


def test_message_of_puente_is_no_answer(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        conversation = make_conversation(kind="web")
        send_system(conversation=conversation, text="Recibimos su mensaje", data={})
        close(conversation=conversation, by=business.actor())
    assert invitations(business) == 0


def test_asked_again_after_the_cooldown_and_once_an_episode(business: Business) -> None:
    visitor = Visitor(business).begin()
    for days, expected in ((0, 1), (3, 1), (8, 2)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            visitor.post(
                "messages", {"client_id": f"0198c0de-0000-7000-8000-00000000000{days}", "text": "Hola"}
            )
            read_everything(business)
            with tenant_scope(business.tenant.id):
                conversation = Conversation.objects.get()
                send_reply(conversation=conversation, text="Hola", by=business.actor())
                close(conversation=conversation, by=business.actor())
            assert invitations(business) == expected


def test_comment_with_nul_and_too_long_ones_are_422(business: Business) -> None:
    closed(business)
    token = token_of(business)
    for comment in ("a\x00b", "x" * 1_001):
        assert Client().post(f"/r/{token}/", {"score": "5", "comment": comment}).status_code == 422
    with tenant_scope(business.tenant.id):
        assert Response.objects.count() == 0


def test_rating_leaves_the_conversation_closed(business: Business) -> None:
    conversation = closed(business)
    Client().post(f"/r/{token_of(business)}/", {"score": "2", "comment": "Tardaron"})
    with tenant_scope(business.tenant.id):
        conversation.refresh_from_db()
        assert (conversation.status, conversation.episode_count) == ("closed", 1)
        entry = TimelineEntry.objects.get(kind="survey")
        assert (entry.data, entry.context_id) == ({"score": 2, "comment": "Tardaron"}, conversation.pk)
