"""Who is told of what, once, and who is not."""

from datetime import UTC, datetime
from typing import Any

import pytest

from conversations.actions import conversations as acts
from conversations.actions import mentions, notifications
from conversations.actions.channel_news import tell_problem
from conversations.actions.messages import add_event, add_note
from conversations.models import Conversation, Message, Notification, NotificationChoice, NotificationMail
from conversations.workspace import presence
from tenants.actors import Actor
from tenants.models import Membership, Team, TeamMember
from tenants.permissions import Sees
from tests.factories.conversations import make_channel, make_conversation, make_inbound
from tests.factories.tenants import Business, make_member


def told(member: Membership) -> list[str]:
    """The kinds of what a member was told, in order."""
    return list(Notification.objects.filter(membership=member).order_by("id").values_list("kind", flat=True))


def note(conversation: Conversation, text: str, by: Actor, **given: Any) -> Message:
    return add_note(conversation=conversation, text=text, by=by, mentions=mentions.find(text, **given))


def test_mention_forgives_accents_and_capitals_and_ends_with_the_name(scope: Business) -> None:
    member = make_member(scope.tenant, "agent", name="José Núñez")
    make_member(scope.tenant, "agent", name="José")
    found = mentions.find("Mira esto, @JOSE NUNEZ: ¿lo ves? correo ana@jose.mx")
    assert found == [{"kind": "member", "id": str(member.pk), "name": "José Núñez", "text": "JOSE NUNEZ"}]


def test_mention_of_two_with_one_name_means_both_or_the_chosen_one(scope: Business) -> None:
    first, second = (make_member(scope.tenant, "agent", name="Ana Paz") for _ in range(2))
    both = {one["id"] for one in mentions.find("@Ana Paz ayuda")}
    assert both == {str(first.pk), str(second.pk)}
    assert [one["id"] for one in mentions.find("@Ana Paz ayuda", chosen=[second.pk])] == [str(second.pk)]


def test_mention_tells_the_member_and_the_team_but_not_the_author(scope: Business) -> None:
    conversation = make_conversation()
    team = Team.objects.create(name="Taller")
    mate = make_member(scope.tenant, "agent", name="Beto Taller")
    TeamMember.objects.create(team=team, membership=mate)
    TeamMember.objects.create(team=team, membership=scope.owner)
    written = note(conversation, "@Taller y @Aldo Agente, miren", scope.actor())
    assert [one["name"] for one in written.data["mentions"]] == ["Taller", "Aldo Agente"]
    assert (told(mate), told(scope.agent), told(scope.owner)) == (["mention"], ["mention"], [])


def test_mention_never_shows_the_conversation_to_who_may_not_see_it(scope: Business) -> None:
    conversation = make_conversation()
    narrow = make_member(scope.tenant, "agent", name="Nico Estrecho", sees=Sees.OWN)
    written = note(conversation, "@Nico Estrecho, ¿puedes?", scope.actor())
    assert told(narrow) == []
    assert written.data["mentions"][0]["blind"] is True
    assert list(Conversation.objects.visible_to(Actor.of_membership(narrow))) == []


def test_assignment_is_told_unless_one_takes_it_himself(scope: Business) -> None:
    conversation = make_conversation()
    acts.assign(conversation=conversation, to=scope.agent, by=scope.actor())
    acts.assign(conversation=conversation, to=scope.owner, by=scope.actor())
    assert (told(scope.agent), told(scope.owner)) == (["assigned"], [])


def test_messages_of_a_customer_are_one_notification_until_it_is_read(scope: Business) -> None:
    conversation = make_conversation(address="ana@example.com", assignee=scope.agent)
    for text in ("¿Hola?", "¿Siguen ahí?"):
        make_inbound(text, address="ana@example.com")
    (one,) = Notification.objects.filter(membership=scope.agent)
    assert (one.kind, one.data["count"], one.data["text"]) == ("answered", 2, "¿Siguen ahí?")
    notifications.read(membership_id=scope.agent.pk)
    make_inbound("Gracias", address="ana@example.com")
    assert told(scope.agent) == ["answered", "answered"]
    assert conversation.pk == one.conversation_id


