from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet


class SegmentQuerySet(TenantQuerySet):
    def standing(self) -> "SegmentQuerySet":
        """Those not put away."""
        return self.filter(archived_at=None)


class Segment(TenantOwned):
    """Customers whom a rule describes, or whom somebody put on a list."""

    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("what for"), max_length=300, blank=True)
    is_list = models.BooleanField(default=False, help_text="Put together by hand; it has no rule.")
    rule: Any = models.JSONField(null=True, blank=True, help_text="crm/segments/rules.py says what it is.")
    version = models.PositiveIntegerField(default=1, help_text="Of the rule; each is kept.")
    count = models.PositiveIntegerField(null=True, blank=True, help_text="When it was last gone through.")
    counted_at = models.DateTimeField(null=True, blank=True)
    counted_version = models.PositiveIntegerField(
        default=0, help_text="Of the rule, when it was gone through."
    )
    due_at = models.DateTimeField(null=True, blank=True, help_text="When it is to be gone through again.")
    archived_at = models.DateTimeField(null=True, blank=True)
    created_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[Any] = TenantManager.of(SegmentQuerySet)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_list=True, rule__isnull=True)
                | models.Q(is_list=False, rule__isnull=False),
                name="crm_segment_rule_or_list",
            )
        ]
        indexes = [
            models.Index(
                fields=["tenant", "due_at"],
                condition=models.Q(due_at__isnull=False, archived_at=None),
                name="crm_segment_due",
            )
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


class SegmentVersion(TenantOwned):
    """A rule as it was from some moment on. Never changed."""

    segment = TenantForeignKey(Segment, related_name="versions")
    number = models.PositiveIntegerField()
    rule: Any = models.JSONField()
    made_by_label = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "segment", "number"], name="crm_segmentversion_once")
        ]

    personal_data: tuple[str, ...] = ("made_by_label",)

    def __str__(self) -> str:
        return f"{self.segment_id} {self.number}"


class SegmentMember(TenantOwned):
    """Who is on a list; of a rule, who was in when it was last gone through."""

    segment = TenantForeignKey(Segment, related_name="members")
    customer = TenantForeignKey("crm.Customer", related_name="segment_links")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "segment", "customer"], name="crm_segmentmember_once")
        ]
        indexes = [models.Index(fields=["tenant", "customer"], name="crm_segmentmember_customer")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.segment_id} {self.customer_id}"


class SegmentChange(TenantOwned):
    """That somebody entered a segment, or left it."""

    class Reason(models.TextChoices):
        CUSTOMER = "customer", _("The customer changed")
        RULE = "rule", _("The rule changed")
        HAND = "hand", _("By hand")

    segment = TenantForeignKey(Segment, related_name="changes")
    customer = TenantForeignKey("crm.Customer", related_name="segment_changes")
    entered = models.BooleanField()
    reason = models.CharField(max_length=10, choices=Reason, default=Reason.CUSTOMER)
    happened_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "segment", "-happened_at", "-id"], name="crm_segmentchange_newest"
            ),
            models.Index(fields=["tenant", "customer"], name="crm_segmentchange_customer"),
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.segment_id} {self.customer_id}"
