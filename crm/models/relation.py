from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


class Relation(TenantOwned):
    """Two customers who have to do with each other. It has two ends, each with what that one is to the other.

    The ends are rows of their own so that each has one key to a customer, like every other record: merging
    moves them, erasing one person takes his end, and a relation with one end left is shown to nobody.
    """

    created_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return str(self.id)


class RelationEnd(TenantOwned):
    """One of the two: who, and what he is to the other ("wife", "assistant")."""

    relation = TenantForeignKey("crm.Relation", related_name="ends")
    customer = TenantForeignKey("crm.Customer", related_name="relation_ends")
    word = models.CharField(_("what he is to the other"), max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "relation", "customer"], name="crm_relation_end_once")
        ]
        indexes = [models.Index(fields=["tenant", "customer", "relation"], name="crm_relation_customer")]

    personal_data = ("word",)

    def __str__(self) -> str:
        return self.word
