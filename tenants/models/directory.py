from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.db.constraints import DirectoryIsolation


class DirectoryEntry(models.Model):
    """How a business is found before it is set: what a visitor brings, and where it leads.

    Read by `doors` before any business is known, written only by its business. Secrets are here as
    SHA-256 only.
    """

    class Kind(models.TextChoices):
        SLUG = "slug", _("business address")
        API_KEY = "api_key", _("API key")
        INVITE = "invite", _("invitation")
        LOGIN = "login", _("log-in link")
        RATING = "rating", _("rating link")
        PREFERENCES = "preferences", _("preference centre")
        CONSENT = "consent", _("link that confirms a consent")
        CHANNEL = "channel", _("channel")
        ADDRESS = "address", _("vendor's address")

    kind = models.CharField(max_length=20, choices=Kind)
    key = models.CharField(max_length=255)
    tenant_id = models.UUIDField()
    target_id = models.UUIDField(null=True, blank=True)
    label = models.CharField(max_length=150, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="tenants_directory_once"),
            DirectoryIsolation(name="tenants_directory_isolation"),
        ]
        indexes = [models.Index(fields=["tenant_id", "kind"], name="tenants_directory_tenant")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind} → {self.tenant_id}"


class JobRun(models.Model):
    """A periodic job's turn: unique, so that two schedulers run it once."""

    job = models.CharField(max_length=60)
    slot = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="tenants_jobrun_once")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.job} {self.slot}"
