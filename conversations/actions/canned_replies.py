"""Keeping the replies a business writes often."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from conversations.models import CannedReply
from tenants import audit
from tenants.actors import Actor
from tenants.refusals import Conflicting


class ShortcutTaken(Conflicting):
    """Another reply has this shortcut."""


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
def delete_canned_reply(*, reply: CannedReply, by: Actor) -> dict[str, Any]:
    """Remove a reply; what was sent with it stays. Returns what `restore_canned_reply` needs."""
    kept = {"id": reply.id, "shortcut": reply.shortcut, "title": reply.title, "body": reply.body}
    audit.record("canned_reply.deleted", target=reply, by=by, title=reply.title)
    reply.delete()
    return kept


@transaction.atomic
def restore_canned_reply(*, kept: dict[str, Any], by: Actor) -> CannedReply:
    """Bring back a reply. Raises `ShortcutTaken` when another has its shortcut by now."""
    if CannedReply.objects.filter(shortcut__iexact=kept["shortcut"]).exists():
        raise ShortcutTaken(_("Another reply has this shortcut."), "shortcut")
    reply: CannedReply = CannedReply.objects.create(**kept)
    audit.record("canned_reply.restored", target=reply, by=by, title=reply.title)
    return reply
