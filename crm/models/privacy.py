"""What the law asks of who keeps people's data: notices, requests, archives, erasure, retention."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet


class PrivacyNotice(TenantOwned):
    """One version of the privacy notice, a text per language. Once published it never changes.

    The database refuses any change of a published one (crm/migrations, `crm_notice_stands`).
    """

    version = models.PositiveIntegerField(_("version"))
    texts = models.JSONField(_("text"), default=dict, help_text="The words by language: es, pt-br, en.")
    published_at = models.DateTimeField(null=True, blank=True, help_text="Null is a draft.")
    published_by_label = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "version"], name="crm_notice_version"),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(published_at=None), name="crm_notice_one_draft"
            ),
        ]

    personal_data = ("published_by_label",)

    def __str__(self) -> str:
        return f"{self.version}"


def answer_path(request: "PrivacyRequest", filename: str) -> str:
    """A path nobody can guess or steer: the name a person gave stays in the row."""
    return f"privacy/{request.id.hex[-2:]}/{request.id.hex}"


class PrivacyRequestQuerySet(TenantQuerySet):
    def open(self) -> "PrivacyRequestQuerySet":
        """Those whose first clock still runs."""
        return self.filter(closed_at=None)


class PrivacyRequest(TenantOwned):
    """Somebody asks what is known of him, or to correct, cancel or stop it, and the law counts the days."""

    class Right(models.TextChoices):
        ACCESS = "access", _("Access")
        RECTIFICATION = "rectification", _("Rectification")
        CANCELLATION = "cancellation", _("Cancellation or erasure")
        OPPOSITION = "opposition", _("Opposition")
        PORTABILITY = "portability", _("Portability")
        WITHDRAWAL = "withdrawal", _("Withdrawal of consent")

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        CHECKING = "checking", _("Identity to be checked")
        WORKING = "working", _("In work")
        ANSWERED = "answered", _("Answered")
        REFUSED = "refused", _("Refused")

    class Source(models.TextChoices):
        FORM = "form", _("Form on the privacy page")
        AGENT = "agent", _("Written down by a colleague")
        API = "api", _("Another system")

    class Ground(models.TextChoices):
        """Why the law lets a business refuse (LFPDPPP 2025, LGPD; their articles were not compared)."""

        NOT_HOLDER = "not_holder", _("Not the person concerned, or without proof of standing for him")
        NOT_HELD = "not_held", _("Nothing is kept about him")
        OTHERS = "others", _("Would harm the rights of somebody else")
        DUTY = "duty", _("A law or an authority obliges to keep it")
        DONE = "done", _("Was done before")

    customer = TenantForeignKey(
        "crm.Customer", db_on_delete=SET_NULL, null=True, related_name="privacy_requests"
    )
    right = models.CharField(_("what is asked"), max_length=15, choices=Right)
    name = models.CharField(_("name"), max_length=150)
    contact = models.CharField(_("e-mail or phone"), max_length=255, help_text="Where to answer.")
    text = models.TextField(_("in his own words"), max_length=5_000, blank=True)
    source = models.CharField(max_length=10, choices=Source)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVED)
    country = models.CharField(max_length=2, help_text="Whose law counts the days.")
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    answer_by = models.DateField(_("answer by"), help_text="The last day the law gives.")
    identity_checked_at = models.DateTimeField(null=True, blank=True)
    identity_checked_by_label = models.CharField(max_length=150, blank=True)
    identity_note = models.CharField(_("how the identity was checked"), max_length=500, blank=True)
    responsible = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    reminded_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="Answered or refused.")
    answer = models.TextField(_("answer"), max_length=10_000, blank=True)
    answer_file = models.FileField(upload_to=answer_path, max_length=200, blank=True)
    answer_file_name = models.CharField(max_length=200, blank=True)
    ground = models.CharField(_("legal reason"), max_length=12, choices=Ground, blank=True)
    carry_out_by = models.DateField(_("carry out by"), null=True, blank=True)
    carried_out_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.of(PrivacyRequestQuerySet)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["answered", "refused"], closed_at__isnull=False)
                | (~models.Q(state__in=["answered", "refused"]) & models.Q(closed_at=None)),
                name="crm_privacyrequest_closed",
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "-id"], name="crm_privacyrequest_newest"),
            models.Index(
                fields=["tenant", "answer_by", "id"],
                condition=models.Q(closed_at=None),
                name="crm_privacyrequest_due",
            ),
            models.Index(fields=["tenant", "customer", "-id"], name="crm_privacyrequest_customer"),
        ]

    personal_data = (
        "name",
        "contact",
        "text",
        "identity_note",
        "identity_checked_by_label",
        "answer",
        "answer_file",
        "answer_file_name",
    )

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """How people name it in letters."""
        return self.id.hex[-8:].upper()

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


def archive_path(archive: "CustomerArchive", filename: str) -> str:
    """A path nobody can guess or steer."""
    return f"archives/{archive.id.hex[-2:]}/{archive.id.hex}"


class CustomerArchive(TenantOwned):
    """Everything known of one customer, put into one file by a worker; gone after a while."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being put together")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be made")
        EXPIRED = "expired", _("No longer kept")

    customer = TenantForeignKey("crm.Customer", related_name="archives")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    file = models.FileField(upload_to=archive_path, max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    done = models.PositiveIntegerField(default=0, help_text="Rows written so far.")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(
        default=timezone.now, null=True, help_text="When to try next; null is settled."
    )
    made_by = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    made_by_label = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "customer", "-id"], name="crm_archive_customer"),
            models.Index(
                fields=["tenant", "due_at"], condition=models.Q(due_at__isnull=False), name="crm_archive_due"
            ),
            models.Index(
                fields=["tenant", "expires_at"], condition=models.Q(state="ready"), name="crm_archive_expiry"
            ),
        ]

    personal_data = ("file", "made_by_label")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.state}"


