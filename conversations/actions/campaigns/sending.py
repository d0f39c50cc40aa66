"""A campaign's mail is its own outbox: claimed in batches, marked, handed over, settled.

Each step commits by itself. A death before the mark loses nothing: the lease runs out and the row waits
again. A death after it leaves a handful unknown: they are never sent again by themselves. Whoever is
paused or cancelled is asked at each mark, so nothing of his goes any more within seconds.
"""

import json
import smtplib
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from itertools import batched
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from conversations.actions.campaigns import claiming, pieces, steering
from conversations.actions.campaigns.claiming import Batch, leave_out, release
from conversations.actions.campaigns.letters import Envelope, Letter, Said
from conversations.actions.channel_news import tell_problem
from conversations.actions.channel_signs import note_sent
from conversations.actions.failures import in_short
from conversations.channels.base import ChannelError
from conversations.channels.email import addresses, connections, dkim, outgoing, post, webhooks
from conversations.channels.email.adapter import REFUSALS, UNUSABLE, refusal, sender_of
from conversations.channels.email.incoming import signing_keys
from conversations.left_out import NO_TEMPLATE, NOT_WRITTEN, REFUSED
from conversations.models import Campaign, Channel, Recipient
from conversations.personalising import NotWritten, Piece
from conversations.tracking import tokens
from conversations.tracking.links import Wrapping
from crm import consent_texts
from crm.actions import suppressions
from crm.models import Covers, Identity, Medium, Purpose, Suppression
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.scoping import current_tenant_id, tenant_scope

log = structlog.get_logger("puente.campaigns")
BATCH = 200
MARKED = 40  # handed over between two commits: so many are unknown when a worker dies
PATIENCE = 60.0  # seconds for those marked; what is not handed over by then waits again
RETRY_BASE = timedelta(minutes=2)
UNREACHABLE_WAIT = timedelta(minutes=1)
UNREACHABLE_LONG = timedelta(minutes=15)  # after which people are told
State = Recipient.State

MARK = """
UPDATE conversations_recipient r SET calling_at = now(), "values" = v.said, provider_id = v.provider_id
FROM jsonb_to_recordset(%s::jsonb) AS v(id uuid, said jsonb, provider_id text), conversations_campaign c
WHERE r.tenant_id = %s AND r.id = v.id AND r.attempt_id = %s AND r.state = 'sending'
    AND r.calling_at IS NULL AND c.tenant_id = r.tenant_id AND c.id = r.campaign_id AND c.state = 'sending'
RETURNING r.id
"""
# In the customers' history: what they were sent.
REMEMBER = """
INSERT INTO crm_timelineentry (
    id, tenant_id, customer_id, kind, happened_at, object_id, context_id, channel, actor_label, data)
SELECT uuidv7(), r.tenant_id, r.customer_id, 'message_out', r.sent_at, r.id, NULL, 'email', %s, v.data
FROM jsonb_to_recordset(%s::jsonb) AS v(id uuid, data jsonb)
JOIN conversations_recipient r ON r.tenant_id = %s AND r.id = v.id
WHERE r.customer_id IS NOT NULL AND r.sent_at IS NOT NULL
ON CONFLICT DO NOTHING
"""


class Ready(NamedTuple):
    """A recipient's mail, and what is kept of it."""

    recipient: Recipient
    letter: Letter
    subject: str
    text: str
    values: dict[str, str]


class Outcome(NamedTuple):
    """What became of those that were marked; `left` are those that were not handed over after all."""

    sent: list[Ready]
    refused: list[tuple[Ready, ChannelError]]
    unknown: list[Ready]
    left: list[Ready]
    is_cut: bool = False  # the server went away before it was offered those left


def send_batch(tenant_id: UUID, batch: Batch, campaign: Campaign, known: pieces.Pieces) -> int:
    """Bring a claimed batch of mails on its way; returns how many were handed over.

    Call it outside any scope. Harmless when the batch is no longer ours.
    """
    with tenant_scope(tenant_id):
        ready = prepare(campaign, batch, known)
        account = connections.sending(batch.channel)
        sender = addresses.normalise(sender_of(batch.channel).address)
    if not ready:
        return 0
    before: Outcome | None = None
    sent = 0
    try:
        with post.opened(account) as server:
            for some in batched(ready, MARKED):
                with tenant_scope(tenant_id):  # what went is settled, and what goes next is marked
                    _settle(campaign, batch, before)
                    marked = _mark(batch.attempt, some)
                before = _hand_over(server, sender, marked)
                sent += len(before.sent)
                if before.is_cut and not sent:
                    raise ChannelError(post.UNREACHABLE, permanent=False)
                if not marked or before.unknown or before.left:
                    break
    except ChannelError as problem:
        with tenant_scope(tenant_id):
            _unreachable(campaign, batch, problem)
    finally:
        with tenant_scope(tenant_id):
            _settle(campaign, batch, before)
            release(batch.attempt)
    return sent


