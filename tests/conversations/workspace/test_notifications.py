"""The list, the bell, the choices, and the way out of a mail."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conversations.actions import notifications
from conversations.actions.notification_mails import unsubscribe_token
from conversations.models import Conversation, Notification, NotificationChoice
from tenants.models import Membership
from tenants.permissions import Sees
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business
from tests.factories.undo import press_undo


def url(business: Business, tail: str = "") -> str:
    return f"{business.base}notifications/{tail}"


def tell(business: Business, conversation: Conversation | None, key: str = "k", **data: Any) -> Notification:
    """The agent is told of something."""
    with tenant_scope(business.tenant.id):
        notifications.tell(
            to=[business.agent],
            kind="mention" if conversation else "channel",
            key=key,
            conversation=conversation,
            data={"who": "Olga", "text": "Mira <b>esto</b>", "channel": "Correo", **data},
        )
        found: Notification = Notification.objects.get(key=key)
    return found


def unread(business: Business) -> int:
    with tenant_scope(business.tenant.id):
        count: int = Notification.objects.unread().count()
    return count


def test_list_shows_mine_only_and_text_as_text(
    business: Business, owner_client: Client, teammate_client: Client, conversation: Conversation
) -> None:
    tell(business, conversation)
    assert "Mira &lt;b&gt;esto&lt;/b&gt;" in teammate_client.get(url(business)).text
    assert "Mira" not in owner_client.get(url(business)).text


def test_click_goes_to_the_place_and_marks_read(
    business: Business, teammate_client: Client, conversation: Conversation
) -> None:
    one = tell(business, conversation)
    response = teammate_client.post(url(business, f"{one.pk}/opening/"))
    assert response["Location"].endswith(f"/inbox/{conversation.pk}/")
    assert unread(business) == 0
    channel = tell(business, None, "channel")
    assert teammate_client.post(url(business, f"{channel.pk}/opening/"))["Location"].endswith("channels/")


def test_looking_marks_nothing(
    business: Business, teammate_client: Client, conversation: Conversation
) -> None:
    one = tell(business, conversation)
    assert teammate_client.get(url(business, f"{one.pk}/opening/")).status_code == 405
    teammate_client.get(url(business))
    assert unread(business) == 1


def test_all_are_read_and_unread_again(
    business: Business, teammate_client: Client, conversation: Conversation
) -> None:
    for key in ("a", "b"):
        tell(business, conversation, key)
    done = teammate_client.post(url(business, "reading/"))
    assert unread(business) == 0
    press_undo(teammate_client, done)
    assert unread(business) == 2


def test_one_is_read_and_unread_again(
    business: Business, teammate_client: Client, conversation: Conversation
) -> None:
    one = tell(business, conversation)
    tell(business, conversation, "other")
    teammate_client.post(url(business, "reading/"), {"id": [str(one.pk)]})
    assert unread(business) == 1
    teammate_client.post(url(business, "unreading/"), {"id": [str(one.pk), "nonsense"]})
    assert unread(business) == 2


def test_bell_counts_and_names_the_newest(
    business: Business, teammate_client: Client, conversation: Conversation
) -> None:
    assert teammate_client.get(url(business, "bell/")).json()["count"] == ""
    tell(business, conversation)
    answer = teammate_client.get(url(business, "bell/")).json()
    assert (answer["count"], answer["newest"]["detail"]) == ("1", "Mira <b>esto</b>")


def test_what_one_may_no_longer_see_is_neither_listed_nor_counted_nor_opened(
    business: Business, teammate_client: Client, conversation: Conversation
) -> None:
    one = tell(business, conversation)
    with tenant_scope(business.tenant.id):
        Membership.objects.filter(pk=business.agent.pk).update(sees=Sees.OWN)
    assert "Mira" not in teammate_client.get(url(business)).text
    assert teammate_client.get(url(business, "bell/")).json()["count"] == ""
    assert teammate_client.post(url(business, f"{one.pk}/opening/")).status_code == 404


def test_notification_of_somebody_else_is_not_there(
    business: Business, owner_client: Client, stranger_client: Client, conversation: Conversation
) -> None:
    one = tell(business, conversation)
    found = [
        client.post(url(business, f"{one.pk}/opening/")).status_code
        for client in (owner_client, stranger_client)
    ]
    owner_client.post(url(business, "reading/"), {"id": [str(one.pk)]})
    assert (found, unread(business)) == ([404, 404], 1)


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_number_of_questions(
    business: Business,
    teammate_client: Client,
    conversation: Conversation,
    count: int,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(count):
        tell(business, conversation, f"k{number}")
    with django_assert_max_num_queries(12):
        teammate_client.get(url(business))


def test_each_chooses_for_himself(business: Business, teammate_client: Client) -> None:
    address = f"{business.base}settings/notifications/"
    ways = dict.fromkeys(Notification.Kind.values, "page") | {"mention": "digest", "rule": "off"}
    response = teammate_client.post(
        address, {**ways, "rhythm": "daily", "hour": "7", "zone": "America/Sao_Paulo"}
    )
    assert response.status_code == 302
    with tenant_scope(business.tenant.id):
        choice = NotificationChoice.objects.get()
    assert (choice.membership_id, choice.way("mention"), choice.way("rule")) == (
        business.agent.pk,
        "digest",
        "off",
    )
    assert (choice.hour, choice.timezone) == (7, "America/Sao_Paulo")
    wrong = teammate_client.post(address, {**ways, "mention": "pigeon", "rhythm": "daily", "hour": "7"})
    assert wrong.status_code == 422


def test_way_out_of_a_mail_asks_first_and_changes_only_when_posted(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        notifications.choose(membership=business.agent, ways={"mention": "digest", "assigned": "mail"})
    token = unsubscribe_token(business.tenant.pk, business.agent.pk, "digest")
    address, client = reverse("notifications:unsubscribe", args=[token]), Client(enforce_csrf_checks=True)

    def ways() -> list[str]:
        with tenant_scope(business.tenant.id):
            choice = NotificationChoice.objects.get()
        return [choice.way("mention"), choice.way("assigned")]

    assert (client.get(address).status_code, ways()) == (200, ["digest", "mail"])
    one_click = client.post(address, {"List-Unsubscribe": "One-Click"})
    assert (one_click.status_code, ways()) == (200, ["page", "mail"])


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00"])
def test_wrong_link_out_is_404(business: Business, token: str) -> None:
    assert Client().post(f"/n/{token}/").status_code == 404