def test_who_looks_at_the_conversation_is_not_disturbed(scope: Business) -> None:
    conversation = make_conversation(address="ana@example.com", assignee=scope.agent)
    presence.sign(conversation.pk, scope.agent, typing=False)
    make_inbound("¿Hola?", address="ana@example.com")
    note(conversation, "@Aldo Agente mira", scope.actor())
    (one,) = Notification.objects.filter(membership=scope.agent)
    assert (one.kind, one.read_at is not None) == ("mention", True)


def test_opening_a_conversation_reads_what_concerns_it(scope: Business) -> None:
    conversation = make_conversation()
    note(conversation, "@Aldo Agente mira", scope.actor())
    notifications.seen(membership_id=scope.agent.pk, conversation_id=conversation.pk)
    assert Notification.objects.unread().count() == 0


def test_bad_rating_failed_send_and_broken_channel_are_told_to_those_they_concern(scope: Business) -> None:
    conversation = make_conversation(assignee=scope.agent)
    add_event(conversation, "rated", Actor.system(), score=1)
    add_event(conversation, "rated", Actor.system(), score=5)
    add_event(conversation, "delivery_failed", Actor.system(), reason="No such mailbox")
    tell_problem(make_channel("email"), "The password is wrong.")
    assert told(scope.agent) == ["rating", "unsent"]
    assert told(scope.owner) == ["channel"]


def test_the_same_thing_is_told_once(scope: Business) -> None:
    conversation = make_conversation()
    for _turn in range(2):
        notifications.tell(to=[scope.agent], kind="mention", key="mention:x", conversation=conversation)
    assert told(scope.agent) == ["mention"]


def test_who_wants_nothing_of_a_kind_gets_nothing(scope: Business) -> None:
    notifications.choose(membership=scope.agent, ways={"mention": "off"})
    note(make_conversation(), "@Aldo Agente mira", scope.actor())
    assert told(scope.agent) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"ways": {"gossip": "page"}},
        {"ways": {"mention": "pigeon"}},
        {"rhythm": "yearly"},
        {"hour": 24},
        {"zone": "Atlantis/Capital"},
    ],
)
def test_choice_that_there_is_not_is_refused(scope: Business, wrong: dict[str, Any]) -> None:
    with pytest.raises(notifications.InvalidChoice):
        notifications.choose(membership=scope.agent, **wrong)
    assert NotificationChoice.objects.count() == 0


@pytest.mark.parametrize(
    ("rhythm", "zone", "now", "due"),
    [
        ("hourly", "America/Mexico_City", "2026-11-21T15:20", "2026-11-21T16:00"),
        ("daily", "America/Mexico_City", "2026-11-21T14:00", "2026-11-21T15:00"),
        ("daily", "America/Mexico_City", "2026-11-21T15:00", "2026-11-22T15:00"),
        ("daily", "America/Sao_Paulo", "2026-11-21T11:59", "2026-11-21T12:00"),
        ("daily", "Europe/Madrid", "2026-10-24T08:00", "2026-10-25T08:00"),
    ],
)
def test_digest_leaves_at_the_hour_of_the_readers_zone(
    scope: Business, rhythm: str, zone: str, now: str, due: str
) -> None:
    choice = NotificationChoice(membership=scope.agent, rhythm=rhythm, hour=9, timezone=zone)
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert notifications.next_digest(choice, scope.tenant, moment).isoformat() == f"{due}:00+00:00"


def test_everything_of_one_turn_is_one_digest(scope: Business) -> None:
    notifications.choose(membership=scope.agent, ways={"mention": "digest", "assigned": "digest"})
    conversation = make_conversation()
    note(conversation, "@Aldo Agente mira", scope.actor())
    acts.assign(conversation=conversation, to=scope.agent, by=scope.actor())
    (mail,) = NotificationMail.objects.all()
    assert (mail.kind, mail.notifications.count()) == ("digest", 2)
