from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from conversations.models.conversation import Conversation
from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


class WorkProfile(TenantOwned):
    """What a member takes when conversations are assigned: an empty list takes everything."""

    membership = TenantForeignKey("tenants.Membership", related_name="work_profile")
    weight = models.PositiveSmallIntegerField(
        _("share"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(1_000)],
        help_text=_("100 is an ordinary share, 50 gets half as many."),
    )
    languages = models.JSONField(_("languages"), default=list, blank=True)
    channel_kinds = models.JSONField(_("channels"), default=list, blank=True)
    label_ids = models.JSONField(_("topics"), default=list, blank=True)
    most_priority = models.PositiveSmallIntegerField(
        _("priority up to"), choices=Conversation.Priority, default=Conversation.Priority.URGENT
    )
    most_amount = models.DecimalField(
        _("amount up to"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Of the customer's latest order. Empty is any amount."),
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "membership"], name="conv_workprofile_once")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return str(self.membership)
