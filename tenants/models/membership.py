from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.constraints import DirectoryIsolation, TenantKey
from tenants.permissions import Role, Sees
from tenants.scoping import current_tenant_id, uuid7

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from tenants.models.team import TeamMember


class MembershipManager(models.Manager["Membership"]):
    """Members of the current business."""

    def get_queryset(self) -> models.QuerySet["Membership"]:
        return super().get_queryset().filter(tenant_id=current_tenant_id()).select_related("user")


class Membership(models.Model):
    """A person's role in a business.

    Part of the directory: it answers which businesses a person may enter before any is entered, so
    everybody reads it and only its business writes it. Only `doors` uses the `directory` manager.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = models.ForeignKey(
        "tenants.Tenant", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    user = models.ForeignKey("tenants.User", on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.AGENT)
    sees = models.CharField(_("sees"), max_length=10, choices=Sees, default=Sees.ALL)
    capacity = models.PositiveIntegerField(_("open conversations at once"), default=20)
    is_available = models.BooleanField(_("available"), default=True)
    is_active = models.BooleanField(default=True)
    last_assigned_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipManager()
    directory: "models.Manager[Membership]" = models.Manager()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="tenants_membership_tenant_id"),
            TenantKey(name="tenants_membership_tenant_key", field="tenant"),
            models.UniqueConstraint(fields=["tenant", "user"], name="tenants_membership_once"),
            DirectoryIsolation(name="tenants_membership_isolation"),
        ]

    personal_data: tuple[str, ...] = ()
    if TYPE_CHECKING:
        team_links: RelatedManager[TeamMember]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def name(self) -> str:
        return str(self.user)

    def save(self, *args: Any, **kwargs: Any) -> None:  # noqa: DJ012 -- read after what it concerns
        if self.tenant_id is None:
            self.tenant_id = current_tenant_id()
        super().save(*args, **kwargs)
