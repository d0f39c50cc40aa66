from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tenants.actors import Actor
from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet


class SavedViewQuerySet(TenantQuerySet):
    def named(self) -> "SavedViewQuerySet":
        return self.exclude(name="")

    def usable_by(self, actor: Actor) -> "SavedViewQuerySet":
        """The shared ones, and the actor's own."""
        return self.filter(models.Q(owner=None) | models.Q(owner_id=actor.membership_id, owner__isnull=False))


class SavedView(TenantOwned):
    """A way to look at the list of customers: whom, in which order, with which columns.

    The one without a name is what a member left the list with: his columns.
    """

    name = models.CharField(_("name"), max_length=60, blank=True)
    owner = TenantForeignKey("tenants.Membership", null=True, related_name="customer_views")
    filters = models.JSONField(_("filters"), default=dict, blank=True, help_text="Texts by name, as in ?…")
    sort = models.CharField(_("order"), max_length=20, blank=True)
    columns = models.JSONField(_("columns"), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[Any] = TenantManager.of(SavedViewQuerySet)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "tenant", "owner", Lower("name"), name="crm_savedview_name", nulls_distinct=False
            )
        ]

    personal_data = ("filters",)

    def __str__(self) -> str:
        return self.name
