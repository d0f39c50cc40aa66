from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models import Purpose
from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet


class MessageTemplateQuerySet(TenantQuerySet):
    def kept(self) -> "MessageTemplateQuerySet":
        """Those that nobody has put away."""
        return self.filter(archived_at=None)


class MessageTemplate(TenantOwned):
    """What a business says to many, one by one: in campaigns, confirmations and journeys.

    What it says stands in its versions; the vendors' own templates are `Template`.
    """

    name = models.CharField(_("name"), max_length=100)
    purpose = models.CharField(_("what for"), max_length=20, choices=Purpose, default=Purpose.PROMOTION)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = TenantManager.of(MessageTemplateQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                condition=models.Q(archived_at=None),
                name="conv_msgtemplate_name",
            )
        ]
        indexes = [models.Index(fields=["tenant", "-id"], name="conv_msgtemplate_newest")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


class MessageTemplateVersion(TenantOwned):
    """What a template said at a time. The highest number is the current one; who began with one keeps it.

    `contents` is by medium and language: {"email": {"es": {"subject", "preheader", "blocks"}},
    "sms": {"es": {"text"}}, "whatsapp": {"es": {"template_id", "values"}}, …}.
    """

    template = TenantForeignKey(MessageTemplate, related_name="versions")
    number = models.PositiveIntegerField()
    contents = models.JSONField(default=dict)
    made_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    made_by_label = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "template", "number"], name="conv_msgversion_once")
        ]

    personal_data = ("made_by_label",)

    def __str__(self) -> str:
        return f"{self.template_id} {self.number}"
