from django.db import models

from conversations.models.slow_run import SlowRun
from tenants.db.fields import SET_NULL, TenantForeignKey


def reading_path(reading: "Reading", filename: str) -> str:
    """A path nobody can guess or steer: the name a person gave stays in the row."""
    return f"readings/{reading.id.hex[-2:]}/{reading.id.hex}"


class Reading(SlowRun):
    """A page or a document of the business that a worker reads for drafts of answers; kept for a day."""

    membership = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    url = models.CharField(max_length=2_000, blank=True, help_text="Of a page; empty for a document.")
    name = models.CharField(max_length=200, blank=True, help_text="Of a document.")
    file = models.FileField(upload_to=reading_path, max_length=200, blank=True, help_text="Until it is read.")
    language = models.CharField(max_length=5, help_text="Of the drafts.")
    speaks = models.CharField(max_length=10, help_text="The language of whoever waits, for the problem.")
    drafts = models.JSONField(default=list, help_text="[{question, answer}]")
    problem = models.CharField(max_length=500, blank=True, help_text="Why nothing was found, in a sentence.")

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-id"], name="conv_reading_newest"),
            models.Index(
                fields=["tenant", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="conv_reading_due",
            ),
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.url or self.name
