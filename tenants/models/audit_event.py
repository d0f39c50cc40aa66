from django.db import models

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


class AuditEvent(TenantOwned):
    """Who did what to which thing, written in the transaction of the act."""

    actor = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    actor_label = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    target_type = models.CharField(max_length=40)
    target_id = models.UUIDField(null=True, blank=True)
    details = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-id"], name="tenants_audit_newest"),
            models.Index(fields=["tenant", "target_id", "-id"], name="tenants_audit_target"),
        ]

    personal_data = ("actor_label", "details")

    def __str__(self) -> str:
        return f"{self.actor_label} {self.action}"