# --- before ---


def prepare(campaign: Campaign, batch: Batch, known: pieces.Pieces) -> list[Ready]:
    """The mails of a batch, written. Whoever the text says nothing to is left out."""
    by_piece: defaultdict[Piece, list[Recipient]] = defaultdict(list)
    none = []
    for one in batch.recipients:
        variant = batch.variants.get(one.variant_id) if one.variant_id else None
        piece = known.of(variant, Medium.EMAIL, one.language) if variant else None
        if piece is None:
            none.append(one.pk)
        else:
            by_piece[piece].append(one)
    if none:
        leave_out(none, NO_TEMPLATE)
    secrets = consent_texts.open_doors(
        [batch.identities[one.pk].customer for some in by_piece.values() for one in some]
    )
    links = {customer: _links(secret) for customer, secret in secrets.items()}
    values = pieces.values_of(dict(by_piece), at=timezone.now(), extra=links)
    ready = []
    signer = dkim.signer_of(batch.channel)
    for piece, some in by_piece.items():
        envelope = Envelope(
            tenant_id=campaign.tenant_id,
            sender=sender_of(batch.channel),
            key=signing_keys()[0],
            files=known.files_of(piece),
            provider=batch.channel.settings.get("provider", ""),
            signer=signer,
        )
        for one in some:
            identity = batch.identities[one.pk]
            mine = _written(campaign, piece, envelope, one, identity, values, secrets, known.wrapping)
            if mine is not None:
                ready.append(mine)
    return ready


def _links(secret: str) -> dict[str, str]:
    """To a customer's preference centre, where he also unsubscribes."""
    address = consent_texts.centre_url(secret)
    return {"links.preferences": address, "links.unsubscribe": address}


def _written(
    campaign: Campaign,
    piece: Piece,
    envelope: Envelope,
    one: Recipient,
    identity: Identity,
    values: dict[UUID, dict[str, Any]],
    secrets: dict[UUID, str],
    wrapping: Wrapping | None,
) -> Ready | None:
    customer = identity.customer
    mine = values.get(customer.pk, {})
    try:
        said = piece.render(mine)
        headers = webhooks.reference_headers(envelope.provider, one.pk)
        if campaign.purpose != Purpose.SERVICE:
            headers |= consent_texts.unsubscribe_headers(
                customer,
                Medium.EMAIL,
                campaign.purpose,
                secrets[customer.pk],
                mail=tokens.token(campaign.tenant_id, one.pk),
            )
        html = wrapping.filled(said.html, one.pk) if wrapping else said.html
        letter = envelope.letter(
            one.pk,
            outgoing.Person(customer.name, identity.value),
            Said(said.subject, said.text, html),
            headers,
        )
    except NotWritten as empty:
        leave_out([one.pk], NOT_WRITTEN, str(empty))
        return None
    except outgoing.UnusableAddress:
        leave_out([one.pk], REFUSED, UNUSABLE)
        return None
    return Ready(one, letter, said.subject, said.text, pieces.kept(piece, mine))


# --- the call ---


def _mark(attempt: UUID, some: Sequence[Ready]) -> list[Ready]:
    """The moment before the call; those that are still ours, of a campaign that still goes out."""
    with connection.cursor() as cursor:
        cursor.execute(
            MARK,
            [json.dumps([_marked(one) for one in some]), current_tenant_id(), attempt],
        )
        ours = {pk for (pk,) in cursor.fetchall()}
    return [one for one in some if one.recipient.pk in ours]


def _marked(one: Ready) -> dict[str, Any]:
    return {"id": str(one.recipient.pk), "said": one.values, "provider_id": one.letter.message_id}


def _hand_over(server: post.Post, sender: str, marked: list[Ready]) -> Outcome:
    """Mail after mail over one connection; no transaction is open.

    When it breaks, the one that was on its way is unknown and the rest was not handed over.
    """
    outcome = Outcome([], [], [], [])
    began = time.monotonic()
    for number, one in enumerate(marked):
        if time.monotonic() - began > PATIENCE:
            outcome.left.extend(marked[number:])
            break
        try:
            server.hand_over(sender, one.letter.to, one.letter.content)
        except post.NotOffered:
            outcome.left.extend(marked[number:])
            return outcome._replace(is_cut=True)
        except REFUSALS as error:
            outcome.refused.append((one, refusal(error)))
        except (OSError, smtplib.SMTPException) as error:
            log.warning("connection broke", recipient=str(one.recipient.pk), error=in_short(error))
            outcome.unknown.append(one)
            outcome.left.extend(marked[number + 1 :])
            break
        except Exception as error:  # noqa: BLE001 -- it may have been taken: nobody can say
            log.error(
                "the mail server's answer was lost", recipient=str(one.recipient.pk), error=in_short(error)
            )
            outcome.unknown.append(one)
        else:
            outcome.sent.append(one)
    return outcome


