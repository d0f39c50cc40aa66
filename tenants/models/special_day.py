from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.scoping import TenantOwned


class SpecialDay(TenantOwned):
    """A date with hours of its own: closed for stocktaking, or open on a holiday."""

    date = models.DateField(_("date"))
    name = models.CharField(_("reason"), max_length=80)
    hours = models.JSONField(default=list, blank=True, help_text="Pairs of times; empty is closed.")

    class Meta:
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["tenant", "date"], name="tenants_specialday_date")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
