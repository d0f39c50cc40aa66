"""Keys of integrators."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants import audit, doors
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.models import ApiKey, DirectoryEntry
from tenants.refusals import Refused

PREFIX = "pt_"
SHOWN = 8  # characters by which people tell their keys apart


class ScopeBeyondOwn(Refused):
    """A key may not do what its maker may not do."""


@transaction.atomic
def create_api_key(*, name: str, scopes: Iterable[str], by: Actor) -> tuple[ApiKey, str]:
    """A new key and its secret, which is shown once; the directory keeps its hash.

    Raises `ScopeBeyondOwn`.
    """
    wanted = sorted({str(scope) for scope in scopes})
    if not set(wanted) <= {str(permission) for permission in by.permissions}:
        raise ScopeBeyondOwn(_("A key cannot be allowed more than you are."))
    secret = doors.new_secret(PREFIX)
    key = ApiKey.objects.create(
        name=one_line(name, 80), prefix=secret[:SHOWN], scopes=wanted, created_by=by.membership
    )
    doors.register(
        DirectoryEntry.Kind.API_KEY, doors.fingerprint(secret), tenant_id=key.tenant_id, target_id=key.id
    )
    audit.record("api_key.created", target=key, by=by, name=key.name, scopes=wanted)
    return key, secret


@transaction.atomic
def revoke_api_key(*, key: ApiKey, by: Actor) -> ApiKey:
    """Stop a key at once, for good."""
    key = ApiKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        doors.close(DirectoryEntry.Kind.API_KEY, tenant_id=key.tenant_id, target_id=key.id)
        audit.record("api_key.revoked", target=key, by=by, name=key.name)
    return key