# --- after ---


def _settle(campaign: Campaign, batch: Batch, outcome: Outcome | None) -> None:
    """Write down what became of them, as far as the attempt is still ours. Harmless twice."""
    if outcome is None:
        return
    ours = Recipient.objects.filter(attempt_id=batch.attempt, state=State.SENDING)
    sent = [one.recipient.pk for one in outcome.sent]
    if sent:
        ours.filter(pk__any=sent).update(
            state=State.SENT, sent_at=Now(), lease_until=None, attempts=F("attempts") + 1
        )
        _remember(campaign, outcome.sent)
        note_sent(batch.channel)
        _reached(campaign)
    unknown = [one.recipient.pk for one in outcome.unknown]
    if unknown:
        settle_unknown(ours.filter(pk__in=unknown))
    left = [one.recipient.pk for one in outcome.left]
    if left:
        ours.filter(pk__in=left).update(
            state=State.WAITING, calling_at=None, attempt_id=None, lease_until=None
        )
    for one, refused in outcome.refused:
        _refused(ours, one, refused)


def settle_unknown(rows: Any) -> int:
    """They may have arrived: nobody sends them again by himself. They count as sent for the cap."""
    return int(rows.update(state=State.UNKNOWN, reason="unknown", sent_at=F("calling_at"), lease_until=None))


def _remember(campaign: Campaign, sent: list[Ready]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            REMEMBER,
            [
                campaign.name[:150],
                json.dumps([{"id": str(one.recipient.pk), "data": _line(campaign, one)} for one in sent]),
                current_tenant_id(),
            ],
        )


def _line(campaign: Campaign, one: Ready) -> dict[str, str]:
    return {"text": one_line(one.text, 200), "subject": one.subject, "campaign": str(campaign.pk)}


def _refused(ours: Any, one: Ready, refused: ChannelError) -> None:
    """The server's no: a final one ends his line, another one is tried again later."""
    now, row = timezone.now(), one.recipient
    if not refused.permanent and row.attempts + 1 < claiming.MAX_ATTEMPTS:
        ours.filter(pk=row.pk).update(
            state=State.WAITING,
            attempts=F("attempts") + 1,
            due_at=now + RETRY_BASE * 2**row.attempts,
            detail=refused.reason[:300],
            calling_at=None,
            attempt_id=None,
            lease_until=None,
        )
        return
    is_gone = refused.category in GONE
    ours.filter(pk=row.pk).update(
        state=State.FAILED,
        reason=REFUSED,
        detail=refused.reason[:300],
        bounced_at=now if is_gone else None,
        attempts=F("attempts") + 1,
        lease_until=None,
    )
    if is_gone:
        suppressions.suppress(
            kind=Identity.Kind.EMAIL,
            value=row.address or "",
            reason=Suppression.Reason.BOUNCE,
            covers=Covers.ALL,
            by=Actor.system(),
            note=refused.reason,
        )


def _reached(campaign: Campaign) -> None:
    """The server takes mails again."""
    if campaign.unreachable_since:
        campaign.unreachable_since = None
        Campaign.objects.filter(pk=campaign.pk).update(unreachable_since=None)


GONE = ("no_mailbox", "closed_mailbox", "no_domain")


def _unreachable(campaign: Campaign, batch: Batch, problem: ChannelError) -> None:
    """No connection: nothing was handed over. What the owner must repair is told to him.

    So is that a server could not be reached for long: the campaign stops then.
    """
    release(batch.attempt)
    if problem.channel_broken:
        tell_problem(Channel.objects.get(pk=batch.channel.pk), problem.reason)
    rows = Campaign.objects.select_for_update(of=("self",))
    held, now = rows.filter(pk=campaign.pk, state=Campaign.State.SENDING).first(), timezone.now()
    if held is None:
        return
    since = held.unreachable_since
    if since is None or (held.resumed_at and since < held.resumed_at):
        held.unreachable_since = now
    elif now - since >= UNREACHABLE_LONG:
        steering.brake(held, Campaign.Braked.CHANNEL)
        return
    held.due_at = now + UNREACHABLE_WAIT
    held.save(update_fields=["due_at", "unreachable_since"])


def expire_leases() -> int:
    """Rows whose worker died: unknown when they were being handed over, else they wait again."""
    now = timezone.now()
    expired = Recipient.objects.filter(state=State.SENDING, lease_until__lte=now)
    unknown = settle_unknown(expired.filter(calling_at__isnull=False))
    poison = expired.filter(calling_at=None, attempts__gte=claiming.MAX_ATTEMPTS - 1).update(
        state=State.FAILED, reason=NOT_WRITTEN, lease_until=None
    )
    back = expired.filter(calling_at=None).update(
        state=State.WAITING, attempt_id=None, lease_until=None, attempts=F("attempts") + 1
    )
    return unknown + int(poison) + int(back)
