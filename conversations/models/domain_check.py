from typing import Any

from django.db import models

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


class DomainCheck(TenantOwned):
    """What the DNS said of the domain that an e-mail channel writes from; one row for each."""

    channel = TenantForeignKey("conversations.Channel", related_name="+")
    domain = models.CharField(max_length=253, blank=True, help_text="As it was when it was asked.")
    asked_at = models.DateTimeField(null=True, blank=True, help_text="A worker looks, or is about to.")
    checked_at = models.DateTimeField(null=True, blank=True)
    findings: Any = models.JSONField(
        default=list, blank=True, help_text="[{what, state, found}] of the last look."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "channel"], name="conv_domaincheck_one")]
        indexes = [
            models.Index(
                fields=["tenant", "asked_at"],
                condition=models.Q(asked_at__isnull=False),
                name="conv_domaincheck_asked",
            )
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.domain
