from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.consent import Medium
from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet

LONGEST_LASTING = 120  # months


class Covers(models.TextChoices):
    """How much a suppressed address is spared."""

    ALL = "all", _("Everything")
    UNASKED = "unasked", _("Offers and surveys")
    PROMOTION = "promotion", _("Offers")


class ConsentPolicy(TenantOwned):
    """What a business wants of consent. Empty texts mean ours, in the customer's language."""

    confirmed_media = ArrayField(
        models.CharField(max_length=20, choices=Medium), verbose_name=_("ask twice"), default=list, blank=True
    )
    months = models.PositiveSmallIntegerField(
        _("runs out after (months)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_LASTING)],
    )
    surveys_need_consent = models.BooleanField(_("send surveys only with consent"), default=False)
    promotion_text = models.CharField(_("what customers agree to for offers"), max_length=500, blank=True)
    survey_text = models.CharField(_("what customers agree to for surveys"), max_length=500, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="crm_consentpolicy_one")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return str(self.pk)


class SuppressionQuerySet(TenantQuerySet):
    def standing(self) -> "SuppressionQuerySet":
        """Those that nobody has lifted."""
        return self.filter(lifted_at=None)


class Suppression(TenantOwned):
    """An address to which the business does not write, whoever has it now or will have it.

    `value` is the canonical form (crm/identities.py); phone numbers are one kind, whatever uses them. A
    lifted one stays, with who lifted it and why.
    """

    class Reason(models.TextChoices):
        BOUNCE = "bounce", _("Mail to it comes back")
        COMPLAINT = "complaint", _("Reported a mail as spam")
        UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
        BY_HAND = "by_hand", _("Added by a colleague")

    kind = models.CharField(
        _("kind"), max_length=20, help_text="email, phone, telegram, instagram, messenger"
    )
    value = models.CharField(_("address"), max_length=255)
    reason = models.CharField(_("why"), max_length=15, choices=Reason)
    covers = models.CharField(_("is not sent"), max_length=10, choices=Covers)
    note = models.CharField(_("note"), max_length=300, blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    added_by_label = models.CharField(max_length=150, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by_label = models.CharField(max_length=150, blank=True)
    lifted_why = models.CharField(max_length=300, blank=True)

    objects: ClassVar[Any] = TenantManager.of(SuppressionQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "kind", "value", "reason"],
                condition=models.Q(lifted_at=None),
                name="crm_suppression_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["tenant", "-id"], condition=models.Q(lifted_at=None), name="crm_suppression_newest"
            )
        ]

    personal_data = ("value", "note", "added_by_label", "lifted_by_label", "lifted_why")

    def __str__(self) -> str:
        return f"{self.kind} {self.reason}"


class ExclusionListQuerySet(TenantQuerySet):
    def kept(self) -> "ExclusionListQuerySet":
        """Those that nobody has deleted."""
        return self.filter(removed_at=None)


class ExclusionList(TenantOwned):
    """A list of addresses made elsewhere, such as REPEP: its current version holds who is not written to."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone numbers")
        EMAIL = "email", _("E-mail addresses")

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("what is in it"), max_length=10, choices=Kind, default=Kind.PHONE)
    covers = models.CharField(_("is not sent"), max_length=10, choices=Covers, default=Covers.PROMOTION)
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.of(ExclusionListQuerySet)

    class Meta:
        indexes = [models.Index(fields=["tenant", "-id"], name="crm_exclusionlist_newest")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


def list_path(version: "ExclusionVersion", filename: str) -> str:
    """A path nobody can guess or steer."""
    return f"exclusions/{version.id.hex[-2:]}/{version.id.hex}"


class ExclusionVersion(TenantOwned):
    """One upload of an exclusion list, and how far a worker has read it. The latest whole one is current."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        READING = "reading", _("Being read")
        DONE = "done", _("Read")
        FAILED = "failed", _("Not readable")
        CANCELLED = "cancelled", _("Cancelled")

    exclusion_list = TenantForeignKey("crm.ExclusionList", related_name="versions")
    file = models.FileField(upload_to=list_path, max_length=200, blank=True)
    file_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    is_current = models.BooleanField(default=False)
    layout = models.JSONField(
        default=dict, blank=True, help_text="Encoding, delimiter and column, once known."
    )
    lines = models.PositiveIntegerField(default=0)
    bytes_read = models.PositiveBigIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    doubled = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    refused_lines = models.JSONField(
        default=list, blank=True, help_text="The first lines not understood: number and text."
    )
    problem = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    uploaded_by_label = models.CharField(max_length=150, blank=True)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "exclusion_list"],
                condition=models.Q(is_current=True),
                name="crm_exclusionversion_current",
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "exclusion_list", "-id"], name="crm_exclusionversion_newest"),
            models.Index(
                fields=["tenant", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="crm_exclusionversion_due",
            ),
        ]

    personal_data = ("file", "file_name", "refused_lines", "uploaded_by_label")

    def __str__(self) -> str:
        return f"{self.file_name} {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be read to its end."""
        return self.state in {self.State.WAITING, self.State.READING}

    @property
    def tone(self) -> str:
        """The colour of its state."""
        tones = {self.State.DONE: "success", self.State.FAILED: "danger", self.State.CANCELLED: "grey"}
        return tones.get(self.State(self.state), "info")

    @property
    def percent(self) -> int:
        """How far the file has been read."""
        return 100 if self.state == self.State.DONE else min(99, self.bytes_read * 100 // max(self.size, 1))


class ExclusionEntry(TenantOwned):
    """One address of a version, in its canonical form."""

    version = TenantForeignKey("crm.ExclusionVersion", related_name="entries")
    value = models.CharField(max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "version", "value"], name="crm_exclusionentry_once")
        ]

    personal_data = ("value",)

    def __str__(self) -> str:
        return str(self.version_id)
