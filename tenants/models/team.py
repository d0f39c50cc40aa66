from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import TenantForeignKey
from tenants.models.tenant import Tenant
from tenants.scoping import TenantOwned


class Team(TenantOwned):
    """People who share a queue."""

    name = models.CharField(_("name"), max_length=80)
    assignment = models.CharField(
        _("assignment"), max_length=20, choices=Tenant.Assignment, blank=True, default="", db_default=""
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("tenant", Lower("name"), name="tenants_team_name")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


class TeamMember(TenantOwned):
    """A member's place in a team."""

    team = TenantForeignKey(Team, related_name="links")
    membership = TenantForeignKey("tenants.Membership", related_name="team_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "team", "membership"], name="tenants_teammember_once")
        ]
        indexes = [models.Index(fields=["tenant", "membership"], name="tenants_teammember_member")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.membership} · {self.team}"
