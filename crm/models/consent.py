from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


class Purpose(models.TextChoices):
    """What a customer may be written for."""

    SERVICE = "service", _("Service")
    PROMOTION = "promotion", _("Offers")
    SURVEY = "survey", _("Surveys")


class Medium(models.TextChoices):
    """By what somebody may be written to: one per kind of address, whatever channel serves it."""

    EMAIL = "email", _("E-mail")
    WHATSAPP = "whatsapp", _("WhatsApp")
    SMS = "sms", _("SMS")
    PHONE = "phone", _("Phone calls")
    MESSENGER = "messenger", _("Messenger")
    INSTAGRAM = "instagram", _("Instagram")
    TELEGRAM = "telegram", _("Telegram")
    WEB = "web", _("Web chat")


class Consent(TenantOwned):
    """What stands between a business and a customer for one medium and purpose: the last word of many.

    `ConsentEvent` holds every word with its proof; this row is what the last one left.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked, not confirmed yet")
        GIVEN = "given", _("Given")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Ran out")

    customer = TenantForeignKey("crm.Customer", related_name="consents")
    medium = models.CharField(_("by"), max_length=20, choices=Medium)
    purpose = models.CharField(_("for"), max_length=20, choices=Purpose)
    state = models.CharField(_("state"), max_length=10, choices=State)
    since = models.DateTimeField(_("since"))
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "customer", "medium", "purpose"], name="crm_consent_one"
            )
        ]
        indexes = [
            models.Index(
                fields=["tenant", "medium", "purpose", "state", "customer"],
                include=["expires_at"],
                name="crm_consent_in_state",
            ),
            models.Index(
                fields=["tenant", "expires_at"],
                condition=models.Q(expires_at__isnull=False),
                name="crm_consent_expiry",
            ),
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.medium} {self.purpose} {self.state}"


class ConsentEvent(TenantOwned):
    """One word about consent with its proof. Never changed."""

    class Source(models.TextChoices):
        CUSTOMER = "customer", _("Preference centre")
        CONFIRMATION = "confirmation", _("Confirmed by link")
        UNSUBSCRIBE = "unsubscribe", _("Unsubscribed by one click")
        STOP_WORD = "stop_word", _("Wrote a word such as STOP")
        START_WORD = "start_word", _("Wrote a word such as START")
        FORM = "form", _("Form")
        AGENT = "agent", _("Noted by a colleague")
        IMPORT = "import", _("Imported")
        API = "api", _("Another system")
        EXPIRY = "expiry", _("Ran out")
        MERGE = "merge", _("Two customers made one")

    customer = TenantForeignKey("crm.Customer", related_name="consent_events")
    medium = models.CharField(max_length=20, choices=Medium)
    purpose = models.CharField(max_length=20, choices=Purpose)
    state = models.CharField(max_length=10, choices=Consent.State)
    happened_at = models.DateTimeField()
    source = models.CharField(max_length=15, choices=Source)
    text_shown = models.TextField(blank=True, help_text="The words the customer agreed to.")
    address = models.CharField(max_length=255, blank=True, help_text="Of the customer, where it was given.")
    ip = models.GenericIPAddressField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, help_text="Where the proof lies.")
    expires_at = models.DateTimeField(null=True, blank=True)
    notice = TenantForeignKey(
        "crm.PrivacyNotice",
        db_on_delete=SET_NULL,
        null=True,
        related_name="+",
        help_text="The version of the privacy notice that held.",
    )
    made_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    made_by_label = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "customer", "-happened_at", "-id"], name="crm_consentevent_newest")
        ]

    personal_data = ("text_shown", "address", "ip", "note", "made_by_label")

    def __str__(self) -> str:
        return f"{self.medium} {self.purpose} {self.state}"
