from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.constraints import TenantIsolation
from tenants.scoping import current_tenant_id, uuid7


class TenantTableManager(models.Manager["Tenant"]):
    """The current business only, as everywhere."""

    def get_queryset(self) -> models.QuerySet["Tenant"]:
        return super().get_queryset().filter(id=current_tenant_id())


def office_hours() -> dict[str, list[list[str]]]:
    """Monday to Friday nine to six, Saturday until two: what a new business starts with."""
    week: dict[str, list[list[str]]] = {
        day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")
    }
    return {**week, "sat": [["09:00", "14:00"]], "sun": []}


class Tenant(models.Model):
    """A business."""

    class Assignment(models.TextChoices):
        MANUAL = "manual", _("People pick conversations")
        ROUND_ROBIN = "round_robin", _("In turn among those available")
        LOAD = "load", _("To whoever has the fewest open")
        SKILLS = "skills", _("To whoever knows the topic, then by load")

    class Formality(models.TextChoices):
        TU = "tu", "tú · você"
        VOS = "vos", "vos · tu"
        USTED = "usted", "usted · o senhor, a senhora"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("business name"), max_length=120)
    slug = models.SlugField(max_length=60, db_index=False)
    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(
        _("state or province"), max_length=10, blank=True, help_text=_("For local holidays.")
    )
    timezone = models.CharField(_("time zone"), max_length=64, default="America/Mexico_City")
    currency = models.CharField(_("currency"), max_length=3, default="MXN")
    language = models.CharField(_("language"), max_length=10, default="es")
    formality = models.CharField(
        _("how customers are addressed"),
        max_length=10,
        choices=Formality,
        blank=True,
        db_default="",
        help_text=_("In Spanish and Portuguese; what you write is checked for it."),
    )
    hours = models.JSONField(default=office_hours)
    keeps_holidays = models.BooleanField(_("closed on public holidays"), default=True)
    assignment = models.CharField(
        _("assignment"), max_length=20, choices=Assignment, default=Assignment.MANUAL
    )
    reopen_hours = models.PositiveIntegerField(_("reopening window in hours"), default=72)
    address = models.CharField(
        _("address"),
        max_length=250,
        blank=True,
        db_default="",
        help_text=_("Street and number, neighbourhood, city."),
    )
    has_help_centre = models.BooleanField(_("help centre"), default=False, db_default=False)
    accent = models.CharField(_("colour"), max_length=7, default="#0f766e")
    dismissed = models.JSONField(
        default=list, blank=True, help_text="Steps of the first ten minutes put aside."
    )
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantTableManager()

    class Meta:
        base_manager_name = "objects"
        constraints = [TenantIsolation(name="tenants_tenant_isolation", column="id")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def save(self, *args: Any, **kwargs: Any) -> None:  # noqa: DJ012 -- read after what it concerns
        self.country = self.country.upper()
        super().save(*args, **kwargs)
