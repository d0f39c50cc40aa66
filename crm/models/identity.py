from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


class Identity(TenantOwned):
    """An address of a customer on a channel. `value` is its one canonical form (crm/identities.py)."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        WEB = "web", _("Web chat")
        WHATSAPP = "whatsapp", _("WhatsApp")
        TELEGRAM = "telegram", _("Telegram")
        INSTAGRAM = "instagram", _("Instagram")
        MESSENGER = "messenger", _("Messenger")
        EXTERNAL = "external", _("Identifier in another system")

    customer = TenantForeignKey("crm.Customer", related_name="identities")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    value = models.CharField(max_length=255)
    display = models.CharField(_("address"), max_length=255, help_text="As a person writes it.")
    is_verified = models.BooleanField(default=False)
    is_claimed = models.BooleanField(
        default=False,
        db_default=False,
        help_text="The customer said it is his, and nothing shows it: it joins nobody.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "value"], name="crm_identity_one_person")
        ]
        indexes = [models.Index(fields=["tenant", "customer", "id"], name="crm_identity_customer")]

    personal_data = ("value", "display")

    def __str__(self) -> str:
        return self.display
