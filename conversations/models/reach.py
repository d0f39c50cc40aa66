from django.db import models

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


class Reach(TenantOwned):
    """Whether a customer takes what comes on a channel: he blocked the bot, or answered STOP.

    The vendor's clock decides which word is the last one, so any order of arrival ends in the same state.
    """

    channel = TenantForeignKey("conversations.Channel", related_name="+")
    identity = TenantForeignKey("crm.Identity", related_name="reaches")
    is_open = models.BooleanField()
    happened_at = models.DateTimeField(help_text="The vendor's clock.")
    word = models.CharField(max_length=60, blank=True, db_default="", help_text="What he wrote to close it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "channel", "identity"], name="conv_reach_once")
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "open" if self.is_open else "closed"
