from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


class ConversationMerge(TenantOwned):
    """What was put together or taken apart, and all it takes to undo it.

    `source` gave messages to `target`: on a merge it now points there; on a split `target` is new.
    """

    class Kind(models.TextChoices):
        MERGE = "merge", _("Merged")
        SPLIT = "split", _("Split")

    kind = models.CharField(max_length=10, choices=Kind)
    source = TenantForeignKey("conversations.Conversation", related_name="merges_away")
    target = TenantForeignKey("conversations.Conversation", related_name="merges_here")
    before = models.JSONField(default=dict, help_text="Both as they were.")
    after = models.JSONField(default=dict, help_text="Both as they were made.")
    moved = models.JSONField(default=dict, help_text="Identifiers of what changed its place, by kind.")
    made_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    made_by_label = models.CharField(max_length=150, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "target", "-id"], name="conv_merge_target"),
            models.Index(fields=["tenant", "source", "-id"], name="conv_merge_source"),
        ]

    personal_data = ("before", "after", "made_by_label")

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id} {self.target_id}"
