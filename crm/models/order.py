from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


class Order(TenantOwned):
    """A purchase as the shop's own system tells it. `source` and `external_id` name it there."""

    class Status(models.TextChoices):
        PLACED = "placed", _("Placed")
        PAID = "paid", _("Paid")
        PREPARING = "preparing", _("In preparation")
        READY = "ready", _("Ready for pick-up")
        SHIPPED = "shipped", _("Shipped")
        DELIVERED = "delivered", _("Delivered")
        CANCELLED = "cancelled", _("Cancelled")
        REFUNDED = "refunded", _("Refunded")

    customer = TenantForeignKey("crm.Customer", related_name="orders")
    source = models.CharField(_("system"), max_length=40, default="api")
    external_id = models.CharField(_("identifier there"), max_length=120)
    number = models.CharField(_("number"), max_length=60)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.PLACED)
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    items = models.JSONField(_("items"), default=list, help_text="[{name, quantity, price}], price per unit.")
    placed_at = models.DateTimeField(_("placed"))
    changed_at = models.DateTimeField(
        _("status since"), help_text="By the clock of the system it comes from."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "source", "external_id"], name="crm_order_once")
        ]
        indexes = [
            models.Index(
                fields=["tenant", "customer", "-placed_at"],
                include=["status", "total", "currency"],
                name="crm_order_of_customer",
            ),
            models.Index(fields=["tenant", "-placed_at", "-id"], name="crm_order_newest"),
            models.Index(fields=["tenant", "number"], name="crm_order_number"),
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.number
