from django.db import models

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


class CampaignLink(TenantOwned):
    """Where a numbered link of a campaign's mails leads. With names in it, as the template has it."""

    campaign = TenantForeignKey("conversations.Campaign", related_name="links")
    number = models.PositiveSmallIntegerField()
    url = models.CharField(max_length=2000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "campaign", "number"], name="conv_link_number"),
            models.UniqueConstraint(fields=["tenant", "campaign", "url"], name="conv_link_url"),
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.url
