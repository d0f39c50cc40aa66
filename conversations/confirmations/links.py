"""The links in what is said of an appointment: each names its business and message, signed, without a row."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from tenants import doors
from tenants.doors import Door

PURPOSE = "appointment link"


def token(tenant_id: UUID, confirmation_id: UUID) -> str:
    """What all links of one message carry."""
    return doors.signed(PURPOSE, tenant_id=tenant_id, target_id=confirmation_id)


def read(given: str) -> Door | None:
    """Business and message of a token; None for what we did not sign."""
    return doors.by_signed(PURPOSE, given)


def of(tenant_id: UUID, confirmation_id: UUID) -> dict[str, str]:
    """The links by the names under which texts know them."""
    secret = token(tenant_id, confirmation_id)
    page = settings.BASE_URL + reverse("appointment:page", args=[secret])
    return {
        "links.confirm": f"{page}?do=confirm",
        "links.cancel": f"{page}?do=cancel",
        "links.reschedule": f"{page}?do=move",
        "links.calendar": f"{page}calendar.ics",
    }
