"""Every returned mail against what a reader wrote down of it, and failures judged by code and words."""

from pathlib import Path

import pytest

from conversations.channels.email.classify import classify
from conversations.channels.email.diagnosis import Category, diagnose
from conversations.channels.email.mime import parse
from conversations.channels.email.verdict import Kind
from tests.conversations.channels.email import corpus
from tests.conversations.channels.email.expected import EXPECTED, recognised


def test_each_mail_is_written_down() -> None:
    assert sorted(EXPECTED) == [path.name for path in corpus.paths("bounces")]


def test_each_mail_is_recognised_for_what_it_is() -> None:
    assert {name: recognised(name) for name in EXPECTED} == EXPECTED


@pytest.mark.parametrize("path", corpus.paths("bounces-not"), ids=lambda path: path.name)
def test_what_is_no_bounce_is_none(path: Path) -> None:
    verdict = classify(parse(path.read_bytes()))
    assert verdict.kind in {Kind.MESSAGE, Kind.AUTO_REPLY}
    assert (verdict.failures, verdict.delayed_addresses, verdict.complaining_addresses) == ((), (), ())


@pytest.mark.parametrize(
    ("status", "said", "category", "permanent", "code"),
    [
        ("5.1.1", "550 5.1.1 User unknown", Category.NO_MAILBOX, True, "5.1.1"),
        ("5.0.0", "550 5.2.1 The account is disabled", Category.CLOSED_MAILBOX, True, "5.2.1"),
        ("5.2.2", "", Category.FULL_MAILBOX, False, "5.2.2"),
        ("4.4.7", "", Category.UNREACHABLE, False, "4.4.7"),
        ("5.7.26", "", Category.SENDER_CHECK, True, "5.7.26"),
        ("5.7.99", "", Category.POLICY, True, "5.7.99"),
        ("", "550 El buzón del destinatario está lleno", Category.FULL_MAILBOX, False, ""),
        ("", "550 usuário inexistente", Category.NO_MAILBOX, True, ""),
        ("", "450 4.1.1 User unknown, greylisted", Category.TOO_MANY, False, "4.1.1"),
        ("", "450 4.1.1 <a@b.mx>: user unknown", Category.NO_MAILBOX, False, "4.1.1"),
        ("", "550 <mailboxfull@b.mx> from 10.5.1.1 no", Category.OTHER, True, ""),
        ("", "451 mailbox-full.example said no", Category.OTHER, False, ""),
        ("", "", Category.OTHER, True, ""),
        ("99999.1.1", "\0", Category.OTHER, True, ""),
    ],
)
def test_codes_and_words_are_judged(
    status: str, said: str, category: Category, permanent: bool, code: str
) -> None:
    found = diagnose(status, [said])
    assert (found.category, found.permanent, found.status) == (category, permanent, code)
