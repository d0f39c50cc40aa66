"""Answers that go out later: kept until their time, changed, sent now or taken back as a draft."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from conversations import consent, windows
from conversations.actions.drafts import save_draft
from conversations.actions.messages import TEXT_LIMIT, CannotSend, add_event, announce, lock, send_reply
from conversations.actions.sendable import check_consent, check_sendable
from conversations.channels.base import File
from conversations.channels.registry import adapter_for
from conversations.models import Conversation, Draft, Message, ScheduledFile, ScheduledReply
from tenants import audit, formats
from tenants.actors import Actor
from tenants.kit.files import delete_after_commit
from tenants.kit.text import clean, one_line
from tenants.models import Tenant
from tenants.refusals import Conflicting, Refused

LATEST = timedelta(days=366)
MOST = 50  # answers that wait in one conversation


@transaction.atomic
def schedule(
    *,
    conversation: Conversation,
    text: str,
    send_at: datetime,
    by: Actor,
    client_id: UUID | None = None,
    files: Iterable[File] = (),
    data: Mapping[str, Any] | None = None,
) -> ScheduledReply:
    """Keep an answer until its time. The same `client_id` again returns the first one.

    Raises `CannotSend` for what could not go out at that time, as far as one can know now.
    """
    conversation = lock(conversation.pk)
    if client_id:
        if Message.objects.filter(conversation=conversation, client_id=client_id).exists():
            raise Conflicting(_("This client_id belongs to another message."), "client_id")
        again = ScheduledReply.objects.filter(conversation=conversation, client_id=client_id).first()
        if again:
            found: ScheduledReply = again
            return found
    if ScheduledReply.objects.filter(conversation=conversation).count() >= MOST:
        raise CannotSend(_("Too many answers wait in this conversation already."))
    files, text = list(files), clean(text, TEXT_LIMIT).strip()
    _check(conversation, text, files, send_at, by, data)
    reply = ScheduledReply.objects.create(
        conversation=conversation,
        author=by.membership,
        api_key=by.api_key,
        author_label=by.label[:150],
        text=text,
        data=dict(data or {}),
        client_id=client_id,
        send_at=send_at,
    )
    _keep_files(reply, files)
    if by.membership:
        Draft.objects.filter(conversation=conversation, membership=by.membership).delete()
    audit.record("reply.scheduled", target=conversation, by=by, send_at=send_at.isoformat())
    announce(conversation)
    return reply


def _check(
    conversation: Conversation,
    text: str,
    files: list[File],
    send_at: datetime,
    by: Actor,
    data: Mapping[str, Any] | None,
) -> None:
    """Raise `CannotSend` for a time that has passed, and for what will not go out then."""
    now = timezone.now()
    if send_at <= now:
        raise CannotSend(_("This time has passed. Choose a later one."), "send_at")
    if send_at > now + LATEST:
        raise CannotSend(_("Choose a time within a year."), "send_at")
    check_sendable(conversation.way, text, files, by=by, data=data)
    check_consent(conversation.way, consent.purpose_of(data))
    if data and data.get("template"):
        return
    can = adapter_for(conversation.way.channel.kind).capabilities
    ends = windows.ends_at(conversation.way, can, person=by.membership is not None)
    if ends and ends <= send_at:
        when = formats.numeric(timezone.localtime(ends))
        raise CannotSend(
            _("The channel takes this until %(when)s only. Choose an earlier time, or a template.")
            % {"when": when}
            if can.templates
            else _("The channel takes this until %(when)s only. Choose an earlier time.") % {"when": when},
            "send_at",
        )


def _keep_files(reply: ScheduledReply, files: list[File]) -> None:
    for file in files:
        kept = ScheduledFile(
            reply=reply,
            name=one_line(file.name, 200) or "file",
            content_type=file.content_type[:100],
            size=len(file.content),
        )
        kept.file.save(kept.name, ContentFile(file.content), save=False)
        kept.save()


def send_due(reply_id: UUID | str) -> None:
    """Send one whose time has come. What the channel refuses stays, with the reason, for a person."""
    due = ScheduledReply.objects.select_for_update(skip_locked=True, of=("self",)).due()
    reply = due.filter(pk=reply_id).first()
    if reply is None:
        return
    with translation.override(Tenant.objects.get().language):  # the reason is kept in the business's words
        try:
            _send(reply, _author_of(reply))
        except Refused as refusal:
            hold(reply, str(refusal))


def _author_of(reply: ScheduledReply) -> Actor:
    """Who wrote it, also when he is no longer here."""
    if reply.author:
        return Actor.of_membership(reply.author)
    nobody = Actor(tenant_id=reply.tenant_id, label=reply.author_label, permissions=frozenset())
    return replace(nobody, api_key=reply.api_key)


@transaction.atomic
def _send(reply: ScheduledReply, by: Actor) -> Message:
    """Make it a message. Raises `Refused`."""
    message = send_reply(
        conversation=reply.conversation,
        text=reply.text,
        by=by,
        client_id=reply.client_id,
        files=[_read(file) for file in reply.files.all()],
        data=reply.data or None,
    )
    _remove(reply)
    return message


def _read(file: ScheduledFile) -> File:
    try:
        with file.file.open("rb") as stored:
            return File(file.name, file.content_type, stored.read())
    except OSError as error:
        raise CannotSend(_("A file of this message cannot be read.")) from error


def _remove(reply: ScheduledReply) -> None:
    """The row, and its files once that is certain."""
    for file in reply.files.all():
        delete_after_commit(file.file)
    reply.delete()


def hold(reply: ScheduledReply, reason: str) -> None:
    """It could not go: say so where everyone sees it, and let the conversation wait for a person."""
    reply.send_at, reply.reason = None, one_line(reason, 300)
    reply.save(update_fields=["send_at", "reason"])
    conversation = lock(reply.conversation_id)
    if conversation.status in {Conversation.Status.WAITING, Conversation.Status.SNOOZED}:
        conversation.status, conversation.snoozed_until = Conversation.Status.OPEN, None
        conversation.save()
    add_event(conversation, "scheduled_held", Actor.system(), reason=reply.reason)


@transaction.atomic
def send_now(*, reply: ScheduledReply, by: Actor) -> Message:
    """Do not wait any longer. Raises `Refused` with what the channel does not take; it stays then."""
    row = _locked(reply)
    return _send(row, by if by.membership else _author_of(row))


@transaction.atomic
def change(
    *, reply: ScheduledReply, by: Actor, send_at: datetime | None = None, text: str | None = None
) -> ScheduledReply:
    """Another time, another text. Raises `CannotSend`."""
    row = _locked(reply)
    conversation = lock(row.conversation_id)
    row.text = row.text if text is None else clean(text, TEXT_LIMIT).strip()
    moment = send_at or row.send_at
    if moment is None:
        raise CannotSend(_("Choose a time."), "send_at")
    _check(conversation, row.text, [_read(file) for file in row.files.all()], moment, by, row.data or None)
    row.send_at, row.reason = moment, ""
    row.save(update_fields=["text", "send_at", "reason"])
    audit.record("reply.rescheduled", target=conversation, by=by, send_at=moment.isoformat())
    announce(conversation)
    return row


@transaction.atomic
def cancel(*, reply: ScheduledReply, by: Actor) -> str:
    """Take it back: a member finds its text in his draft, behind what he has begun. Returns the text."""
    row = _locked(reply)
    conversation = lock(row.conversation_id)
    if by.membership:
        begun = Draft.objects.filter(conversation=conversation, membership=by.membership).first()
        parts = [begun.body if begun else "", row.text]
        is_note = bool(begun and begun.is_note)
        save_draft(conversation=conversation, text="\n\n".join(filter(None, parts)), is_note=is_note, by=by)
    _remove(row)
    audit.record("reply.unscheduled", target=conversation, by=by)
    announce(conversation)
    return str(row.text)


def _locked(reply: ScheduledReply) -> ScheduledReply:
    """The row, ours until the transaction ends. Raises `Refused` when it has gone out meanwhile."""
    row: ScheduledReply | None = (
        ScheduledReply.objects.select_for_update(of=("self",)).filter(pk=reply.pk).first()
    )
    if row is None:
        raise Refused(_("It has gone out already."))
    return row
