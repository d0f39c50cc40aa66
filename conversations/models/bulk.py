from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


class BulkRun(TenantOwned):
    """One act on many conversations: what was asked, how far it is, and whether it was taken back."""

    class State(models.TextChoices):
        RUNNING = "running", _("Under way")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being taken back")
        UNDONE = "undone", _("Taken back")

    action = models.CharField(max_length=20)
    parameters = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    total = models.PositiveIntegerField(default=0)
    membership = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    api_key = TenantForeignKey("tenants.ApiKey", db_on_delete=SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="When a worker looks at it again.")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-id"], name="conv_bulk_newest"),
            models.Index(
                fields=["tenant", "due_at"], condition=models.Q(due_at__isnull=False), name="conv_bulk_due"
            ),
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.action} {self.total}"


class BulkItem(TenantOwned):
    """What became of one conversation in it, with its state before and after."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("Waiting")
        CHANGED = "changed", _("Changed")
        SAME = "same", _("Already so")
        REFUSED = "refused", _("Not possible")
        GONE = "gone", _("No longer visible")
        UNDONE = "undone", _("Taken back")
        KEPT = "kept", _("Changed meanwhile")

    run = TenantForeignKey(BulkRun, related_name="items")
    conversation = TenantForeignKey("conversations.Conversation", related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.PENDING)
    reason = models.CharField(max_length=300, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "run", "conversation"], name="conv_bulk_item_once")
        ]
        indexes = [models.Index(fields=["tenant", "run", "outcome", "id"], name="conv_bulk_item_page")]

    personal_data = ("before", "after")

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.outcome}"
