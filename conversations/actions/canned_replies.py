"""Keeping the replies a business writes often."""

from django.db import transaction

from conversations.models import CannedReply
from tenants import audit
from tenants.actors import Actor


@transaction.atomic
def save_canned_reply(*, reply: CannedReply, by: Actor) -> CannedReply:
    """Keep a new or changed reply; the form has checked its names."""
    is_new = reply._state.adding
    reply.save()
    audit.record(
        "canned_reply.created" if is_new else "canned_reply.updated", target=reply, by=by, title=reply.title
    )
    return reply


@transaction.atomic
def delete_canned_reply(*, reply: CannedReply, by: Actor) -> None:
    """Remove a reply; what was sent with it stays."""
    audit.record("canned_reply.deleted", target=reply, by=by, title=reply.title)
    reply.delete()
