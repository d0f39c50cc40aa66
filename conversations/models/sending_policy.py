from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.scoping import TenantOwned

PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


def working_week() -> list[int]:
    """Monday to Saturday."""
    return [0, 1, 2, 3, 4, 5]


class SendingPolicy(TenantOwned):
    """When and how often a business writes unasked, and what stops it. One row; without it, the defaults."""

    quiet_from = models.TimeField(_("quiet from"), default=time(20))
    quiet_until = models.TimeField(_("quiet until"), default=time(9))
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)]),
        verbose_name=_("days on which offers go out"),
        default=working_week,
        help_text="0 is Monday.",
    )
    keeps_holidays = models.BooleanField(_("no offers on public holidays"), default=True)
    cap_count = models.PositiveSmallIntegerField(
        _("most offers to one customer"), default=2, validators=[MinValueValidator(1)]
    )
    cap_days = models.PositiveSmallIntegerField(
        _("within (days)"), default=7, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    pause_days = models.PositiveSmallIntegerField(
        _("who answers is left alone for (days)"), default=7, validators=[MaxValueValidator(90)]
    )
    rating_days = models.PositiveSmallIntegerField(
        _("no offers after a bad rating for (days)"), default=30, validators=[MaxValueValidator(365)]
    )
    rating_most = models.PositiveSmallIntegerField(
        _("a rating is bad up to (stars)"),
        default=2,
        db_default=2,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
    )
    needs_approval = models.BooleanField(_("a second person approves"), default=False)
    tracks = models.BooleanField(_("notice opens and clicks"), default=True)
    tracking_host = models.CharField(_("own domain of links"), max_length=253, blank=True)
    canary_percent = models.PositiveSmallIntegerField(_("first slice (%)"), default=5, validators=PERCENT)
    most_opt_outs = models.DecimalField(
        _("most who unsubscribe (%)"), max_digits=4, decimal_places=1, default=2, validators=PERCENT
    )
    most_complaints = models.DecimalField(
        _("most who report spam (%)"), max_digits=4, decimal_places=1, default=0.3, validators=PERCENT
    )
    most_bounces = models.DecimalField(
        _("most that come back (%)"), max_digits=4, decimal_places=1, default=5, validators=PERCENT
    )
    most_wishes = models.DecimalField(
        _("most who ask for a person (%)"), max_digits=4, decimal_places=1, default=5, validators=PERCENT
    )
    busy_from = models.PositiveIntegerField(
        _("slow down when so many wait for an answer"), default=20, validators=[MinValueValidator(1)]
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="conv_sendingpolicy_one")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.quiet_from:%H:%M}–{self.quiet_until:%H:%M}"
