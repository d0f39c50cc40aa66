from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.import_job import Import
from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


class Export(TenantOwned):
    """A file made for one person, out of what he may see."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being made")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("Deleted")

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel (XLSX)"

    target = models.CharField(_("what it holds"), max_length=20, choices=Import.Target)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    format = models.CharField(_("format"), max_length=5, choices=Format, default=Format.CSV)
    columns = models.JSONField(default=list)
    filters = models.JSONField(default=dict, help_text="Label, identifiers, since, until.")
    file = models.FileField(max_length=200, blank=True)
    rows = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    membership = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    api_key = TenantForeignKey("tenants.ApiKey", db_on_delete=SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="When a worker looks at it again.")
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="When its file is deleted.")

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "membership", "-id"], name="crm_export_newest"),
            models.Index(
                fields=["tenant", "due_at"], condition=models.Q(due_at__isnull=False), name="crm_export_due"
            ),
        ]

    personal_data = ("file",)

    def __str__(self) -> str:
        return f"{self.target} {self.format}"
