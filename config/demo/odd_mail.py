"""Mail that is no message: what is parked, what a machine answered, and the report of a failed delivery."""

import hashlib
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from config.demo.stage import Stage
from conversations.channels.base import Ignored, Unreadable
from conversations.channels.registry import adapter_for
from conversations.models import Delivery, InboundEvent

Outcome = InboundEvent.Outcome


def put_odd_mail(stage: Stage) -> None:
    """One of each, read by the channel as it reads all mail."""
    for days, body in ((0.06, _torn()), (1.9, b""), (0.8, _vacation(stage, stage.clock.opening(0.8)))):
        _put(stage, stage.clock.opening(days) if days > 0.5 else stage.clock.ago(days * 24 * 60), body)
    for delivery in stage.rows.of(Delivery):
        if delivery.status == Delivery.Status.FAILED and delivery.settled_at:
            event = _put(stage, delivery.settled_at, _bounce(stage, delivery))
            event.outcome, event.reason = Outcome.DELIVERY_FAILURE, delivery.reason
            event.message = delivery.message


def _put(stage: Stage, at: datetime, body: bytes) -> InboundEvent:
    channel = stage.channels["email"]
    event = InboundEvent(
        id=stage.clock.id_at(at),
        channel=channel,
        body=body,
        body_hash=hashlib.sha256(body).hexdigest(),
        content_type="message/rfc822",
        attempts=1,
        due_at=None,
        received_at=at,
        processed_at=at,
    )
    try:
        for item in adapter_for("email").parse(event, channel):
            event.outcome, event.reason = Outcome.MESSAGE, ""
            if isinstance(item, Ignored):
                event.outcome, event.reason = item.outcome, item.reason
    except Unreadable as error:
        event.outcome, event.reason = Outcome.PARKED, str(error)
    return stage.rows.add(event)


def _torn() -> bytes:
    """A mail of which a mail server lost the head."""
    return (
        "ontent-Transfer-Encoding: 8bit\n\n"
        "…y por eso les pregunto si la rodada 24 ya viene con cambios o es aparte.\n"
        "Gracias de antemano\n"
    ).encode()


def _mail(stage: Stage, subject: str, sender: str, at: datetime) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, stage.channels["email"].address
    mail["Subject"], mail["Date"] = subject, format_datetime(at)
    return mail


def _vacation(stage: Stage, at: datetime) -> bytes:
    mail = _mail(stage, "Respuesta automática: fuera de la oficina", "Karla <karla.cova@correo.example>", at)
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content("Gracias por tu correo. Regreso el lunes y te respondo.\n")
    return mail.as_bytes()


def _bounce(stage: Stage, delivery: Delivery) -> bytes:
    """A delivery report (RFC 3464) about a mail of ours, in few words."""
    assert delivery.settled_at is not None
    mail = _mail(
        stage, "Undelivered Mail Returned to Sender", "mailer-daemon@no-existe.example", delivery.settled_at
    )
    mail.set_content(f"Your message <{delivery.provider_id}> could not be delivered.\n\n{delivery.reason}\n")
    return mail.as_bytes()
