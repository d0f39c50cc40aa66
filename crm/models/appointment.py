from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


class Appointment(TenantOwned):
    """A time set aside for a customer. `source` and `external_id` name it in the system it comes from."""

    class Status(models.TextChoices):
        BOOKED = "booked", _("Booked")
        CONFIRMED = "confirmed", _("Confirmed")
        ARRIVED = "arrived", _("Arrived")
        DONE = "done", pgettext_lazy("appointment", "Done")
        NO_SHOW = "no_show", _("Did not come")
        CANCELLED = "cancelled", _("Cancelled")

    customer = TenantForeignKey("crm.Customer", related_name="appointments")
    source = models.CharField(_("system"), max_length=40, default="api")
    external_id = models.CharField(_("identifier there"), max_length=120)
    service = models.CharField(_("what for"), max_length=150)
    place = models.CharField(_("where"), max_length=150, blank=True)
    staff = models.CharField(_("with whom"), max_length=150, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.BOOKED)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    changed_at = models.DateTimeField(
        _("status since"), help_text="By the clock of the system it comes from."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "source", "external_id"], name="crm_appointment_once"),
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gte=models.F("starts_at")),
                name="crm_appointment_forward",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "customer", "-starts_at"],
                include=["status"],
                name="crm_appointment_of_customer",
            ),
            models.Index(fields=["tenant", "-starts_at", "-id"], name="crm_appointment_latest"),
        ]

    personal_data = ("note",)

    def __str__(self) -> str:
        return self.service
