"""What a key may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import MethodNotAllowed, PermissionDenied
from rest_framework.permissions import BasePermission

from tenants.permissions import Permission

if TYPE_CHECKING:
    from rest_framework.views import APIView  # REST framework's settings load this module first


class HasScope(BasePermission):
    """The key has the scope that the view names for the method in `required_scopes`.

    A method that is not named there does not exist.
    """

    def has_permission(self, request: Any, view: APIView) -> bool:
        """Raises `MethodNotAllowed`, and `PermissionDenied` that names what lacks."""
        method = "GET" if request.method == "HEAD" else request.method
        scopes: dict[str, Permission] = getattr(view, "required_scopes", {})
        if method not in scopes or getattr(view, "action", method) is None:
            raise MethodNotAllowed(str(request.method))
        scope = scopes[method]
        if not request.actor.can(scope):
            raise PermissionDenied(_("This key lacks the scope %(scope)s.") % {"scope": scope.value})
        return True
