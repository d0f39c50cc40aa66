from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet


class ProductQuerySet(TenantQuerySet):
    def sold(self) -> "ProductQuerySet":
        """Those that are still sold."""
        return self.filter(is_active=True)


class Product(TenantOwned):
    """Something the business sells. `source` and `external_id` name it in the system it comes from."""

    source = models.CharField(_("system"), max_length=40, default="manual")
    external_id = models.CharField(_("identifier there"), max_length=120)
    name = models.CharField(_("name"), max_length=150)
    aliases = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    sku = models.CharField(_("code"), max_length=60, blank=True)
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    stock = models.IntegerField(_("in stock"), null=True, blank=True, help_text="Null is not counted.")
    url = models.URLField(_("page"), max_length=500, blank=True)
    is_active = models.BooleanField(_("sold"), default=True)
    words = models.TextField(editable=False, help_text="Name, code and aliases, bare: what it is found by.")
    named_at = models.DateTimeField(default=timezone.now, help_text="When what it is found by changed last.")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = TenantManager.of(ProductQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "source", "external_id"], name="crm_product_once")
        ]
        indexes = [
            models.Index(fields=["tenant", "name", "id"], name="crm_product_by_name"),
            models.Index(fields=["tenant", "-updated_at", "-id"], name="crm_product_latest"),
            models.Index(fields=["tenant", "sku"], name="crm_product_sku"),
            models.Index(fields=["tenant", "named_at"], name="crm_product_named"),
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name
