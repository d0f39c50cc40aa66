from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


class Attribute(TenantOwned):
    """A fact the business keeps of its customers, and what its values look like.

    Values stand in `Customer.attributes` under `key`, as plain JSON: text, link and choice a string,
    number and money a string of digits with at most one point, date `YYYY-MM-DD`, many choices a list of
    strings, yes/no a boolean. Keys that no attribute defines are free text.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        MONEY = "money", _("Money")
        DATE = "date", _("Date")
        CHOICE = "choice", _("One of several")
        CHOICES = "choices", _("Several of several")
        YES_NO = "yes_no", _("Yes or no")
        LINK = "link", _("Link")

    key = models.CharField(_("key"), max_length=60, help_text="How files and the API call it; never changes.")
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TEXT)
    options = models.JSONField(_("choices"), default=list, blank=True, help_text="The values to choose from.")
    hint = models.CharField(_("hint"), max_length=150, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True, help_text="No longer asked for; values stay.")
    created_at = models.DateTimeField(auto_now_add=True)
    work = models.JSONField(
        default=dict, blank=True, help_text="How far its values are looked through, and what was found."
    )
    work_due_at = models.DateTimeField(null=True, blank=True, help_text="When to go on; null is done.")

    class Meta:
        ordering = ["position", "name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="crm_attribute_key")]
        indexes = [
            models.Index(
                fields=["tenant", "work_due_at"],
                condition=models.Q(work_due_at__isnull=False),
                name="crm_attribute_due",
            )
        ]

    personal_data = ("work",)

    def __str__(self) -> str:
        return self.name

    @property
    def values(self) -> dict[str, Any] | None:
        """What the last look through the kept values found, without the values; None before the first."""
        told = ("state", "to", "seen", "fit", "ready", "unfit")
        return {name: self.work[name] for name in told if name in self.work} or None


class Preference(TenantOwned):
    """Something remembered of a customer, from whom or what, and how sure it is."""

    class Source(models.TextChoices):
        CUSTOMER = "customer", _("Said by the customer")
        AGENT = "agent", _("Noted by a colleague")
        BEHAVIOUR = "behaviour", _("Learned from behaviour")

    customer = TenantForeignKey("crm.Customer", related_name="preferences")
    topic = models.CharField(_("about what"), max_length=60)
    value = models.CharField(_("what"), max_length=500)
    source = models.CharField(_("from"), max_length=10, choices=Source, default=Source.AGENT)
    source_label = models.CharField(max_length=150, blank=True, help_text="Who or what told it.")
    context_id = models.UUIDField(null=True, blank=True, help_text="The conversation it came up in.")
    confidence = models.PositiveSmallIntegerField(_("how sure, in per cent"), default=100)
    evidence = models.JSONField(default=dict, blank=True, help_text="Of behaviour: {hits, of, hour}.")
    rival = models.JSONField(
        null=True, blank=True, help_text="What speaks against what a person confirmed: value, source, …"
    )
    forgotten_at = models.DateTimeField(
        null=True, blank=True, help_text="Not shown, and not learned again while behaviour stays the same."
    )
    learned_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "customer", "topic"], name="crm_preference_topic"),
            models.CheckConstraint(condition=models.Q(confidence__lte=100), name="crm_preference_per_cent"),
        ]

    personal_data = ("topic", "value", "source_label", "evidence", "rival")

    def __str__(self) -> str:
        return f"{self.topic}: {self.value}"
