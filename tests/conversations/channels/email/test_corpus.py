"""Every collected mail is understood; how many became what is written down."""

from collections import Counter
from pathlib import Path

import pytest

from conversations.channels.email.classify import classify
from conversations.channels.email.diagnosis import Category
from conversations.channels.email.mime import ParsedEmail, parse
from conversations.channels.email.replies import fold
from conversations.channels.email.verdict import Failure, Kind, Reason, Verdict
from tests.conversations.channels.email import corpus

FOLDERS = ["mime", "replies", "bounces", "bounces-not"]

NO_MESSAGES = {
    "mime/bad_date_header.eml": Kind.AUTO_REPLY,  # "Precedence: junk" on an answer
    "mime/multi_address_bounce1.eml": Kind.DELIVERY_FAILURE,
    "mime/multi_address_bounce2.eml": Kind.DELIVERY_FAILURE,
    "mime/multipart_report_multiple_status.eml": Kind.DELIVERY_FAILURE,
    "mime/raw_email_with_mimepart_without_content_type.eml": Kind.DELAYED,
    "mime/report_422.eml": Kind.DELAYED,
    "mime/.gitattributes": Kind.PARKED,  # no mail at all
    "mime/sample_output_multipart": Kind.PARKED,  # an empty file
    "bounces-not/rb-issue-368-bug.eml": Kind.AUTO_REPLY,
}


def understood(path: Path) -> tuple[ParsedEmail, Verdict]:
    parsed = parse(corpus.raw(path))
    return parsed, classify(parsed)


@pytest.mark.parametrize("folder", ["mime", "replies", "bounces-not"])
def test_each_mail_is_a_message_or_written_down(folder: str) -> None:
    found = {path.name: understood(path)[1].kind for path in corpus.paths(folder)}
    assert found == {name: NO_MESSAGES.get(f"{folder}/{name}", Kind.MESSAGE) for name in found}


def test_how_many_became_what() -> None:
    counts = {
        folder: dict(Counter(str(understood(path)[1].kind) for path in corpus.paths(folder)))
        for folder in FOLDERS
    }
    assert counts == {
        "mime": {"message": 51, "delivery_failure": 3, "delayed": 2, "auto_reply": 1, "parked": 2},
        "replies": {"message": 40},
        "bounces": {"delivery_failure": 292, "delayed": 12, "auto_reply": 3, "complaint": 9, "message": 1},
        "bounces-not": {"message": 2, "auto_reply": 1},
    }


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
        failures=(
            Failure(
                address="kijitora@example.com",
                category=Category.POLICY,
                permanent=True,
                status="5.0.0",
                diagnostic="554 Mail from nekonyaan@example.net rejected for policy reasons.",
            ),
        ),
        detail="5.0.0 554 Mail from nekonyaan@example.net rejected for policy reasons.",
        original_message_id="220000000022.0000.0000000000000000222@NEKO.NYAAN",
        original_reply_addresses=("nekonyaan@sino-progress.com", "nekonyaan@example.net"),
    )
