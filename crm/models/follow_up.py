from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet


class FollowUpQuerySet(TenantQuerySet):
    def open(self) -> "FollowUpQuerySet":
        return self.filter(done_at=None)


class FollowUp(TenantOwned):
    """Work for a person, with a clock."""

    class Reason(models.TextChoices):
        BAD_RATING = "bad_rating", _("Low rating")
        OTHER = "other", _("Other")

    customer = TenantForeignKey("crm.Customer", related_name="follow_ups")
    reason = models.CharField(max_length=20, choices=Reason, default=Reason.OTHER)
    title = models.CharField(_("what to do"), max_length=200)
    context_id = models.UUIDField(null=True, blank=True, help_text="The conversation it came from.")
    source_id = models.UUIDField(null=True, blank=True, help_text="What opened it: one follow-up each.")
    assignee = TenantForeignKey(
        "tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="follow_ups"
    )
    due_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.of(FollowUpQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "reason", "source_id"],
                condition=models.Q(source_id__isnull=False),
                name="crm_followup_once",
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "assignee", "done_at", "due_at"], name="crm_followup_assignee"),
            models.Index(fields=["tenant", "customer", "done_at"], name="crm_followup_customer"),
        ]

    personal_data = ("title",)

    def __str__(self) -> str:
        return self.title
