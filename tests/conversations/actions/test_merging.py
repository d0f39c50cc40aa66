"""Putting conversations together, taking them apart, and taking that back."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from conversations.actions import conversations as acts
from conversations.actions.merging import (
    CannotMerge,
    CannotUndo,
    answer_by,
    merge,
    split,
    undo,
    undoable,
    ways_of,
)
from conversations.actions.messages import lock, receive, send_reply
from conversations.actions.states import state_of
from conversations.channels.base import InboundMessage
from conversations.channels.web import messages as web
from conversations.models import Conversation, ConversationMerge, Delivery, Message
from crm.actions.merging import CannotPart, merge_customers, undo_merge
from crm.identities import attach
from crm.models import Case, Identity, TimelineEntry
from tenants.models import AuditEvent
from tests.factories.conversations import make_channel, make_conversation
from tests.factories.crm import make_label
from tests.factories.tenants import Business

MAIL = "ana@example.com"


def write(text: str, *, kind: str, address: str, **fields: Any) -> Message:
    """One more message of a customer."""
    item = InboundMessage(
        provider_id=uuid4().hex,
        identity_kind=Identity.Kind.EMAIL if kind == "email" else Identity.Kind.WEB,
        identity=address,
        identity_verified=True,
        text=text,
        name="Ana Flores",
        **fields,
    )
    return receive(channel=make_channel(kind), item=item)


def two() -> tuple[Conversation, Conversation, str]:
    """A mail thread and a chat of one customer, and the chat's visitor."""
    mail = make_conversation("¿Tienen la talla M?", address=MAIL, subject="Talla")
    visitor = str(uuid4())
    attach(mail.customer, "web", visitor, country="MX")
    chat = write("Hola, soy Ana", kind="web", address=visitor).conversation
    return mail, chat, visitor


def texts(conversation: Conversation) -> list[str]:
    told = Message.objects.filter(conversation=conversation).seen_by_customer().in_order()
    return list(told.values_list("text", flat=True))


def states(*conversations: Conversation) -> list[Any]:
    return [state_of(Conversation.objects.get(pk=one.pk)) for one in conversations]


def places(*conversations: Conversation) -> list[Any]:
    found = Message.objects.exclude(kind="event").filter(conversation__customer=conversations[0].customer_id)
    return sorted(found.values_list("id", "conversation_id", "episode_id", "came_by_id"))


def test_merge_shows_one_thread_in_time_order(scope: Business) -> None:
    mail, chat, _visitor = two()
    write("¿Siguen ahí?", kind="email", address=MAIL, subject="Talla")
    merge(source=chat, target=mail, by=scope.actor())
    chat.refresh_from_db()
    assert texts(mail) == ["¿Tienen la talla M?", "Hola, soy Ana", "¿Siguen ahí?"]
    assert (chat.status, chat.merged_into_id, texts(chat)) == ("merged", mail.pk, [])
    assert list(Conversation.objects.visible_to(scope.actor())) == [mail]
    context = TimelineEntry.objects.filter(customer=mail.customer_id).values_list("context_id", flat=True)
    assert set(context) == {mail.pk}


def test_messages_of_the_merged_one_land_in_the_survivor(scope: Business) -> None:
    mail, chat, visitor = two()
    merge(source=chat, target=mail, by=scope.actor())
    later = write("Otra cosa", kind="web", address=visitor)
    again = write("Re: Talla", kind="email", address=MAIL, subject="Re: Talla")
    assert (later.conversation_id, later.came_by_id) == (mail.pk, chat.pk)
    assert (again.conversation_id, again.came_by_id) == (mail.pk, None)


def test_merged_mail_thread_is_found_by_its_references(scope: Business) -> None:
    first = make_conversation("Uno", address=MAIL, subject="Uno", references=("<uno@example.com>",))
    Conversation.objects.filter(pk=first.pk).update(last_inbound_at=timezone.now() - timedelta(hours=1))
    second = make_conversation("Dos", address=MAIL, subject="Dos", references=("<dos@example.com>",))
    assert first.pk != second.pk
    merge(source=first, target=second, by=scope.actor())
    later = write("Sigo", kind="email", address=MAIL, subject="Otro", references=("<uno@example.com>",))
    assert (later.conversation_id, later.came_by_id) == (second.pk, first.pk)


