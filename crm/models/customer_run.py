from django.db import models

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.many import Item, Run


class CustomerRun(Run):
    """One act on many customers. Those that a filter means are written down on the way, up to `place`."""

    membership = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    api_key = TenantForeignKey("tenants.ApiKey", db_on_delete=SET_NULL, null=True, related_name="+")
    is_gathering = models.BooleanField(default=False, help_text="Not all it is about are written down yet.")
    place = models.CharField(max_length=300, blank=True, help_text="Where gathering goes on.")

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-id"], name="crm_run_newest"),
            models.Index(
                fields=["tenant", "due_at"], condition=models.Q(due_at__isnull=False), name="crm_run_due"
            ),
        ]

    personal_data: tuple[str, ...] = ()


class CustomerRunItem(Item):
    """What became of one customer in it."""

    run = TenantForeignKey(CustomerRun, related_name="items")
    customer = TenantForeignKey("crm.Customer", related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "run", "customer"], name="crm_run_item_once")
        ]
        indexes = [
            models.Index(fields=["tenant", "run", "outcome", "id"], name="crm_run_item_page"),
            models.Index(fields=["tenant", "customer"], name="crm_run_item_customer"),
        ]

    personal_data = ("before", "after")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.outcome}"
