"""The words in which a received mail is judged: what it is, why, and whom it speaks of."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from conversations.channels.email.diagnosis import Category


class Kind(StrEnum):
    """What a received mail is."""

    MESSAGE = "message"
    DELIVERY_FAILURE = "delivery_failure"
    DELAYED = "delayed"  # a server is still trying: no failure yet
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto_reply"
    PARKED = "parked"


class Reason(StrEnum):
    """Why a mail was taken for its kind; REASONS has the sentence for people."""

    WRITTEN = "written"
    DELIVERY_REPORT = "delivery_report"
    SERVER_WORDING = "server_wording"
    FEEDBACK_REPORT = "feedback_report"
    DELIVERY_DELAYED = "delivery_delayed"
    DELIVERY_CONFIRMED = "delivery_confirmed"
    SERVER_NOTICE = "server_notice"
    NOT_SPAM = "not_spam"
    READ_RECEIPT = "read_receipt"
    OWN_MAIL = "own_mail"
    TOO_MANY_HOPS = "too_many_hops"
    AUTO_SUBMITTED = "auto_submitted"
    AUTO_HEADER = "auto_header"
    BULK_REPLY = "bulk_reply"
    NULL_SENDER = "null_sender"
    VACATION_SUBJECT = "vacation_subject"
    EMPTY = "empty"
    NO_SENDER = "no_sender"


REASONS = {
    Reason.WRITTEN: _("Written by a person, as far as one can tell."),
    Reason.DELIVERY_REPORT: _("A mail server reports that a message could not be delivered."),
    Reason.SERVER_WORDING: _("Worded like a mail server's notice of a failed delivery."),
    Reason.FEEDBACK_REPORT: _("A mailbox provider reports that the recipient marked a message as spam."),
    Reason.DELIVERY_DELAYED: _("A mail server is still trying to deliver a message."),
    Reason.DELIVERY_CONFIRMED: _("A mail server confirms that a message was delivered."),
    Reason.SERVER_NOTICE: _("A notice from a mail server that names no failed recipient."),
    Reason.NOT_SPAM: _("A mailbox provider reports that the recipient marked a message as not spam."),
    Reason.READ_RECEIPT: _("A read receipt."),
    Reason.OWN_MAIL: _("A message this business sent itself, which came back."),
    Reason.TOO_MANY_HOPS: _("Passed through so many servers that it must be going in circles."),
    Reason.AUTO_SUBMITTED: _("Declares itself as sent automatically."),
    Reason.AUTO_HEADER: _("Carries the mark of an automatic reply."),
    Reason.BULK_REPLY: _("A bulk mail that answers a message, as automatic replies do."),
    Reason.NULL_SENDER: _("Sent without a return address, as automatic replies are."),
    Reason.VACATION_SUBJECT: _("The subject is that of an absence notice."),
    Reason.EMPTY: _("The mail is empty: no header and no text."),
    Reason.NO_SENDER: _("The mail names no sender whom one could answer."),
}


@dataclass(frozen=True, slots=True)
class Failure:
    """One recipient whom a mail did not reach."""

    address: str  # as we wrote it, where the report says so
    category: Category
    permanent: bool  # it will not pass by itself
    status: str = ""  # enhanced status code (RFC 3463), such as 5.1.1
    diagnostic: str = ""  # the server's own words, in one line


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a mail is and why, and for reports what they are about."""

    kind: Kind
    reason: Reason
    failures: tuple[Failure, ...] = ()
    delayed_addresses: tuple[str, ...] = ()
    complaining_addresses: tuple[str, ...] = ()
    detail: str = ""  # the server's words, or the type of a complaint
    original_message_id: str = ""  # of our mail that this one reports on or answers
    original_reply_addresses: tuple[str, ...] = ()  # where the signed address of our mail may be
    automatic: bool = True  # must never be answered by a machine

    @property
    def failed_addresses(self) -> tuple[str, ...]:
        """Whom the mail did not reach."""
        return tuple(failure.address for failure in self.failures)
