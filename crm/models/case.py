from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet


class CaseQuerySet(TenantQuerySet):
    def open(self) -> "CaseQuerySet":
        return self.filter(resolved_at=None)


class Case(TenantOwned):
    """Something a customer waits to see settled. A complaint is a case, open until resolved."""

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("Complaint")
        WARRANTY = "warranty", _("Warranty")
        RETURN = "return", _("Return")
        OTHER = "other", _("Other")

    customer = TenantForeignKey("crm.Customer", related_name="cases")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.COMPLAINT)
    subject = models.CharField(_("subject"), max_length=200)
    context_id = models.UUIDField(null=True, blank=True, help_text="The conversation it came up in.")
    assignee = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    opened_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolution = models.CharField(_("resolution"), max_length=500, blank=True)

    objects: ClassVar[Any] = TenantManager.of(CaseQuerySet)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "customer", "resolved_at"], name="crm_case_customer"),
            models.Index(
                fields=["tenant", "-opened_at", "-id"],
                condition=models.Q(resolved_at__isnull=True),
                name="crm_case_open",
            ),
            models.Index(
                fields=["tenant", "-resolved_at", "-id"],
                condition=models.Q(resolved_at__isnull=False),
                name="crm_case_resolved",
            ),
        ]

    personal_data = ("subject", "resolution")

    def __str__(self) -> str:
        return self.subject
