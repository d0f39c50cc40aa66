from django.db import models

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


class Pause(TenantOwned):
    """That a customer wrote after something was said to him by itself: he is left alone for a while.

    Each further message renews it (conversations/actions/campaigns/marks.py). Two customers who become one
    may have two of them: the later counts.
    """

    customer = TenantForeignKey("crm.Customer", related_name="pauses")
    wrote_at = models.DateTimeField(help_text="When he wrote last.")

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "customer", "wrote_at"], name="conv_pause_customer"),
            models.Index(fields=["tenant", "wrote_at"], name="conv_pause_lately"),
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.customer_id} {self.wrote_at}"
