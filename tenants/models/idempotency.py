from django.db import models

from tenants.scoping import TenantOwned


class IdempotencyRecord(TenantOwned):
    """The answer to a POST that carried an Idempotency-Key, given again when it is repeated."""

    key = models.CharField(max_length=255)
    caller = models.UUIDField(help_text="The API key that sent it.")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body.")
    status = models.PositiveSmallIntegerField()
    response = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "caller", "key"], name="tenants_idempotency_once")
        ]
        indexes = [models.Index(fields=["tenant", "created_at"], name="tenants_idempotency_age")]

    personal_data = ("response",)

    def __str__(self) -> str:
        return self.key
