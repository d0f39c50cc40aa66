from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


class Activity(TenantOwned):
    """Anything else a shop records about a customer: "viewed product", "cart abandoned"."""

    customer = TenantForeignKey("crm.Customer", related_name="activities")
    source = models.CharField(_("system"), max_length=40, default="api")
    external_id = models.CharField(_("identifier there"), max_length=120)
    kind = models.CharField(_("what happened"), max_length=60, help_text="In the shop's own words.")
    happened_at = models.DateTimeField(_("when"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "source", "external_id"], name="crm_activity_once")
        ]
        indexes = [
            models.Index(fields=["tenant", "customer", "kind", "-happened_at"], name="crm_activity_customer"),
            models.Index(fields=["tenant", "customer", "-id"], name="crm_activity_newest"),
            models.Index(
                fields=["tenant", "kind", "-happened_at"], include=["customer"], name="crm_activity_of_kind"
            ),
        ]

    personal_data = ("data",)

    def __str__(self) -> str:
        return self.kind
