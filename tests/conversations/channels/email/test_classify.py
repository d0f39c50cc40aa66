from uuid import uuid4

import pytest
from django.utils.functional import Promise

from conversations.channels.email.classify import classify
from conversations.channels.email.diagnosis import CATEGORIES, Category
from conversations.channels.email.mime import parse
from conversations.channels.email.outgoing import loop_mark
from conversations.channels.email.verdict import REASONS, Failure, Kind, Reason, Verdict

PERSON = "From: Ana <ana@b.mx>\nTo: soporte@tienda.mx\nSubject: Hola\n"
DSN = (
    "From: MAILER-DAEMON@mx.b.mx\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n\n"
    "--x\n\nSorry\n--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.b.mx\n\n{}\n"
    "--x\nContent-Type: message/rfc822\n\nMessage-ID: <1@tienda.mx>\nReply-To: soporte+x@tienda.mx\n"
    "To: ana@b.mx\n\nHola\n--x--\n"
)


def of(mail: str, **options: str) -> Verdict:
    return classify(parse(mail.encode()), **options)


def test_a_person_writes_a_message() -> None:
    assert of(f"{PERSON}\nHola") == Verdict(
        Kind.MESSAGE,
        Reason.WRITTEN,
        original_reply_addresses=("soporte@tienda.mx",),
        automatic=False,
    )


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("Auto-Submitted: auto-replied", Reason.AUTO_SUBMITTED),
        ("Auto-Submitted: AUTO-GENERATED; owner=x (warning)", Reason.AUTO_SUBMITTED),
        ("X-Autoreply: yes", Reason.AUTO_HEADER),
        ("X-Autorespond: Fuera", Reason.AUTO_HEADER),
        ("X-MS-Exchange-Inbox-Rules-Loop: a@b.mx", Reason.AUTO_HEADER),
        ("Precedence: auto_reply", Reason.AUTO_HEADER),
        ("Precedence: bulk\nIn-Reply-To: <1@tienda.mx>", Reason.BULK_REPLY),
        ("Return-Path: <>\nIn-Reply-To: <1@tienda.mx>", Reason.NULL_SENDER),
        ("Return-Path: < >\nX-Auto-Response-Suppress: All", Reason.NULL_SENDER),
        ("Received: x\n" * 101 + "X: y", Reason.TOO_MANY_HOPS),
    ],
)
def test_signs_of_automation_are_automatic_replies(header: str, reason: Reason) -> None:
    verdict = of(f"{header}\n{PERSON}\nHola")
    assert (verdict.kind, verdict.reason, verdict.automatic) == (Kind.AUTO_REPLY, reason, True)


@pytest.mark.parametrize(
    ("header", "automatic"),
    [
        ("Auto-Submitted: no", False),
        ("X-Autoreply: no", False),
        ("Precedence: first-class", False),
        ("X-Auto-Response-Suppress: OOF", True),
        ("Precedence: bulk", True),
        ("Precedence: list\nIn-Reply-To: <1@tienda.mx>", True),
        ("List-Id: <lista.b.mx>\nPrecedence: bulk\nIn-Reply-To: <1@tienda.mx>", True),
        ("Return-Path: <>", True),
        ("X-Puente-Loop: of-another-business", True),
    ],
)
def test_signs_that_people_may_carry_leave_a_message(header: str, automatic: bool) -> None:
    verdict = of(f"{header}\n{PERSON}\nHola")
    assert (verdict.kind, verdict.automatic) == (Kind.MESSAGE, automatic)


def test_mail_from_a_no_reply_address_is_not_answered_by_a_machine() -> None:
    assert of("From: no-reply@b.mx\nSubject: Hola\n\nx").automatic


