"""An answer that waits for the morning, in the demo."""

from conversations.models import Conversation, ScheduledReply
from conversations.workspace.later import morning
from tenants.models import Membership

TEXT = "¡Buenos días! Ya quedó confirmado con el proveedor. En cuanto abramos te paso el detalle por aquí."


def plan(membership: Membership) -> None:
    """An answer to who wrote last by e-mail, for when the shop opens tomorrow."""
    waiting = Conversation.objects.filter(
        channel__kind="email", status="open", identity__isnull=False, drafts=None
    )
    chosen = waiting.order_by("-last_message_at", "id").first()
    if chosen:
        author = chosen.assignee or membership
        ScheduledReply.objects.create(
            conversation=chosen,
            author=author,
            author_label=author.name,
            text=TEXT,
            send_at=morning(membership.tenant),
        )
