from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tenants.scoping import TenantOwned


class CannedReply(TenantOwned):
    """A reply the business writes often, with fixed names to fill in."""

    shortcut = models.SlugField(_("shortcut"), max_length=40, db_index=False)
    title = models.CharField(_("title"), max_length=80)
    body = models.TextField(_("text"), max_length=5_000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["shortcut"]
        constraints = [models.UniqueConstraint("tenant", Lower("shortcut"), name="conv_canned_shortcut")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.title
