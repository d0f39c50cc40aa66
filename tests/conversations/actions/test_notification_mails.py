"""Mails that tell members what happened: once, grouped, in their language, with a way out."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage
from django.utils import timezone

from conversations.actions import notification_mails, notifications
from conversations.automation_tasks import sweep_automation
from conversations.models import Conversation, Notification, NotificationMail
from tenants.models import Membership, User
from tenants.permissions import Sees
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_conversation
from tests.factories.tenants import Business

DIGEST = dict.fromkeys(Notification.Kind.values, "digest")
AT_ONCE = dict.fromkeys(Notification.Kind.values, "mail")


def tell(member: Membership, conversation: Conversation, key: str, text: str = "Mira esto") -> None:
    notifications.tell(
        to=[member],
        kind="mention",
        key=key,
        conversation=conversation,
        data={"who": "Olga", "text": text},
    )


def all_due(business: Business) -> list[NotificationMail]:
    """Let every mail be due now."""
    with tenant_scope(business.tenant.id):
        NotificationMail.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
        return list(NotificationMail.objects.order_by("id"))


def send_all(business: Business) -> list[str]:
    """What the workers do; the states afterwards."""
    for one in all_due(business):
        notification_mails.send(business.tenant.id, one.pk)
    with tenant_scope(business.tenant.id):
        return list(NotificationMail.objects.order_by("id").values_list("status", flat=True))


@pytest.fixture
def digest(business: Business) -> NotificationMail:
    """A digest of three things about two customers waits for the agent."""
    with tenant_scope(business.tenant.id):
        User.objects.filter(pk=business.agent.user_id).update(language="en")
        notifications.choose(membership=business.agent, ways=DIGEST)
        ana, beto = make_conversation(name="Ana Flores"), make_conversation(name="Beto Cruz")
        for number, conversation in enumerate((ana, beto, ana)):
            tell(business.agent, conversation, f"m{number}", f"Texto {number}")
        found: NotificationMail = NotificationMail.objects.get()
    return found


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_digest_leaves_once_under_two_schedulers(business: Business, digest: NotificationMail) -> None:
    assert send_all(business) == ["sent"]
    assert (send_all(business), sweep_automation()) == (["sent"], 0)
    (letter,) = outbox.outbox
    assert letter.to == [business.agent.user.email]


@pytest.mark.django_db(transaction=True)
def test_digest_is_grouped_by_conversation_in_the_readers_language(
    business: Business, digest: NotificationMail
) -> None:
    send_all(business)
    (letter,) = outbox.outbox
    body = letter.body
    assert letter.subject == "Bicis Tapatías: 3 things to know"
    lines = body.splitlines()
    assert (lines.count("Ana Flores"), lines.count("Beto Cruz")) == (1, 1)
    assert body.index("Texto 0") < body.index("Texto 2") < body.index("Texto 1")


@pytest.mark.django_db(transaction=True)
def test_mail_has_the_way_out_in_its_head(business: Business, digest: NotificationMail) -> None:
    send_all(business)
    headers = outbox.outbox[0].extra_headers
    link = headers["List-Unsubscribe"].strip("<>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in outbox.outbox[0].body
    assert notification_mails.read_token(link.rstrip("/").rpartition("/")[2]) == (
        business.tenant.pk,
        business.agent.pk,
        "digest",
    )


@pytest.mark.django_db(transaction=True)
def test_what_was_read_meanwhile_is_not_mailed(business: Business, digest: NotificationMail) -> None:
    with tenant_scope(business.tenant.id):
        notifications.read(membership_id=business.agent.pk)
    assert (send_all(business), outbox.outbox) == (["skipped"], [])


@pytest.mark.django_db(transaction=True)
def test_what_he_may_no_longer_see_is_not_mailed(business: Business, digest: NotificationMail) -> None:
    with tenant_scope(business.tenant.id):
        Membership.objects.filter(pk=business.agent.pk).update(sees=Sees.OWN)
    assert (send_all(business), outbox.outbox) == (["skipped"], [])


@pytest.mark.django_db(transaction=True)
def test_who_left_gets_nothing(business: Business, digest: NotificationMail) -> None:
    with tenant_scope(business.tenant.id):
        Membership.objects.filter(pk=business.agent.pk).update(is_active=False)
    assert (send_all(business), outbox.outbox) == (["skipped"], [])


@pytest.mark.django_db(transaction=True)
def test_mail_at_once_is_one_a_thing(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        notifications.choose(membership=business.agent, ways=AT_ONCE)
        conversation = make_conversation()
        for key in ("a", "b", "b"):
            tell(business.agent, conversation, key)
    assert send_all(business) == ["sent", "sent"]
    assert len(outbox.outbox) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("error", "states"),
    [
        (ConnectionRefusedError(), ["pending", "sent"]),
        (smtplib.SMTPRecipientsRefused({}), ["pending", "sent"]),
        (smtplib.SMTPServerDisconnected("gone"), ["unknown", "unknown"]),
        (TimeoutError(), ["unknown", "unknown"]),
    ],
)
def test_what_was_certainly_not_taken_is_sent_later_and_nothing_twice(
    business: Business,
    digest: NotificationMail,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    states: list[str],
) -> None:
    def refuse(self: EmailMessage, *_given: Any) -> int:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", refuse)
        first = send_all(business)
    assert [*first, *send_all(business)] == states


@pytest.mark.django_db(transaction=True)
def test_mail_whose_sender_died_while_asking_is_not_sent_again(
    business: Business, digest: NotificationMail
) -> None:
    with tenant_scope(business.tenant.id):
        NotificationMail.objects.update(status="sending", attempts=1, calling_at=timezone.now())
    assert (send_all(business), outbox.outbox) == (["unknown"], [])


@pytest.mark.django_db(transaction=True)
def test_mail_whose_sender_died_before_asking_is_sent(business: Business, digest: NotificationMail) -> None:
    with tenant_scope(business.tenant.id):
        NotificationMail.objects.update(status="sending", attempts=1)
    assert send_all(business) == ["sent"]


@pytest.mark.django_db(transaction=True)
def test_mail_is_given_up_after_five_refusals(
    business: Business, digest: NotificationMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: EmailMessage, *_given: Any) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMessage, "send", refuse)
    states = [send_all(business)[0] for _attempt in range(6)]
    assert states == ["pending"] * 4 + ["failed"] * 2


@pytest.mark.django_db(transaction=True)
def test_mail_is_not_sent_before_its_time(business: Business, digest: NotificationMail) -> None:
    notification_mails.send(business.tenant.id, digest.pk)
    assert outbox.outbox == []


def test_old_notifications_are_forgotten(scope: Business) -> None:
    tell(scope.agent, make_conversation(), "old")
    tell(scope.agent, make_conversation(), "new")
    Notification.objects.filter(key="old").update(created_at=timezone.now() - timedelta(days=91))
    assert notifications.forget_old() >= 1
    assert list(Notification.objects.values_list("key", flat=True)) == ["new"]


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "é", "WyJ4Il0:1:2"])
def test_token_that_is_none_of_ours_leads_nowhere(token: str) -> None:
    assert notification_mails.read_token(token) is None
