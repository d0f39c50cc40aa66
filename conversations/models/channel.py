from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.kit.secrets import EncryptedJSONField
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet


class ChannelQuerySet(TenantQuerySet):
    def active(self) -> "ChannelQuerySet":
        return self.filter(is_active=True)


class Channel(TenantOwned):
    """A way customers write on. `settings` is plain, `secrets` is encrypted and write-only."""

    kind = models.CharField(_("kind"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(_("address"), max_length=255, blank=True, help_text="As customers see it.")
    settings = models.JSONField(default=dict, blank=True)
    secrets: Any = EncryptedJSONField(default=dict, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    problem = models.CharField(
        max_length=300, blank=True, db_default="", help_text="Why nothing goes out, for a person."
    )
    problem_since = models.DateTimeField(null=True, blank=True)
    token_expires_at = models.DateTimeField(null=True, blank=True, help_text="As the vendor says.")
    checking_since = models.DateTimeField(null=True, blank=True, help_text="A check is on its way.")
    checked_at = models.DateTimeField(null=True, blank=True)
    findings: Any = models.JSONField(
        default=list, blank=True, db_default=[], help_text="Of the last check: [what, works, said]."
    )
    paused_until = models.DateTimeField(
        null=True, blank=True, help_text="The vendor asked us to send nothing before."
    )
    last_event_at = models.DateTimeField(null=True, blank=True, help_text="To the minute.")
    last_sent_at = models.DateTimeField(null=True, blank=True, help_text="To the minute.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = TenantManager.of(ChannelQuerySet)

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["tenant", "kind"], name="conv_channel_kind")]

    personal_data = ("address",)

    def __str__(self) -> str:
        return self.name
