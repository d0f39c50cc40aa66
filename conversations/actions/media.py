"""Files that stay at the vendor until a worker fetches them, and the small pictures made of large ones."""

from datetime import timedelta
from uuid import UUID

import structlog
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from conversations.actions import bells, thumbnails
from conversations.actions.failures import in_short
from conversations.actions.messages import announce
from conversations.actions.thumbnails import NoThumbnail, Thumbnail
from conversations.channels.base import ChannelError, File
from conversations.channels.registry import adapter_for
from conversations.models import Attachment, Channel, Message
from tenants import audit
from tenants.actors import Actor
from tenants.kit.filetypes import HEAD, PICTURES, settled
from tenants.kit.text import one_line
from tenants.refusals import Refused
from tenants.scoping import current_tenant_id, tenant_scope

log = structlog.get_logger("puente.media")
MAX_ATTEMPTS = 5
LEASE = timedelta(seconds=120)
RETRY_BASE = timedelta(seconds=20)
GIVEN_UP = gettext_noop("The file could not be fetched from the channel.")
State = Attachment.State


def fetch(tenant_id: UUID | str, attachment_id: UUID | str) -> None:
    """Bring one file, or make the thumbnail of one that is here, with no transaction open meanwhile.

    Harmless when run twice or in parallel.
    """
    with tenant_scope(tenant_id):
        attempts = _claim(attachment_id)
        if attempts is None:
            return
        attachment = Attachment.objects.select_related("message__conversation__channel").get(pk=attachment_id)
        channel = attachment.message.conversation.channel
    if attachment.state == State.HERE:
        _show(tenant_id, attachment, attempts)
        return
    outcome = _call(channel, attachment.reference, attempts)
    with tenant_scope(tenant_id):
        _settle(attachment_id, outcome)


def _claim(attachment_id: UUID | str) -> int | None:
    """Count an attempt before the work; None when there is nothing to do."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE conversations_attachment SET attempts = attempts + 1, due_at = %s"
            " WHERE tenant_id = %s AND id = %s AND state <> 'failed' AND due_at <= %s RETURNING attempts",
            [now + LEASE, current_tenant_id(), attachment_id, now],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _show(tenant_id: UUID | str, attachment: Attachment, attempts: int) -> None:
    """Make the thumbnail. A picture that none can be made of is offered as a file."""
    made: Thumbnail | None = None
    if attempts <= MAX_ATTEMPTS:
        with tenant_scope(tenant_id):
            picture = attachment.file.open("rb")
        try:
            with picture:
                made = thumbnails.make(picture)
        except NoThumbnail as error:
            log.info("no thumbnail", attachment=str(attachment.pk), error=str(error))
    with tenant_scope(tenant_id):
        row = (
            Attachment.objects.select_for_update(of=("self",))
            .filter(pk=attachment.pk, state=State.HERE, due_at__isnull=False)
            .first()
        )
        if row is None:
            return
        row.due_at = None
        if made:
            row.width, row.height = made.width, made.height
            row.thumbnail.save("thumbnail", ContentFile(made.content), save=False)
        row.save(update_fields=["due_at", "width", "height", "thumbnail"])
        announce(row.message.conversation, row.message)


def _call(channel: Channel, reference: str, attempts: int) -> File | timedelta | str:
    """The file, how long to wait before the next attempt, or why there will be none."""
    wait = RETRY_BASE * 2 ** (attempts - 1)
    try:
        return adapter_for(channel.kind).fetch(channel, reference)
    except ChannelError as error:
        if error.permanent or attempts >= MAX_ATTEMPTS:
            return error.reason
        return timedelta(seconds=error.wait) if error.wait else wait
    except Exception as error:  # noqa: BLE001 -- whatever it is, the message stays and the file is tried again
        log.error("fetching a file failed", error=in_short(error))
        return wait if attempts < MAX_ATTEMPTS else GIVEN_UP


def _settle(attachment_id: UUID | str, outcome: File | timedelta | str) -> None:
    row = (
        Attachment.objects.select_for_update(of=("self",))
        .filter(pk=attachment_id, state=State.WAITING)
        .first()
    )
    if row is None:
        return
    match outcome:
        case File():
            row.content_type = settled(outcome.content_type, outcome.content[:HEAD])
            row.size = len(outcome.content)
            row.file.save(row.name, ContentFile(outcome.content), save=False)
            row.state, row.due_at, row.reason = State.HERE, None, ""
            if row.content_type in PICTURES:
                row.attempts, row.due_at = 0, timezone.now()  # for its thumbnail
                bells.fetch_media(row.pk)
        case timedelta():
            row.due_at = timezone.now() + outcome
        case str():
            row.state, row.due_at, row.reason = State.FAILED, None, one_line(outcome, 300)
    row.save()
    if row.state != State.WAITING:
        message: Message = row.message
        announce(message.conversation, message)


@transaction.atomic
def retry(*, attachment: Attachment, by: Actor) -> None:
    """A person lets a file that was given up be fetched again. Raises `Refused` for one that was not."""
    given_up = Attachment.objects.filter(pk=attachment.pk, state=State.FAILED).exclude(reference="")
    if not given_up.update(state=State.WAITING, attempts=0, due_at=timezone.now(), reason=""):
        raise Refused(_("There is nothing to fetch again."))
    audit.record("attachment.retried", target=attachment, by=by)
    announce(attachment.message.conversation, attachment.message)
    bells.fetch_media(attachment.pk)
