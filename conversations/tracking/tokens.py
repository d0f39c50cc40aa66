"""What the links of a mail carry: its business and recipient, signed, without a row for each mail."""

import base64
from uuid import UUID

from tenants import doors
from tenants.doors import Door

MAIL, TARGET = "mail link", "link target"


def token(tenant_id: UUID, recipient_id: UUID) -> str:
    """What all links of one mail carry."""
    return doors.signed(MAIL, tenant_id=tenant_id, target_id=recipient_id)


def read(given: str) -> Door | None:
    """Business and recipient of a token; None for what we did not sign."""
    return doors.by_signed(MAIL, given)


def seal(given: str, number: int, target: str) -> str:
    """The signature of an address that was filled in for one mail: this token, link and address alone."""
    return base64.urlsafe_b64encode(doors.signature(TARGET, _sealed(given, number, target))).decode()[:22]


def is_sealed(given: str, number: int, target: str, by: str) -> bool:
    """Whether we made this link."""
    try:
        mac = base64.b64decode(f"{by}==", altchars=b"-_", validate=True)
    except ValueError:
        return False
    return doors.is_signed(TARGET, _sealed(given, number, target), mac)


def _sealed(given: str, number: int, target: str) -> bytes:
    return f"{given}/{number}/{target}".encode("utf-8", "surrogatepass")