def test_replies_go_by_the_chosen_way(scope: Business) -> None:
    mail, chat, _visitor = two()
    actor = scope.actor()
    merge(source=chat, target=mail, by=actor, answer_by_source=True)
    by_chat = send_reply(conversation=mail, text="Por el chat", by=actor)
    answer_by(conversation=mail, way=mail, by=actor)
    by_mail = send_reply(conversation=mail, text="Por correo", by=actor)
    channels = dict(Delivery.objects.values_list("message_id", "channel__kind"))
    assert channels == {by_chat.pk: "web", by_mail.pk: "email"}
    assert (by_chat.came_by_id, by_mail.came_by_id) == (chat.pk, None)
    assert [way.pk for way in ways_of(mail)] == [mail.pk, chat.pk]


def test_visitor_sees_his_chat_only(scope: Business) -> None:
    mail, chat, visitor = two()
    actor = scope.actor()
    merge(source=mail, target=chat, by=actor)
    send_reply(conversation=chat, text="Por el chat", by=actor)
    answer_by(conversation=chat, way=mail, by=actor)
    send_reply(conversation=chat, text="Por correo", by=actor)
    shown = web.page(make_channel("web"), UUID(visitor))["messages"]
    assert [one["text"] for one in shown] == ["Hola, soy Ana", "Por el chat"]


def test_undo_restores_both_exactly(scope: Business) -> None:
    mail, chat, _visitor = two()
    actor = scope.actor()
    acts.set_labels(conversation=chat, labels=[make_label("Talla")], by=actor)
    acts.set_priority(conversation=chat, priority=3, by=actor)
    acts.assign(conversation=chat, to=scope.owner, by=actor)
    case = Case.objects.create(
        customer=mail.customer, kind="complaint", subject="Rota", context_id=chat.pk, opened_at=timezone.now()
    )
    before, were = states(mail, chat), places(mail)
    made = merge(source=chat, target=mail, by=actor)
    case.refresh_from_db()
    assert case.context_id == mail.pk
    undo(made=made, by=actor)
    case.refresh_from_db()
    assert (states(mail, chat), places(mail), case.context_id) == (before, were, chat.pk)
    assert not undoable(mail).exists()


def test_undo_of_a_closed_survivor_closes_it_again(scope: Business) -> None:
    mail, chat, _visitor = two()
    actor = scope.actor()
    acts.close(conversation=mail, by=actor)
    Conversation.objects.filter(pk=mail.pk).update(closed_at=timezone.now() - timedelta(days=90))
    before, were = states(mail, chat), places(mail)
    made = merge(source=chat, target=mail, by=actor)
    mail.refresh_from_db()
    assert (mail.status, mail.episode_count) == ("open", 2)
    undo(made=made, by=actor)
    assert (states(mail, chat), places(mail)) == (before, were)


def test_undo_gives_later_messages_to_the_one_they_belong_to(scope: Business) -> None:
    mail, chat, visitor = two()
    actor = scope.actor()
    acts.close(conversation=chat, by=actor)
    made = merge(source=chat, target=mail, by=actor)
    to_chat = write("Sigo en el chat", kind="web", address=visitor)
    to_mail = write("Re", kind="email", address=MAIL, subject="Talla")
    undo(made=made, by=actor)
    chat.refresh_from_db()
    mail.refresh_from_db()
    assert texts(chat) == ["Hola, soy Ana", "Sigo en el chat"]
    assert texts(mail) == ["¿Tienen la talla M?", "Re"]
    assert (chat.status, chat.preview, chat.waiting_since) == ("open", "Sigo en el chat", to_chat.created_at)
    assert mail.last_message_at == to_mail.created_at
    assert set(Message.objects.filter(pk__in=[to_chat.pk, to_mail.pk]).values_list("came_by", flat=True)) == {
        None
    }
    lines = TimelineEntry.objects.filter(object_id=to_chat.pk)
    assert [line.context_id for line in lines] == [chat.pk]


def test_undo_keeps_what_was_changed_since(scope: Business) -> None:
    mail, chat, _visitor = two()
    actor = scope.actor()
    acts.set_priority(conversation=chat, priority=2, by=actor)
    made = merge(source=chat, target=mail, by=actor)
    acts.set_priority(conversation=mail, priority=3, by=actor)
    undo(made=made, by=actor)
    mail.refresh_from_db()
    assert mail.priority == 3


def test_merges_of_merges_are_undone_from_the_last(scope: Business) -> None:
    mail, chat, _visitor = two()
    actor = scope.actor()
    other = str(uuid4())
    attach(mail.customer, "web", other, country="MX")
    third = write("Desde el móvil", kind="web", address=other).conversation
    before, were = states(mail, chat, third), places(mail)
    first = merge(source=third, target=chat, by=actor)
    second = merge(source=chat, target=mail, by=actor)
    assert write("¿Y?", kind="web", address=other).conversation_id == mail.pk
    Message.objects.filter(text="¿Y?").delete()
    with pytest.raises(CannotUndo):
        undo(made=first, by=actor)
    undo(made=second, by=actor)
    assert texts(chat) == ["Hola, soy Ana", "Desde el móvil"]
    undo(made=first, by=actor)
    assert places(mail) == were
    assert [one["merged_into_id"] for one in before] == [None, None, None]


