"""What a member has begun to write."""

from uuid import UUID

from django.db import transaction

from conversations.models import Conversation, Draft, Message
from tenants.actors import Actor
from tenants.kit.text import clean


@transaction.atomic
def save_draft(
    *, conversation: Conversation, text: str, is_note: bool, by: Actor, client_id: UUID | None = None
) -> bool:
    """Keep a draft, or remove it when it is empty; returns whether one is kept now.

    `client_id` is the one the message will have: a draft that arrives after its own message is dropped.
    """
    text = clean(text, 50_000)
    mine = Draft.objects.filter(conversation=conversation, membership=by.membership)
    sent = client_id and Message.objects.filter(conversation=conversation, client_id=client_id).exists()
    if not text.strip() or sent:
        mine.delete()
        return False
    Draft.objects.update_or_create(
        conversation=conversation,
        membership=by.membership,
        create_defaults={
            "conversation": conversation, "membership": by.membership, "body": text, "is_note": is_note
        },
        defaults={"body": text, "is_note": is_note},
    )  # fmt: skip
    return True
