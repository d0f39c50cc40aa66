"""What every template knows."""

from typing import Any

from django.http import HttpRequest

from tenants import doors


def business(request: HttpRequest) -> dict[str, Any]:
    """The business, the member and, looked up only when shown, the other businesses."""
    tenant = getattr(request, "tenant", None)
    if tenant is None:
        return {}
    return {
        "tenant": tenant,
        "membership": request.membership,
        "actor": request.actor,
        "may": {permission.name: True for permission in request.actor.permissions},
        "other_businesses": lambda: doors.businesses_of(request.membership.user_id),
    }
