from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


class Label(TenantOwned):
    """A word the business sorts customers and conversations by."""

    class Color(models.TextChoices):
        GREY = "grey", _("Grey")
        RED = "red", _("Red")
        AMBER = "amber", _("Amber")
        GREEN = "green", _("Green")
        TEAL = "teal", _("Teal")
        BLUE = "blue", _("Blue")
        VIOLET = "violet", _("Violet")
        PINK = "pink", _("Pink")

    name = models.CharField(_("name"), max_length=40)
    color = models.CharField(_("colour"), max_length=10, choices=Color, default=Color.GREY)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("tenant", Lower("name"), name="crm_label_name")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


class CustomerLabel(TenantOwned):
    """A label on a customer."""

    customer = TenantForeignKey("crm.Customer", related_name="label_links")
    label = TenantForeignKey(Label, related_name="customer_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "customer", "label"], name="crm_customerlabel_once")
        ]
        indexes = [models.Index(fields=["tenant", "label", "customer"], name="crm_customerlabel_label")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.customer_id} {self.label_id}"
