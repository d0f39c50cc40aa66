from datetime import timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import TenantForeignKey
from tenants.kit.secrets import EncryptedJSONField
from tenants.scoping import TenantOwned


def every_day() -> list[int]:
    """Monday to Sunday."""
    return list(range(7))


class SlotPolicy(TenantOwned):
    """Whether customers who want another time are offered free ones. One row; without it, they are not."""

    is_on = models.BooleanField(
        _("offer free times"),
        default=False,
        help_text=_("To whoever wants another time for his appointment. Off: a person answers him."),
    )
    minutes = models.PositiveSmallIntegerField(
        _("an appointment begins every (minutes)"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(480)],
        help_text=_("And lasts as long, where it does not say when it ends."),
    )
    notice_hours = models.PositiveSmallIntegerField(
        _("not sooner than in (hours)"), default=2, validators=[MaxValueValidator(720)]
    )
    ahead_days = models.PositiveSmallIntegerField(
        _("not later than in (days)"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(180)],
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="conv_slotpolicy_one")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.minutes} min"


class Agenda(TenantOwned):
    """Somebody or something that takes appointments: open when the business is, at most when it says here.

    The one without a name takes those that name nobody, or nobody of the others.
    """

    name = models.CharField(_("name"), max_length=150, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("appointments at the same time"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)]),
        verbose_name=_("days"),
        default=every_day,
        help_text="0 is Monday.",
    )
    opens = models.TimeField(_("from"), null=True, blank=True)
    closes = models.TimeField(_("until"), null=True, blank=True)
    secrets: Any = EncryptedJSONField(default=dict, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="When its calendar is read next.")
    read_at = models.DateTimeField(null=True, blank=True, help_text="When its calendar was read last.")
    problem = models.CharField(max_length=300, blank=True, help_text="Why it was not, the last time.")
    created_at = models.DateTimeField(auto_now_add=True)

    STALE = timedelta(days=1)
    """A calendar that could not be read for so long says nothing any more."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="conv_agenda_once")]
        indexes = [
            models.Index(
                fields=["tenant", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="conv_agenda_due",
            )
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name

    @property
    def calendar_url(self) -> str:
        """Where its calendar is (iCalendar): who knows the address can read it, so it lies encrypted."""
        return str(self.secrets.get("calendar", ""))

    @property
    def is_known(self) -> bool:
        """Whether it is known when it is busy."""
        return not self.calendar_url or bool(self.read_at and self.read_at > timezone.now() - self.STALE)


class BusyTime(TenantOwned):
    """A time at which the calendar of an agenda says that it is busy. What it is about is not kept."""

    agenda = TenantForeignKey(Agenda, related_name="busy_times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="conv_busytime_forward"
            )
        ]
        indexes = [models.Index(fields=["tenant", "agenda", "ends_at"], name="conv_busytime_ahead")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}–{self.ends_at:%H:%M}"