@pytest.mark.parametrize(
    ("subject", "answers", "kind"),
    [
        ("Respuesta automática: Su pedido", False, Kind.AUTO_REPLY),
        ("Automatic reply: Hello", False, Kind.AUTO_REPLY),
        ("Resposta automática: Pedido", False, Kind.AUTO_REPLY),
        ("Fuera de la oficina", True, Kind.AUTO_REPLY),
        ("Fuera de la oficina", False, Kind.MESSAGE),
        ("Respuesta automática que no entiendo", False, Kind.MESSAGE),
        ("Re: Automatic reply: Hello", True, Kind.MESSAGE),
    ],
)
def test_vacation_subjects_count_last_and_only_at_the_start(subject: str, answers: bool, kind: Kind) -> None:
    head = "In-Reply-To: <1@tienda.mx>\n" if answers else ""
    assert of(f"{head}From: ana@b.mx\nSubject: {subject}\n\nx").kind == kind


def test_own_mail_that_comes_back_is_recognised() -> None:
    tenant, other = uuid4(), uuid4()
    mail = f"X-Puente-Loop: {loop_mark(tenant)}\n{PERSON}\nHola"
    assert of(mail, loop_mark=loop_mark(tenant)).reason == Reason.OWN_MAIL
    assert of(mail, loop_mark=loop_mark(other)).kind == Kind.MESSAGE


@pytest.mark.parametrize(
    ("fields", "kind", "reason", "failed", "delayed"),
    [
        (
            "Final-Recipient: rfc822; Ana@B.mx\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no",
            Kind.DELIVERY_FAILURE, Reason.DELIVERY_REPORT, ("ana@b.mx",), (),
        ),
        (
            "Original-Recipient: rfc822;eva@b.mx\nFinal-Recipient: rfc822;x@b.mx\nAction: failed\n\n"
            "Final-Recipient: rfc822; leo@b.mx\nAction: delayed",
            Kind.DELIVERY_FAILURE, Reason.DELIVERY_REPORT, ("eva@b.mx",), ("leo@b.mx",),
        ),
        (
            "Final-Recipient: rfc822; ana@b.mx\nAction: delayed\nStatus: 4.4.1",
            Kind.DELAYED, Reason.DELIVERY_DELAYED, (), ("ana@b.mx",),
        ),
        (
            "Final-Recipient: rfc822; ana@b.mx\nAction: delivered\nStatus: 2.0.0",
            Kind.AUTO_REPLY, Reason.DELIVERY_CONFIRMED, (), (),
        ),
        (
            "Final-Recipient: x400; ?\nAction: failed",
            Kind.DELIVERY_FAILURE, Reason.DELIVERY_REPORT, ("ana@b.mx",), (),
        ),
    ],
)  # fmt: skip
def test_delivery_reports(
    fields: str, kind: Kind, reason: Reason, failed: tuple[str, ...], delayed: tuple[str, ...]
) -> None:
    verdict = of(DSN.format(fields))
    assert (verdict.kind, verdict.reason) == (kind, reason)
    assert (verdict.failed_addresses, verdict.delayed_addresses) == (failed, delayed)
    assert verdict.original_message_id == "1@tienda.mx"
    assert verdict.original_reply_addresses == ("soporte+x@tienda.mx",)


def test_a_person_who_forwards_a_failure_writes_a_message() -> None:
    report = DSN.format("Final-Recipient: rfc822; ana@b.mx\nAction: failed")
    attached = f"--y\n\nNo llega\n--y\nContent-Type: message/rfc822\n\n{report}\n--y--\n"
    verdict = of(f"{PERSON}Content-Type: multipart/mixed; boundary=y\n\n{attached}")
    assert (verdict.kind, verdict.failed_addresses) == (Kind.MESSAGE, ())
    quoted = of(f"{PERSON}\nMe sale: The following address failed:\n<ana@b.mx>\n550 user unknown")
    assert quoted.kind == Kind.MESSAGE


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        ("Postmaster <postmaster@tienda.mx>", "Pregunta", "Escriban a:\nana@b.mx\nGracias"),
        ("Ana <ana@b.mx>", "Re: Undelivered Mail Returned to Sender", "> <eva@b.mx>: 550 5.1.1 User unknown"),
        (
            "Ana <ana@b.mx>",
            "Delivery Status Notification (Failure)",
            "Final-Recipient: rfc822; a@b.mx\nAction: failed",
        ),
        ("no-reply@b.mx", "Returned mail", "550 5.1.1 <eva@b.mx>... User unknown"),
    ],
)
def test_ordinary_mail_that_speaks_of_a_failure_is_a_message(sender: str, subject: str, text: str) -> None:
    verdict = of(f"From: {sender}\nTo: soporte@tienda.mx\nSubject: {subject}\n\n{text}")
    assert (verdict.kind, verdict.failures, verdict.delayed_addresses) == (Kind.MESSAGE, (), ())


