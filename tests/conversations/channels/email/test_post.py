"""Many mails over one connection: what is refused leaves it open for the next."""

import smtplib
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from conversations.channels.email.post import _Smtp
from tests.vendors.mail import free_port

MAIL = b"Subject: Hola\r\n\r\n.uno\r\n"


class Choosy:
    """A mail server that refuses some."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], bytes]] = []

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("fuera"):
            return "553 not yours"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nadie"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        if b"spam" in envelope.content:
            return "554 no"
        self.taken.append((str(envelope.mail_from), envelope.rcpt_tos, envelope.content))
        return "250 OK"


@pytest.fixture
def choosy() -> Iterator[Choosy]:
    server = Choosy()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    server.port = controller.port  # type: ignore[attr-defined]
    yield server
    controller.stop()


def test_refusals_are_smtplibs_own_and_the_next_mail_follows(choosy: Choosy) -> None:
    with smtplib.SMTP("127.0.0.1", choosy.port) as server:  # type: ignore[attr-defined]
        post = _Smtp(server)
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            post.hand_over("hola@tienda.mx", "nadie@correo.mx", MAIL)
        assert refused.value.recipients == {"nadie@correo.mx": (550, b"no such user")}
        with pytest.raises(smtplib.SMTPDataError):
            post.hand_over("hola@tienda.mx", "ana@correo.mx", b"Subject: spam\r\n\r\n")
        with pytest.raises(smtplib.SMTPSenderRefused):
            post.hand_over("fuera@tienda.mx", "ana@correo.mx", MAIL)
        post.hand_over("hola@tienda.mx", "ana@correo.mx", MAIL)
    assert choosy.taken == [("hola@tienda.mx", ["ana@correo.mx"], MAIL)]
