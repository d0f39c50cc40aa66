from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


class ApiKey(TenantOwned):
    """A key of an integrator. Its hash lies in the directory; the key itself is shown once."""

    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"))
    created_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name
