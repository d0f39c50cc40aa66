"""A mailbox at a mail provider, read by IMAP and sent from by SMTP, at a server that may misbehave."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from django.utils import timezone

from conversations.actions import inbound, listening
from conversations.actions.deliveries import deliver
from conversations.actions.mailboxes import connect_mailbox, disconnect_mailbox, read_mailbox
from conversations.actions.messages import send_reply
from conversations.channels.email import connection, connections, imap
from conversations.models import Channel, Conversation, Delivery, InboundEvent, Mailbox
from conversations.tasks import read_mailbox as read_mailbox_task
from conversations.tasks import sweep_mailboxes
from tenants.models import AuditEvent
from tenants.scoping import tenant_scope
from tests.conversations.inbound import read_everything
from tests.factories.tenants import Business
from tests.vendors.imap import HOST, ImapServer, certificate, server_context
from tests.vendors.mail import MailServer, free_port

PASSWORD = "secreto"


def mail(number: int) -> bytes:
    return (
        f"From: Ana <ana@example.com>\r\nTo: tienda@example.com\r\nSubject: Bici {number}\r\n"
        f"Message-ID: <{number}@x>\r\n\r\nHola {number}\r\n"
    ).encode()


class Box:
    """The business's mail channel with a mailbox at the stand-in."""

    def __init__(self, business: Business, server: ImapServer) -> None:
        self.business, self.server = business, server
        with tenant_scope(business.tenant.id):
            self.channel = Channel.objects.get(kind="email")

    def connect(self, password: str = PASSWORD, **changes: object) -> None:
        mailbox = {
            "host": HOST,
            "port": self.server.port,
            "username": "tienda@example.com",
            "folder": "INBOX",
            "smtp_host": "",
            "smtp_port": 0,
        } | changes
        with tenant_scope(self.business.tenant.id):
            channel = Channel.objects.get(pk=self.channel.pk)
            connect_mailbox(channel=channel, mailbox=mailbox, password=password, by=self.business.actor())

    def read(self, *, later: bool = True) -> int:
        if later:
            with tenant_scope(self.business.tenant.id):
                Mailbox.objects.update(due_at=timezone.now())
        return read_mailbox(self.business.tenant.id, self.channel.pk)

    def before_each(self, monkeypatch: pytest.MonkeyPatch, happens: Callable[[int], Any]) -> None:
        """Let something happen before a mail is fetched."""
        fetch = imap.OpenMailbox.fetch

        def after(mailbox: imap.OpenMailbox, uid: int) -> bytes | None:
            happens(uid)
            return fetch(mailbox, uid)

        monkeypatch.setattr(imap.OpenMailbox, "fetch", after)

    @property
    def state(self) -> Mailbox:
        with tenant_scope(self.business.tenant.id):
            found: Mailbox = Mailbox.objects.get()
            return found

    def events(self) -> int:
        with tenant_scope(self.business.tenant.id):
            return InboundEvent.objects.count()

    def try_out(self) -> list[tuple[str, bool, str]]:
        with tenant_scope(self.business.tenant.id):
            channel = Channel.objects.get(pk=self.channel.pk)
        return [tuple(finding) for finding in connection.EmailConnection().check(channel).findings]


@pytest.fixture
def server(settings: Any) -> Iterator[ImapServer]:
    with ImapServer() as running:
        settings.OUTBOUND_ALLOWED = ["127.0.0.1/32", "::1/128"]
        settings.MAIL_CA = running.ca
        yield running


@pytest.fixture
def box(business: Business, server: ImapServer) -> Box:
    return Box(business, server)


def test_mail_that_arrives_after_connecting_becomes_messages_once(box: Box) -> None:
    box.server.deliver(mail(1))
    box.connect()
    assert box.read() == 0  # what lay there before stays there
    box.server.deliver(mail(2))
    box.server.deliver(mail(3))
    assert (box.read(), box.read()) == (2, 0)
    assert box.server.fetched == [2, 3]
    read_everything(box.business)
    with tenant_scope(box.business.tenant.id):
        assert sorted(Conversation.objects.values_list("subject", flat=True))[:1] == ["Bici 2"]
        kept = InboundEvent.objects.order_by("id")
        assert [bytes(event.body) for event in kept] == [mail(2), mail(3)]
        assert {event.outcome for event in kept} == {"message"}
    assert (box.state.uid_validity, box.state.uid_next, box.state.problem) == (7, 4, "")


