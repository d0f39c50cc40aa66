from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


class MessageChange(TenantOwned):
    """What happened to a message after it was written, by its vendor's id: it may come before the message.

    The state of a message is what its changes say in the order of the vendor's clock, so any order and
    repetition of arrival ends in the same state.
    """

    class Kind(models.TextChoices):
        REACTION = "reaction", _("Reaction")
        EDIT = "edit", _("Edit")
        REMOVAL = "removal", _("Removal")

    channel = TenantForeignKey("conversations.Channel", related_name="+")
    target = models.CharField(max_length=255, help_text="The vendor's id of the message.")
    provider_id = models.CharField(max_length=255, help_text="The vendor's id of the change.")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(blank=True)
    by_customer = models.BooleanField(default=True)
    happened_at = models.DateTimeField(help_text="The vendor's clock.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "channel", "target", "kind", "provider_id"], name="conv_change_once"
            )
        ]

    personal_data = ("text",)

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"