def test_a_failure_says_why_to_each_recipient() -> None:
    verdict = of(
        DSN.format(
            "Final-Recipient: rfc822; ana@b.mx\nAction: failed\nStatus: 5.0.0\n"
            "Diagnostic-Code: smtp; 552 5.2.2 <ana@b.mx> Mailbox\n full\n\n"
            "Final-Recipient: rfc822; eva@b.mx\nAction: failed\nStatus: 5.1.1"
        )
    )
    assert verdict.failures == (
        Failure("ana@b.mx", Category.FULL_MAILBOX, False, "5.2.2", "552 5.2.2 <ana@b.mx> Mailbox full"),
        Failure("eva@b.mx", Category.NO_MAILBOX, True, "5.1.1", ""),
    )
    assert verdict.detail == "552 5.2.2 <ana@b.mx> Mailbox full"


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [("abuse", Kind.COMPLAINT), ("fraud", Kind.COMPLAINT), ("not-spam", Kind.AUTO_REPLY)],
)
def test_feedback_reports(kind: str, verdict: Kind) -> None:
    found = of(
        "From: fbl@b.mx\nContent-Type: multipart/report; report-type=feedback-report; boundary=x\n\n"
        f"--x\nContent-Type: message/feedback-report\n\nFeedback-Type: {kind}\nOriginal-Rcpt-To: <ana@b.mx>\n"
        "--x\nContent-Type: text/rfc822-headers\n\nMessage-ID: <1@tienda.mx>\n--x--\n"
    )
    assert (found.kind, found.detail, found.original_message_id) == (verdict, kind, "1@tienda.mx")
    assert found.complaining_addresses == (("ana@b.mx",) if verdict == Kind.COMPLAINT else ())


def test_a_complaint_may_name_several() -> None:
    found = of(
        "From: fbl@b.mx\nContent-Type: multipart/report; report-type=feedback-report; boundary=x\n\n"
        "--x\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n"
        "Original-Rcpt-To: <ana@b.mx>\nOriginal-Rcpt-To: eva@b.mx\n--x--\n"
    )
    assert found.complaining_addresses == ("ana@b.mx", "eva@b.mx")


def test_read_receipts_are_automatic() -> None:
    found = of(
        f"{PERSON}Content-Type: multipart/report; report-type=disposition-notification; boundary=x\n\n"
        "--x\nContent-Type: message/disposition-notification\n\nDisposition: x; displayed\n--x--\n"
    )
    assert (found.kind, found.reason) == (Kind.AUTO_REPLY, Reason.READ_RECEIPT)


@pytest.mark.parametrize(
    ("mail", "reason"),
    [("", Reason.EMPTY), ("\n\n", Reason.EMPTY), ("Subject: x\n\nHola", Reason.NO_SENDER)],
)
def test_what_cannot_be_answered_is_parked(mail: str, reason: Reason) -> None:
    verdict = of(mail)
    assert (verdict.kind, verdict.reason) == (Kind.PARKED, reason)


def test_every_reason_has_a_sentence() -> None:
    assert set(REASONS) == set(Reason)
    assert set(CATEGORIES) == set(Category)
    assert all(isinstance(sentence, Promise) for sentence in [*REASONS.values(), *CATEGORIES.values()])
