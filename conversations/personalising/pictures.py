"""Where a mail's pictures lie: at an address that nobody can guess, open to whoever has the mail."""

import base64
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from tenants.models import Tenant

SALT = "conversations.pictures"
LENGTH = 27  # characters of base64: more than 128 bits


def secret_of(tenant_id: UUID, file_id: UUID) -> str:
    """What the address of a picture carries."""
    digest = salted_hmac(SALT, f"{tenant_id}:{file_id}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode()[:LENGTH]


def is_secret(tenant_id: UUID, file_id: UUID, secret: str) -> bool:
    """Whether an address is one of ours."""
    return constant_time_compare(secret_of(tenant_id, file_id), secret)


def address(tenant: Tenant, file_id: UUID) -> str:
    """The whole address, for a mail."""
    path = reverse("pictures:picture", args=[tenant.slug, file_id, secret_of(tenant.pk, file_id)])
    return f"{settings.BASE_URL}{path}"
