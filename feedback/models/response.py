from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


class Response(TenantOwned):
    """What the customer answered. He may change his mind until the link expires."""

    invitation = TenantForeignKey("feedback.Invitation", related_name="responses")
    customer = TenantForeignKey("crm.Customer", related_name="survey_responses")
    agent = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    channel_kind = models.CharField(max_length=20)
    score = models.PositiveSmallIntegerField(_("score"))
    comment = models.TextField(_("comment"), max_length=2_000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "invitation"], name="feedback_response_once"),
            models.CheckConstraint(condition=models.Q(score__range=(1, 5)), name="feedback_response_score"),
        ]
        indexes = [models.Index(fields=["tenant", "-created_at", "-id"], name="feedback_response_newest")]

    personal_data = ("comment",)

    def __str__(self) -> str:
        return f"{self.score}/5"
