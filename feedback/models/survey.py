from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.scoping import TenantOwned


class Survey(TenantOwned):
    """What the business asks after an interaction. Empty texts mean ours, in the customer's language."""

    class Kind(models.TextChoices):
        CSAT = "csat", _("Satisfaction, 1 to 5")

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CSAT)
    question = models.CharField(_("question"), max_length=200, blank=True)
    is_active = models.BooleanField(_("ask after closing"), default=True)
    cooldown_days = models.PositiveIntegerField(_("ask the same person again after (days)"), default=7)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "kind"], name="feedback_survey_kind")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.get_kind_display()
