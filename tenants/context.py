"""What every template knows."""

from typing import Any, cast

from django.http import HttpRequest

from tenants import doors
from tenants.requests import BusinessRequest


def business(request: HttpRequest) -> dict[str, Any]:
    """The business, the member and, looked up only when shown, the other businesses."""
    tenant = getattr(request, "tenant", None)
    if tenant is None:
        return {}
    request = cast(BusinessRequest, request)
    return {
        "tenant": tenant,
        "membership": request.membership,
        "actor": request.actor,
        "may": {permission.name: True for permission in request.actor.permissions},
        "other_businesses": lambda: tuple(doors.businesses_of(request.membership.user_id)),
    }
