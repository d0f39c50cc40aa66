from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tenants.actors import Actor
from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet


class MacroQuerySet(TenantQuerySet):
    def usable_by(self, actor: Actor) -> "MacroQuerySet":
        """The shared ones, and the actor's own."""
        return self.filter(models.Q(owner=None) | models.Q(owner_id=actor.membership_id, owner__isnull=False))


class Macro(TenantOwned):
    """Several acts on a conversation under one name."""

    name = models.CharField(_("name"), max_length=80)
    owner = TenantForeignKey("tenants.Membership", null=True, related_name="macros")
    actions = models.JSONField(_("actions"), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[Any] = TenantManager.of(MacroQuerySet)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "tenant", "owner", Lower("name"), name="conv_macro_name", nulls_distinct=False
            )
        ]

    personal_data = ("actions",)

    def __str__(self) -> str:
        return self.name