class Erasure(TenantOwned):
    """A customer to be forgotten: planned, and after a while irreversible. Counts are what remains."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("Being erased")
        DONE = "done", _("Erased")
        CANCELLED = "cancelled", _("Cancelled")

    class Reason(models.TextChoices):
        ASKED = "asked", _("The customer asked for it")
        RETENTION = "retention", _("No contact for longer than the rule allows")
        AGAIN = "again", _("Erased before and came back with old data")
        OTHER = "other", _("Decided by the business")

    customer = TenantForeignKey("crm.Customer", db_on_delete=SET_NULL, null=True, related_name="erasures")
    request = TenantForeignKey(
        "crm.PrivacyRequest", db_on_delete=SET_NULL, null=True, related_name="erasures"
    )
    reason = models.CharField(_("why"), max_length=10, choices=Reason, default=Reason.ASKED)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by_label = models.CharField(max_length=150, blank=True)
    due_at = models.DateTimeField(null=True, help_text="From when on it cannot be taken back.")
    done_at = models.DateTimeField(null=True, blank=True)
    removed = models.JSONField(default=dict, help_text="How many rows went, by table.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "customer"],
                condition=models.Q(state__in=["planned", "running"]),
                name="crm_erasure_one",
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "-id"], name="crm_erasure_newest"),
            models.Index(
                fields=["tenant", "due_at"],
                condition=models.Q(state__in=["planned", "running"]),
                name="crm_erasure_due",
            ),
        ]

    personal_data = ("asked_by_label",)

    def __str__(self) -> str:
        return f"{self.state} {self.asked_at:%Y-%m-%d}"


class Tombstone(TenantOwned):
    """The keyed hash of an address whose owner was erased: enough to know it again, not to read it."""

    digest = models.CharField(max_length=64, help_text="HMAC-SHA-256 of kind and address in hex.")
    erased_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "digest"], name="crm_tombstone_once")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.digest[:8]


class ErasedTotal(TenantOwned):
    """How many rows of a kind were erased, by the month they were of: what statistics still count."""

    what = models.CharField(max_length=60, help_text="The table, as `app.model`.")
    month = models.DateField(help_text="Its first day.")
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "what", "month"], name="crm_erasedtotal_once")
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.what} {self.month:%Y-%m} {self.number}"


class RetentionRule(TenantOwned):
    """How long something is kept. Off until somebody switches it on."""

    class Kind(models.TextChoices):
        CONVERSATIONS = "conversations", _("What was said in closed conversations")
        FILES = "files", _("Files of messages")
        INBOUND = "inbound", _("Raw messages as they arrived")
        CUSTOMERS = "customers", _("Customers without contact")

    kind = models.CharField(max_length=15, choices=Kind)
    is_on = models.BooleanField(default=False)
    days = models.PositiveIntegerField(_("days"))
    run_at = models.DateTimeField(null=True, blank=True, help_text="When it was last applied.")
    removed = models.PositiveBigIntegerField(default=0, help_text="How much it has removed so far.")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "kind"], name="crm_retention_kind")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.days}"