def test_undo_ends_after_thirty_days_and_is_done_once(scope: Business) -> None:
    mail, chat, _visitor = two()
    actor = scope.actor()
    made = merge(source=chat, target=mail, by=actor)
    ConversationMerge.objects.update(made_at=timezone.now() - timedelta(days=31))
    with pytest.raises(CannotUndo):
        undo(made=made, by=actor)
    ConversationMerge.objects.update(made_at=timezone.now())
    undo(made=made, by=actor)
    with pytest.raises(CannotUndo):
        undo(made=made, by=actor)
    acts_done = AuditEvent.objects.filter(action__startswith="conversation.").values_list("action", flat=True)
    assert {"conversation.merged", "conversation.unmerged"} <= set(acts_done)


def test_two_customers_or_the_same_conversation_cannot_be_merged(scope: Business) -> None:
    mail, chat, _visitor = two()
    actor = scope.actor()
    stranger = make_conversation("Otra persona", address="luis@example.com", name="Luis")
    for source, target in ((stranger, mail), (mail, mail)):
        with pytest.raises(CannotMerge):
            merge(source=source, target=target, by=actor)
    merge(source=chat, target=mail, by=actor)
    with pytest.raises(CannotMerge):
        merge(source=chat, target=mail, by=actor)


def test_split_takes_messages_out_and_undo_brings_them_back(scope: Business) -> None:
    mail = make_conversation("Uno", address=MAIL, subject="Talla")
    second = write("Dos", kind="email", address=MAIL, subject="Talla")
    third = write("Tres", kind="email", address=MAIL, subject="Talla")
    actor = scope.actor()
    before, were = states(mail), places(mail)
    made = split(conversation=mail, since=second.pk, by=actor)
    new = made.target
    assert (texts(mail), texts(new)) == (["Uno"], ["Dos", "Tres"])
    new.refresh_from_db()
    mail.refresh_from_db()
    assert (new.status, new.waiting_since, mail.preview) == ("open", second.created_at, "Uno")
    assert new.last_message_at == third.created_at
    undo(made=made, by=actor)
    assert (states(mail), places(mail)) == (before, were)
    new.refresh_from_db()
    assert (new.status, new.merged_into_id) == ("merged", mail.pk)


def test_messages_after_a_split_come_back_with_it(scope: Business) -> None:
    mail = make_conversation("Uno", address=MAIL, subject="Talla")
    second = write("Dos", kind="email", address=MAIL, subject="Talla")
    actor = scope.actor()
    made = split(conversation=mail, messages=[second.pk], by=actor)
    send_reply(conversation=made.target, text="Respuesta", by=actor)
    undo(made=made, by=actor)
    mail.refresh_from_db()
    assert texts(mail) == ["Uno", "Dos", "Respuesta"]
    assert (mail.preview, mail.preview_is_ours) == ("Respuesta", True)


def test_split_needs_messages_and_leaves_some(scope: Business) -> None:
    mail = make_conversation("Uno", address=MAIL)
    only = Message.objects.get(conversation=mail, kind="inbound")
    for chosen in ([], [only.pk], [uuid4()]):
        with pytest.raises(CannotMerge):
            split(conversation=mail, messages=chosen, by=scope.actor())


def test_customers_whose_threads_were_put_together_are_parted_after_the_threads(scope: Business) -> None:
    mail = make_conversation("¿Tienen la talla M?", address=MAIL, subject="Talla")
    chat = write("Hola, soy Ana", kind="web", address=str(uuid4())).conversation
    joined = merge_customers(source=chat.customer, target=mail.customer, by=scope.actor())
    threads = merge(source=lock(chat.pk), target=lock(mail.pk), by=scope.actor())
    with pytest.raises(CannotPart):
        undo_merge(made=joined, by=scope.actor())
    chat.refresh_from_db()
    assert (chat.customer_id, chat.merged_into_id) == (mail.customer_id, mail.pk)
    undo(made=threads, by=scope.actor())
    undo_merge(made=joined, by=scope.actor())
    chat.refresh_from_db()
    assert (chat.customer_id, chat.merged_into_id) == (joined.source_id, None)
