from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


class CustomerNote(TenantOwned):
    """What a colleague should know about a customer."""

    customer = TenantForeignKey("crm.Customer", related_name="notes")
    body = models.TextField(_("note"), max_length=10_000)
    author = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    author_label = models.CharField(max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["tenant", "customer", "-id"], name="crm_note_newest")]

    personal_data = ("body",)

    def __str__(self) -> str:
        return self.body[:60]
