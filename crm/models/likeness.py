from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


class Likeness(TenantOwned):
    """Two customers who may be one person, why, and what a colleague said of it.

    The pair is kept once, the lower identifier first.
    """

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("Probably the same")
        SAME = "same", _("The same person")
        DIFFERENT = "different", _("Not the same")

    first = TenantForeignKey("crm.Customer", related_name="+")
    second = TenantForeignKey("crm.Customer", related_name="+")
    reasons = models.JSONField(default=list, help_text="Each with its `why` and the `value` they share.")
    score = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How sure it is, from 0 to 100."
    )
    is_certain = models.BooleanField(
        default=False, db_default=False, help_text="They share an address that was shown to be theirs."
    )
    state = models.CharField(max_length=10, choices=State, default=State.SUGGESTED)
    decided_by_label = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "first", "second"], name="crm_likeness_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="crm_likeness_ordered"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "second", "state"], name="crm_likeness_second"),
            models.Index(fields=["tenant", "state", "-score", "-id"], name="crm_likeness_best"),
        ]

    personal_data = ("reasons", "decided_by_label")

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id} {self.state}"


class CustomerMerge(TenantOwned):
    """Two customers made one: what moved from `source` to `target`, and what it takes to undo it."""

    source = TenantForeignKey("crm.Customer", related_name="merges_away")
    target = TenantForeignKey("crm.Customer", related_name="merges_here")
    before = models.JSONField(default=dict, help_text="Fields of both as they were.")
    after = models.JSONField(default=dict, help_text="Fields of the target as they were made.")
    moved = models.JSONField(default=dict, help_text="Identifiers of the rows that moved, by table.")
    swapped = models.JSONField(
        default=list,
        help_text="Preferences of both about one topic: the source's, and the target's it got for it.",
    )
    consents = models.JSONField(default=dict, help_text="What stood for both: crm/actions/consents.py.")
    fields = models.JSONField(default=dict, help_text="Whose value was chosen, where somebody chose.")
    batch = models.UUIDField(null=True, blank=True, help_text="Those that one press of a button made one.")
    made_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    made_by_label = models.CharField(max_length=150, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "target", "-id"], name="crm_merge_target"),
            models.Index(fields=["tenant", "source", "-id"], name="crm_merge_source"),
            models.Index(
                fields=["tenant", "batch"], condition=models.Q(batch__isnull=False), name="crm_merge_batch"
            ),
        ]

    personal_data = ("before", "after", "made_by_label")

    def __str__(self) -> str:
        return f"{self.source_id} {self.target_id}"


class LikenessKey(TenantOwned):
    """A key under which a customer is looked up by those who may be he: crm/duplicates/keys.py."""

    customer = TenantForeignKey("crm.Customer", related_name="+")
    key = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key", "customer"], name="crm_likenesskey_once")
        ]
        indexes = [models.Index(fields=["tenant", "customer"], name="crm_likenesskey_customer")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.key}"


class LikenessScan(TenantOwned):
    """How far a business's customers have been compared, in the order in which they changed."""

    changed_until = models.DateTimeField(help_text="When the last who was looked at had changed.")
    after_id = models.UUIDField(null=True, blank=True, help_text="Which of those that changed then.")
    orders_until = models.UUIDField(
        null=True, blank=True, help_text="The last order whose customer was looked at because of it."
    )
    started_at = models.DateTimeField(null=True, blank=True, help_text="When looking at all began.")
    finished_at = models.DateTimeField(null=True, blank=True)
    looked = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="crm_likenessscan_one")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.looked}/{self.total}"
