"""Mail made to break a parser: nothing raises, everything can be stored, nothing takes long."""

import random
import time

import pytest

from conversations.channels.email.classify import classify
from conversations.channels.email.mime import parse
from conversations.channels.email.parts import MAX_PARTS
from conversations.channels.email.replies import fold
from tests.conversations.channels.email import corpus

HEAD = b"From: a@b.mx\r\nSubject: x\r\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
DAEMON = b"From: MAILER-DAEMON\r\nSubject: Undelivered\r\n"
SECONDS = 10  # of processor time; the slowest needs one or two, quadratic ones needed minutes

HOSTILE = {
    "nul": HEAD + b"\r\n\0a\0",
    "nested multiparts": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (number, number)
        for number in range(10_000)
    ),
    "nested multiparts of one boundary": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 10_000,
    "nested messages": b"From: a@b.mx\nContent-Type: message/rfc822\r\n\r\n" * 10_000,
    "a million parts": MIXED + b"--b\r\n\r\n" * 1_000_000,
    "header line of 5 MB": b"From: a@b.mx\r\nSubject: " + b"a" * 5_000_000 + b"\r\n\r\nx",
    "a million senders": b"From: " + b"a@b.mx," * 1_000_000 + b"\r\n\r\nx",
    "quotes": b"From: " + b'"' * 5_000_000 + b"\r\n\r\nx",
    "comments": b"From: " + b"(" * 5_000_000 + b"\r\n\r\nx",
    "parameters": HEAD + b"Content-Type: text/plain" + b";" * 5_000_000 + b"\r\n\r\nx",
    "open parameters": MIXED + (b"--b\r\nContent-Type: x/y" + b';a="' * 2_000 + b"\r\n\r\nx\r\n") * 100,
    "a million header lines": b"X: y\r\n" * 1_000_000 + b"\r\nx",
    "encoded words": b"From: a@b.mx\r\nSubject: " + b"=?utf-8?q?a?= " * 300_000 + b"\r\n\r\nx",
    "half encoded words": b"From: a@b.mx\r\nSubject: " + b"=?" * 1_000_000 + b"\r\n\r\nx",
    "broken base64": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"!!=A=B=\xff" * 100_000,
    "broken quoted-printable": HEAD
    + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    + b"=\n=Z" * 300_000,
    "broken uuencode": HEAD + b"Content-Transfer-Encoding: x-uuencode\r\n\r\n" + b"\xff\xfe~\n" * 300_000,
    "line ends": HEAD + b"\r\n" + b"\n" * 5_000_000,
    "boundaries in a line": HEAD + b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a" * 2_000_000,
    "dashes": HEAD + b'Content-Type: multipart/mixed; boundary="-"\n\n' + b"-" * 5_000_000,
    "html": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 1_000_000,
    "script in UTF-7": HEAD
    + b"Content-Type: text/html; charset=utf-7\r\n\r\n"
    + b"+ADw-script+AD4-x+ADw-/script+AD4-",
    "surrogates": HEAD + b"Content-Type: text/plain; charset=utf-7\r\n\r\n+2AA- \xed\xa0\x80",
    "references": HEAD + b"References: " + b"<a@b> " * 1_000_000 + b"\r\n\r\nx",
    "status blocks": DAEMON
    + b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    + b"--b\r\nContent-Type: message/delivery-status\r\n\r\n"
    + b"Action: failed\nFinal-Recipient: rfc822;a@b.mx\n\n" * 300_000,
    "bounce of many lines": DAEMON + b"\r\n" + b"<a@b.mx>:\n" * 100_000,
    "bounce of one line": DAEMON + b"\r\n" + b"a" * 1_000_000 + b"@",
    "bounce of blanks": DAEMON + b"\r\n" + (b" " * 490 + b"\n") * 1_000,
    "international domain": b"From: x@" + "ñ".encode() * 100_000 + b"\r\n\r\nx",
    "noise": random.Random(7).randbytes(200_000),
}  # fmt: skip


def check(raw: bytes) -> None:
    parsed = parse(raw)
    verdict = classify(parsed)
    folded = fold(parsed.text)
    assert "".join(segment.text for segment in folded.segments) == parsed.text
    people = [*parsed.to, *parsed.cc, *parsed.reply_to]
    stored = "\n".join(
        [
            *(parsed.text, parsed.html, parsed.subject, parsed.from_name, parsed.from_address),
            *(parsed.message_id, parsed.in_reply_to, *parsed.references),
            *(item for person in people for item in (person.name, person.address)),
            *(
                text
                for file in parsed.attachments
                for text in (file.filename, file.content_type, file.content_id)
            ),
            *(verdict.detail, verdict.original_message_id, *verdict.original_reply_addresses),
            *(*verdict.failed_addresses, *verdict.delayed_addresses, *verdict.complaining_addresses),
        ]
    )
    assert "\0" not in stored
    assert stored.encode()
    assert "<script" not in parsed.html


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mail_is_understood_in_time(name: str) -> None:
    start = time.process_time()
    check(HOSTILE[name])
    assert time.process_time() - start < SECONDS


def test_parts_are_bounded() -> None:
    mail = parse(HOSTILE["a million parts"])
    assert len(list(mail.root.walk())) <= MAX_PARTS
    assert "too_many_parts" in mail.defects
    assert "nested_too_deeply" in parse(HOSTILE["nested multiparts"]).defects


def test_damaged_mail_never_raises() -> None:
    chance = random.Random(20250304)
    sources = [
        corpus.raw(path) or b"x" for folder in ("mime", "replies", "bounces") for path in corpus.paths(folder)
    ]
    splices = [
        *(b"\0", b"\n\n", b"\r", b'"', b"=?", b"?=", b";", b"--", b"<", b">", b"@", b"(", b"\xed\xa0\x80"),
        *(b"Content-Type: multipart/mixed; boundary=x\n", b"=?utf-7?b?+ADw-?=", b"filename*0*=x''%ff;"),
    ]
    for _round in range(500):
        raw = bytearray(chance.choice(sources))
        for _damage in range(chance.randint(1, 20)):
            at = chance.randrange(len(raw) + 1)
            if chance.random() < 0.4:
                del raw[at : at + chance.randrange(200)]
            else:
                raw[at:at] = chance.choice(splices)
        check(bytes(raw))


def test_a_simple_mail_is_quick() -> None:
    raw = (corpus.FIXTURES / "mime" / "plain_emails" / "raw_email_simple.eml").read_bytes()
    rounds = []
    for _round in range(20):
        start = time.process_time()
        parsed = parse(raw)
        classify(parsed)
        fold(parsed.text)
        rounds.append(time.process_time() - start)
    assert sorted(rounds)[10] < 0.005  # in seconds
