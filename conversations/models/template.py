from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet


class TemplateQuerySet(TenantQuerySet):
    def usable(self) -> "TemplateQuerySet":
        """Those the vendor lets us send."""
        return self.filter(status=Template.Status.APPROVED)


def sample_path(template: "Template", filename: str) -> str:
    """A path nobody can guess or steer."""
    return f"templates/{template.id.hex[-2:]}/{template.id.hex}"


class Template(TenantOwned):
    """A text the vendor approved, for when the customer's window is closed.

    `components` is the vendor's own form of header, body, footer and buttons. A draft waits for a worker to
    submit it, one that is being deleted for a worker to remove it at the vendor.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Being submitted")
        PENDING = "pending", _("In review")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        PAUSED = "paused", _("Paused")
        DISABLED = "disabled", _("Disabled")
        DELETING = "deleting", _("Being deleted")
        GONE = "gone", _("Deleted at the vendor")

    channel = TenantForeignKey("conversations.Channel", related_name="templates")
    vendor_id = models.CharField(max_length=100, blank=True)
    name = models.CharField(_("name"), max_length=512)
    language = models.CharField(_("language"), max_length=20)
    category = models.CharField(_("category"), max_length=30, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    reason = models.CharField(max_length=300, blank=True, help_text="Why the vendor refused it.")
    quality = models.CharField(max_length=20, blank=True)
    components = models.JSONField(default=list, blank=True)
    is_named = models.BooleanField(
        default=False, db_default=False, help_text="Its places have names instead of numbers."
    )
    sample = models.FileField(
        upload_to=sample_path, max_length=200, blank=True, db_default="", help_text="The header's file."
    )
    sample_name = models.CharField(max_length=200, blank=True, db_default="")
    updated_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = TenantManager.of(TemplateQuerySet)

    class Meta:
        ordering = ["name", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "channel", "name", "language"], name="conv_template_once"
            )
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"