def test_reader_that_is_cut_off_reads_the_rest_next_time(box: Box) -> None:
    box.connect()
    box.read()
    for number in range(1, 5):
        box.server.deliver(mail(number))
    box.server.break_at = 3
    assert box.read() == 2
    assert (box.state.uid_next, box.state.problem) == (3, f"{connections.BROKE_OFF}: {HOST}")
    assert box.read(later=False) == 0  # not due
    box.server.break_at = None
    assert (box.read(), box.events()) == (2, 4)
    assert (box.state.problem, box.state.failures) == ("", 0)


def test_reader_killed_between_keeping_and_noting_doubles_nothing(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.connect()
    box.read()
    box.server.deliver(mail(1))
    real = inbound.accept

    def killed(**given: object) -> None:
        real(**given)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(inbound, "accept", killed)
    with pytest.raises(KeyboardInterrupt):
        box.read()
    monkeypatch.setattr(inbound, "accept", real)
    assert (box.events(), box.state.uid_next) == (1, 1)
    assert box.read() == 0  # the dead reader's lease still holds
    with tenant_scope(box.business.tenant.id):
        Mailbox.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert box.read() == 1
    assert (box.events(), box.state.uid_next) == (1, 2)


def test_two_readers_are_one(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    box.connect()
    box.read()
    box.server.deliver(mail(1))
    second: list[int] = []
    box.before_each(monkeypatch, lambda uid: second.append(box.read()))
    assert (box.read(), second, box.events()) == (1, [0], 1)


def test_reader_whose_mailbox_was_taken_over_stops(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    box.connect()
    box.read()
    box.server.deliver(mail(1))
    box.server.deliver(mail(2))

    def taken(uid: int) -> None:
        with tenant_scope(box.business.tenant.id):
            Mailbox.objects.update(lease=None, lease_until=None)

    box.before_each(monkeypatch, taken)
    assert (box.read(), box.events(), box.state.uid_next) == (1, 1, 1)


def test_numbers_made_anew_are_read_again_without_doubling(box: Box) -> None:
    box.connect()
    box.read()
    box.server.deliver(mail(1))
    assert box.read() == 1
    box.server.number_anew()
    box.server.deliver(mail(2))
    assert box.read() == 2  # one of them was kept before
    assert box.events() == 2
    assert (box.state.uid_validity, box.state.uid_next) == (8, 103)


def test_server_that_does_not_say_what_comes_next_is_read_from_now_on(box: Box) -> None:
    box.server.silent_about_next = True
    box.server.deliver(mail(1))
    box.connect()
    assert box.read() == 0
    box.server.deliver(mail(2))
    assert (box.read(), box.server.fetched) == (1, [2])


def test_mail_deleted_before_it_was_read_is_passed_over(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    box.connect()
    box.read()
    box.server.deliver(mail(1))
    box.server.deliver(mail(2))
    box.before_each(monkeypatch, lambda uid: box.server.mails.pop(1, None))
    assert (box.read(), box.state.uid_next) == (1, 3)


def test_endless_mail_is_refused(box: Box) -> None:
    box.connect()
    box.read()
    box.server.deliver(mail(1))
    box.server.endless = True
    assert box.read() == 0
    assert box.state.problem.startswith(connections.NOT_UNDERSTOOD)


@pytest.mark.parametrize(
    ("changes", "password", "problem"),
    [
        ({}, "wrong", connections.WRONG_PASSWORD),
        ({"username": "x"}, PASSWORD, connections.WRONG_PASSWORD),
        ({"folder": "Otra"}, PASSWORD, f"{connections.NO_FOLDER}: Otra"),
        ({"host": "nobody.invalid"}, PASSWORD, f"{connections.NAME_UNKNOWN}: nobody.invalid"),
        ({"port": 1}, PASSWORD, f"{connections.SILENT}: {HOST}:1"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    box: Box, changes: dict[str, object], password: str, problem: str
) -> None:
    box.connect(password, **changes)
    assert box.read() == 0
    assert box.state.problem.startswith(problem)
    assert box.state.problem_since is not None
    [(what, works, said), _sending] = box.try_out()
    assert (what, works, said) == (connection.RECEIVING, False, box.state.problem)


def test_wrong_password_is_tried_again_only_after_an_hour(box: Box) -> None:
    box.connect("wrong")
    box.read()
    assert box.state.due_at > timezone.now() + timedelta(minutes=55)
    box.connect(PASSWORD)
    assert (box.read(later=False), box.state.problem) == (0, "")


def test_provider_that_wants_an_app_password_is_understood(box: Box) -> None:
    box.server.refusal = "[ALERT] Application-specific password required"
    box.connect("wrong")
    box.read()
    assert box.state.problem.startswith(connections.NEEDS_APP_PASSWORD)


def test_certificate_of_nobody_we_trust_sends_no_password(box: Box, settings: Any) -> None:
    settings.MAIL_CA = ""
    box.connect()
    box.read()
    assert (box.state.problem, box.server.logins) == (f"{connections.BAD_CERTIFICATE}: {HOST}", 0)


def test_private_address_is_never_called(box: Box, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED = []
    box.connect()
    box.read()
    assert (box.state.problem, box.server.logins) == (f"{connections.NOT_PUBLIC}: {HOST}", 0)


def test_another_account_begins_anew_and_the_password_is_kept_when_left_empty(box: Box) -> None:
    box.connect()
    box.read()
    box.server.deliver(mail(1))
    box.connect(password="")
    assert (box.read(), box.state.uid_next) == (1, 2)
    box.connect(folder="Otra")
    assert box.state.uid_next == 0


def test_disconnecting_forgets_the_password(box: Box) -> None:
    box.connect()
    with tenant_scope(box.business.tenant.id):
        channel = Channel.objects.get(pk=box.channel.pk)
        disconnect_mailbox(channel=channel, by=box.business.actor())
        channel.refresh_from_db()
        assert (channel.secrets, channel.settings.get("mailbox")) == ({}, None)
        assert Mailbox.objects.count() == 0
        said = AuditEvent.objects.filter(action__startswith="channel.mailbox").values_list(
            "details", flat=True
        )
        assert PASSWORD not in str(list(said))
    assert box.read(later=False) == 0


def test_channel_switched_off_is_not_read(box: Box) -> None:
    box.connect()
    with tenant_scope(box.business.tenant.id):
        Channel.objects.update(is_active=False)
    assert (box.read(), box.server.logins) == (0, 0)


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_sweep_rings_for_what_is_due_and_the_task_twice_reads_once(box: Box) -> None:
    box.connect()
    box.read()
    assert sweep_mailboxes() == 0
    with tenant_scope(box.business.tenant.id):
        Mailbox.objects.update(due_at=timezone.now())
    assert sweep_mailboxes() == 1
    box.server.deliver(mail(1))
    for _twice in range(2):
        read_mailbox_task(str(box.business.tenant.id), str(box.channel.pk))
    assert box.events() == 1


def test_mailbox_of_the_other_business_is_not_read_by_ours(box: Box, other: Business) -> None:
    box.connect()
    assert read_mailbox(other.tenant.id, box.channel.pk) == 0
    assert box.server.logins == 0


# Sending


class Outgoing:
    """A provider's SMTP server: TLS first, then the password, then mail."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.taken: list[Envelope] = []
        self.refuses = refuses
        self.ca, key = certificate()
        self.port = free_port()
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            tls_context=server_context(self.ca, key),
            require_starttls=True,
            authenticator=self.judge,
            auth_required=True,
        )

    def __enter__(self) -> "Outgoing":
        self._controller.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._controller.stop()

    def judge(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        """Only the right password."""
        right = (data.login, data.password) == (b"tienda@example.com", PASSWORD.encode())
        return AuthResult(success=right, handled=False)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient, or refuse everybody."""
        if self.refuses:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the mail."""
        self.taken.append(envelope)
        return "250 OK"


def answer(box: Box) -> Delivery:
    """One answer to Ana, sent by whatever the channel says."""
    box.server.deliver(mail(1))
    box.read()
    read_everything(box.business)
    with tenant_scope(box.business.tenant.id):
        actor = box.business.actor(box.business.agent)
        send_reply(conversation=Conversation.objects.get(), text="Sí hay", by=actor)
        delivery: Delivery = Delivery.objects.get()
    deliver(box.business.tenant.id, delivery.pk)
    with tenant_scope(box.business.tenant.id):
        delivery.refresh_from_db()
    return delivery


def test_answers_leave_by_the_business_own_server(box: Box, settings: Any) -> None:
    with Outgoing() as outgoing:
        settings.MAIL_CA = box.server.ca + outgoing.ca
        box.connect(smtp_host=HOST, smtp_port=outgoing.port)
        box.read()
        assert box.try_out() == [
            (connection.RECEIVING, True, connection.WORKS),
            (connection.SENDING, True, connection.WORKS),
        ]
        delivery = answer(box)
        assert (delivery.status, delivery.reason) == ("sent", "")
        [taken] = outgoing.taken
        assert taken.rcpt_tos == ["ana@example.com"]
        assert f"Message-ID: <{delivery.provider_id}>".encode() in bytes(taken.content or b"")


def test_refused_recipient_fails_with_the_servers_words(box: Box, settings: Any) -> None:
    with Outgoing(refuses=True) as outgoing:
        settings.MAIL_CA = box.server.ca + outgoing.ca
        box.connect(smtp_host=HOST, smtp_port=outgoing.port)
        box.read()
        delivery = answer(box)
    assert (delivery.status, delivery.reason) == ("failed", "The mail server refused it: 5.1.1 no such user")


def test_answer_waits_while_the_password_is_wrong(box: Box, settings: Any) -> None:
    with Outgoing() as outgoing:
        settings.MAIL_CA = box.server.ca + outgoing.ca
        box.connect(smtp_host=HOST, smtp_port=outgoing.port)
        box.read()
        with tenant_scope(box.business.tenant.id):
            channel = Channel.objects.get(pk=box.channel.pk)
            channel.secrets = {"mailbox_password": "old"}
            channel.save()
        box.server.password = "old"
        delivery = answer(box)
        assert (delivery.status, outgoing.taken) == ("pending", [])
        assert delivery.reason.startswith(connections.WRONG_PASSWORD)
    assert box.try_out()[1][:2] == (connection.SENDING, False)


def test_server_without_encryption_gets_no_password(box: Box) -> None:
    with MailServer() as plain:
        port = int(plain.url.rpartition(":")[2])
        box.connect(smtp_host=HOST, smtp_port=port)
        assert box.try_out()[1] == (connection.SENDING, False, f"{connections.NOT_ENCRYPTED}: {HOST}")


def test_accounts_never_show_their_password() -> None:
    account = connections.Account("mail.example.com", 993, "tienda", "muy secreto")
    assert "secreto" not in f"{account!r} {account}"


# --- told instead of asked (IDLE) ---


@pytest.mark.django_db(transaction=True)
def test_new_mail_is_read_as_soon_as_the_server_tells(box: Box) -> None:
    box.connect()
    box.read()
    rung = threading.Event()
    ear = listening.Ear(box.business.tenant.id, box.channel.pk, ring=rung.set)
    ear.start()
    assert rung.wait(10)  # once at the beginning, for what came while nobody listened
    rung.clear()
    assert box.server.idling.wait(10)
    box.server.deliver(mail(1))
    assert rung.wait(10)
    assert box.read() == 1
    ear.stop()
    ear.join(10)
    assert not ear.is_alive()


@pytest.mark.django_db(transaction=True)
def test_a_server_without_idle_is_left_to_polling(box: Box) -> None:
    box.connect()
    box.server.offers_idle = False
    ear = listening.Ear(box.business.tenant.id, box.channel.pk, ring=lambda: None)
    ear.start()
    ear.join(10)
    assert not ear.is_alive()


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_ears_follow_the_mailboxes_that_are_there(box: Box) -> None:
    box.connect()
    ears = listening.Ears()
    assert ears.look_round() == 1
    assert box.server.idling.wait(10)
    with tenant_scope(box.business.tenant.id):
        disconnect_mailbox(channel=Channel.objects.get(pk=box.channel.pk), by=box.business.actor())
    assert ears.look_round() == 0
    ears.stop()
