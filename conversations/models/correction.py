from django.db import models
from django.utils import timezone

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


class Correction(TenantOwned):
    """What somebody made of a decision of the bot that could have been better. One of each decision."""

    decision = TenantForeignKey("conversations.Decision", related_name="corrections")
    article = TenantForeignKey("conversations.Article", db_on_delete=SET_NULL, null=True, related_name="+")
    is_new = models.BooleanField(default=False, help_text="The article was written for it.")
    phrasing = models.CharField(max_length=300, blank=True, help_text="The wording that was added.")
    stamp = models.CharField(max_length=80, blank=True, help_text="Of the draft, as it was left.")
    membership = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "decision"], name="conv_correction_once")]

    personal_data = ("phrasing",)

    def __str__(self) -> str:
        return self.phrasing or str(self.decision_id)
