from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models.functions import Coalesce, Lower, NullIf, Trim
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from crm.models.identity import Identity

NAMELESS = _("No name yet")
LAST = "\U0010ffff"  # behind every name


class CustomerQuerySet(TenantQuerySet):
    def newest_contact_first(self) -> "CustomerQuerySet":
        """By last contact, those never in contact by when they came."""
        return self.order_by("-last_contact_at", "-id")


class Customer(TenantOwned):
    """A person the business serves, whatever he writes from."""

    name = models.CharField(_("name"), max_length=150, blank=True)
    name_confirmed = models.BooleanField(
        default=False, help_text="A person entered the name: a channel's profile name never replaces it."
    )
    company = models.CharField(_("company"), max_length=150, blank=True)
    company_key = models.GeneratedField(
        expression=Lower(Trim("company")),
        output_field=models.CharField(max_length=150),
        db_persist=True,
        help_text="By which the customers of one company are found: see crm/companies.py.",
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    timezone = models.CharField(_("time zone"), max_length=64, blank=True)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    labels = models.ManyToManyField(
        "crm.Label", through="crm.CustomerLabel", related_name="customers", blank=True
    )
    last_contact_at = models.DateTimeField(help_text="When the customer last wrote; else when he came.")
    last_contact_channel = models.CharField(max_length=20, blank=True)
    merged_into = TenantForeignKey(
        "crm.Customer",
        db_on_delete=SET_NULL,
        null=True,
        related_name="+",
        help_text="Who he turned out to be.",
    )
    links_version = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How often the links to his preference centre were renewed."
    )
    created_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    sort_name = models.GeneratedField(
        expression=Coalesce(
            NullIf(models.Func(models.F("name"), function="crm_plain"), models.Value("")), models.Value(LAST)
        ),
        output_field=models.TextField(),
        db_persist=True,
        help_text="The name without accents and capitals; those without one come last.",
    )

    objects: ClassVar[Any] = TenantManager.of(CustomerQuerySet)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-last_contact_at", "-id"], name="crm_customer_recent"),
            models.Index(fields=["tenant", "-id"], name="crm_customer_newest"),
            models.Index(fields=["tenant", "updated_at", "id"], name="crm_customer_changed"),
            models.Index(fields=["tenant", "-created_at", "-id"], name="crm_customer_came"),
            models.Index(fields=["tenant", "sort_name", "id"], name="crm_customer_name"),
            models.Index(
                fields=["tenant", "language", "-last_contact_at", "-id"], name="crm_customer_language"
            ),
            models.Index(
                fields=["tenant", "last_contact_channel", "-last_contact_at", "-id"],
                name="crm_customer_channel",
            ),
            models.Index(
                fields=["tenant", "company_key", "-id"],
                condition=models.Q(company_key__gt=""),
                name="crm_customer_company",
            ),
            models.Index(
                fields=["tenant", "created_by"],
                condition=models.Q(created_by__isnull=False),
                name="crm_customer_creator",
            ),
            models.Index(
                fields=["tenant", "merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="crm_customer_merged_into",
            ),
        ]

    personal_data = ("name", "company", "attributes", "sort_name")
    if TYPE_CHECKING:
        identities: RelatedManager[Identity]

    def __str__(self) -> str:
        return self.name or str(NAMELESS)
