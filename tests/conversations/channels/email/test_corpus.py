"""Every collected mail is understood; how many became what is written down."""

from collections import Counter
from pathlib import Path

import pytest

from conversations.channels.email.classify import Kind, Reason, Verdict, classify
from conversations.channels.email.mime import ParsedEmail, parse
from conversations.channels.email.replies import fold
from tests.conversations.channels.email import corpus

FOLDERS = ["mime", "replies", "bounces", "bounces-not"]

# By the names of the files arf-* are complaints, rfc3834-* automatic replies, all others failures. Of these
# others some are not: in twelve the server is still trying, and one notice was forwarded by a person.
NO_FAILURES = {
    "lhost-gmail-17.eml": Kind.AUTO_REPLY,
    "lhost-messagingserver-07.eml": Kind.AUTO_REPLY,
    "lhost-opensmtpd-04.eml": Kind.AUTO_REPLY,
    "lhost-opensmtpd-12.eml": Kind.AUTO_REPLY,
    "lhost-opensmtpd-16.eml": Kind.AUTO_REPLY,
    "lhost-sendmail-14.eml": Kind.MESSAGE,
    "lhost-sendmail-29.eml": Kind.AUTO_REPLY,
    "lhost-sendmail-55.eml": Kind.AUTO_REPLY,
    "rfc3464-07.eml": Kind.AUTO_REPLY,
    "rfc3464-09.eml": Kind.AUTO_REPLY,
    "rfc3464-55.eml": Kind.AUTO_REPLY,
    "rhost-gsuite-06.eml": Kind.AUTO_REPLY,
    "rhost-outlook-06.eml": Kind.AUTO_REPLY,
}
NO_MESSAGES = {
    "mime/bad_date_header.eml": Kind.AUTO_REPLY,  # "Precedence: junk" on an answer
    "mime/multi_address_bounce1.eml": Kind.DELIVERY_FAILURE,
    "mime/multi_address_bounce2.eml": Kind.DELIVERY_FAILURE,
    "mime/multipart_report_multiple_status.eml": Kind.DELIVERY_FAILURE,
    "mime/raw_email_with_mimepart_without_content_type.eml": Kind.AUTO_REPLY,  # a warning of a delay
    "mime/report_422.eml": Kind.AUTO_REPLY,  # a warning of a delay
    "mime/.gitattributes": Kind.PARKED,  # no mail at all
    "mime/sample_output_multipart": Kind.PARKED,  # an empty file
    "bounces-not/rb-issue-368-bug.eml": Kind.AUTO_REPLY,
}


def expected(folder: str, name: str) -> Kind:
    if folder != "bounces":
        return NO_MESSAGES.get(f"{folder}/{name}", Kind.MESSAGE)
    if name.startswith("arf-"):
        return Kind.COMPLAINT
    if name.startswith("rfc3834-"):
        return Kind.AUTO_REPLY
    return NO_FAILURES.get(name, Kind.DELIVERY_FAILURE)


def understood(path: Path) -> tuple[ParsedEmail, Verdict]:
    parsed = parse(corpus.raw(path))
    return parsed, classify(parsed)


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_mail_is_of_the_kind_its_name_says(folder: str) -> None:
    found = {path.name: understood(path)[1].kind for path in corpus.paths(folder)}
    assert found == {name: expected(folder, name) for name in found}


def test_how_many_became_what() -> None:
    counts = {
        folder: dict(Counter(str(understood(path)[1].kind) for path in corpus.paths(folder)))
        for folder in FOLDERS
    }
    assert counts == {
        "mime": {"message": 51, "delivery_failure": 3, "auto_reply": 3, "parked": 2},
        "replies": {"message": 40},
        "bounces": {"delivery_failure": 292, "auto_reply": 15, "complaint": 9, "message": 1},
        "bounces-not": {"message": 2, "auto_reply": 1},
    }


def test_failures_and_complaints_name_somebody() -> None:
    verdicts = {path.name: understood(path)[1] for path in corpus.paths("bounces")}
    silent = [
        name
        for name, verdict in verdicts.items()
        if (verdict.kind == Kind.DELIVERY_FAILURE and not verdict.failed_addresses)
        or (verdict.kind == Kind.COMPLAINT and not verdict.complaining_addresses)
    ]
    assert silent == ["arf-11.eml", "arf-15.eml"]  # the provider blackened the recipient


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_mail_can_be_stored_and_folded(folder: str) -> None:
    for path in corpus.paths(folder):
        parsed, verdict = understood(path)
        folded = fold(parsed.text)
        assert "".join(segment.text for segment in folded.segments) == parsed.text
        assert bool(folded.visible) == bool(parsed.text.strip()), path.name
        stored = "".join(
            [parsed.text, parsed.html, parsed.subject, parsed.from_name, parsed.message_id, verdict.detail]
        )
        assert stored.encode().count(b"\0") == 0


def test_a_failure_points_to_our_mail() -> None:
    _parsed, verdict = understood(corpus.FIXTURES / "bounces" / "rfc3464-03.eml")
    assert verdict == Verdict(
        Kind.DELIVERY_FAILURE,
        Reason.DELIVERY_REPORT,
        failed_addresses=("kijitora@example.com",),
        detail="5.0.0 554 Mail from nekonyaan@example.net rejected for policy reasons.",
        original_message_id="220000000022.0000.0000000000000000222@NEKO.NYAAN",
        original_reply_addresses=("nekonyaan@sino-progress.com", "nekonyaan@example.net"),
    )
