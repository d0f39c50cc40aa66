"""Signatures of campaigns' mails, as another program verifies them."""

import dkim as verifier

from conversations.channels.email import dkim
from conversations.channels.email.post import as_django
from conversations.models import Channel
from tests.conversations.tracking.test_links import sent
from tests.factories.campaigns import Sink
from tests.factories.conversations import make_channel
from tests.factories.tenants import Business


def signer() -> dkim.Signer:
    channel = Channel(address="Mirasol <hola@mirasol.example>", kind="email")
    channel.secrets = dkim.new_key("mirasol.example", "puente1")
    found = dkim.signer_of(channel)
    assert found is not None
    channel.address = "hola@elsewhere.example"
    assert dkim.signer_of(channel) is None
    return found


def is_valid(content: bytes, by: dkim.Signer) -> bool:
    asked: list[bytes] = []

    def answer(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return by.record.encode()

    valid = bool(verifier.verify(content, dnsfunc=answer))
    assert asked == [f"{by.name}.".encode()]
    return valid


def test_campaigns_mail_is_signed_over_how_to_unsubscribe(scope: Business, sink: Sink) -> None:
    channel = make_channel()
    channel.address, channel.secrets = "hola@mirasol.example", dkim.new_key("mirasol.example", "puente1")
    channel.save()
    by = dkim.signer_of(channel)
    assert by is not None
    [mail] = sent(sink, channel=channel)
    content = sink.raw[0]

    assert is_valid(content, by)
    said = mail["DKIM-Signature"].replace("\r\n", "")
    assert "list-unsubscribe:list-unsubscribe-post" in said
    for changed in (
        content.replace(b"List-Unsubscribe: <http", b"List-Unsubscribe: <https"),
        content.replace(b"List-Unsubscribe-Post: List", b"List-Unsubscribe-Post: Not"),
        content.replace(b"Hola", b"Adios"),
        b"Subject: another\r\n" + content,
    ):
        assert changed != content
        assert not is_valid(changed, by)
    assert "DKIM-Signature" not in as_django(content).extra_headers


def test_odd_mails_are_signed_as_the_standard_reads_them() -> None:
    by = signer()
    for content in (
        b"From: a@mirasol.example\r\n\r\n",
        b"From: a@mirasol.example\r\nSubject:  x  \t y\r\n\tz \r\n\r\n\r\n\r\n",
        b"From: a@mirasol.example\r\n\r\n a \t b \r\n\r\n c\r\n\r\n",
        b"From: a@mirasol.example\r\nSubject: uno\r\n\r\nsin final",
    ):
        assert is_valid(by.signed(content), by), content
