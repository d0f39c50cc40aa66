from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.permissions import Role
from tenants.scoping import TenantOwned


class Invite(TenantOwned):
    """A colleague's way in: random, single use, expiring, bound to the address.

    The token's hash lies in the directory; here is what it leads to.
    """

    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.AGENT)
    team = TenantForeignKey(
        "tenants.Team", db_on_delete=SET_NULL, null=True, related_name="+", verbose_name=_("team")
    )
    invited_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="tenants_invite_one_open",
            )
        ]

    personal_data = ("email",)

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > timezone.now()
