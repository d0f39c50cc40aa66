from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


class Payment(TenantOwned):
    """Money a customer owes or gave. `source` and `external_id` name it in the system it comes from."""

    class Status(models.TextChoices):
        DUE = "due", pgettext_lazy("payment", "Due")
        PAID = "paid", _("Paid")
        FAILED = "failed", _("Failed")
        REFUNDED = "refunded", _("Refunded")
        CANCELLED = "cancelled", _("Cancelled")

    customer = TenantForeignKey("crm.Customer", related_name="payments")
    order = TenantForeignKey("crm.Order", db_on_delete=SET_NULL, null=True, related_name="payments")
    source = models.CharField(_("system"), max_length=40, default="api")
    external_id = models.CharField(_("identifier there"), max_length=120)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DUE)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    method = models.CharField(_("paid by"), max_length=60, blank=True, help_text="Card, cash, Pix, OXXO…")
    note = models.CharField(_("what for"), max_length=200, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    happened_at = models.DateTimeField(_("entered"), help_text="When it was charged or paid.")
    changed_at = models.DateTimeField(
        _("status since"), help_text="By the clock of the system it comes from."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "source", "external_id"], name="crm_payment_once")
        ]
        indexes = [
            models.Index(fields=["tenant", "customer", "-happened_at"], name="crm_payment_customer"),
            models.Index(fields=["tenant", "order"], name="crm_payment_order"),
            models.Index(fields=["tenant", "-happened_at", "-id"], name="crm_payment_latest"),
            models.Index(fields=["tenant", "status", "-happened_at", "-id"], name="crm_payment_status"),
            models.Index(fields=["tenant", "method", "-happened_at", "-id"], name="crm_payment_method"),
        ]

    personal_data = ("note",)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
