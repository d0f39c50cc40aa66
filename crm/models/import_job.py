from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


def import_path(job: "Import", filename: str) -> str:
    """A path nobody can guess or steer: the name a person gave stays in the row."""
    return f"imports/{job.id.hex[-2:]}/{job.id.hex}"


class Import(TenantOwned):
    """A file of customers, orders, appointments or consents on its way into the business."""

    class Target(models.TextChoices):
        CUSTOMERS = "customers", _("Customers")
        ORDERS = "orders", _("Orders")
        APPOINTMENTS = "appointments", _("Appointments")
        CONSENTS = "consents", _("Consents")

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        READY = "ready", _("Waiting for its columns")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked, not imported yet")
        RUNNING = "running", _("Being imported")
        DONE = "done", _("Imported")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")
        UNDOING = "undoing", _("Being taken back")
        UNDONE = "undone", _("Taken back")

    target = models.CharField(_("what it holds"), max_length=20, choices=Target, default=Target.CUSTOMERS)
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    name = models.CharField(_("file"), max_length=200)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    file = models.FileField(upload_to=import_path, max_length=200, blank=True)
    rows_file = models.FileField(max_length=200, blank=True, help_text="The rows as they were read.")
    problems_file = models.FileField(max_length=200, blank=True, help_text="The rows that were refused.")
    format = models.JSONField(default=dict, help_text="Kind, encoding, delimiter, sheet, header.")
    columns = models.JSONField(default=list, help_text="The words over the columns.")
    sample = models.JSONField(default=list, help_text="The first rows as they were read.")
    signature = models.CharField(max_length=64, blank=True, help_text="Hash of the words over the columns.")
    mapping = models.JSONField(default=list, help_text="What each column is; empty strings are left out.")
    options = models.JSONField(
        default=dict, help_text="Key, empty cells, conflicts, repeated rows, refusals."
    )
    total = models.PositiveIntegerField(default=0, help_text="Rows of the file.")
    position = models.PositiveIntegerField(default=0, help_text="Rows dealt with in this state.")
    byte_position = models.PositiveBigIntegerField(default=0, help_text="The same in the file of rows.")
    checked = models.JSONField(default=dict, help_text="What the trial said would become of the rows.")
    counts = models.JSONField(default=dict, help_text="What became of the rows.")
    made = models.JSONField(default=dict, help_text="Labels and facts that were defined for it.")
    reason = models.CharField(max_length=300, blank=True, help_text="Code of why it failed.")
    membership = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    api_key = TenantForeignKey("tenants.ApiKey", db_on_delete=SET_NULL, null=True, related_name="+")
    made_by_label = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="When a worker looks at it again.")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-id"], name="crm_import_newest"),
            models.Index(
                fields=["tenant", "due_at"], condition=models.Q(due_at__isnull=False), name="crm_import_due"
            ),
        ]

    personal_data = ("file", "rows_file", "problems_file", "sample", "made_by_label")

    def __str__(self) -> str:
        return self.name


class ImportChunk(TenantOwned):
    """Some rows of an import, dealt with in one transaction: what was refused, and what it takes to undo."""

    job = TenantForeignKey(Import, related_name="chunks")
    is_trial = models.BooleanField(default=False)
    number = models.PositiveIntegerField()
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list, help_text="[row, [[code, column, value], …]] of refused rows.")
    journal = models.JSONField(default=dict, help_text="What was made and changed, from what to what.")
    seen = models.BinaryField(default=bytes, help_text="Hashes of the keys of its rows, eight bytes each.")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "job", "is_trial", "number"], name="crm_importchunk_once"
            )
        ]

    personal_data = ("problems", "journal")

    def __str__(self) -> str:
        return f"{self.job_id} {self.number}"


class ImportMapping(TenantOwned):
    """What the columns of a kind of file are, as somebody said once: remembered by the words over them."""

    target = models.CharField(max_length=20, choices=Import.Target)
    signature = models.CharField(max_length=64)
    mapping = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "target", "signature"], name="crm_importmapping_once")
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.target} {self.signature[:8]}"
