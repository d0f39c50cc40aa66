"""What stands before a view of a business."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse

from tenants import security_log
from tenants.permissions import Permission
from tenants.requests import BusinessRequest

View = Callable[..., HttpResponse]


def requires(permission: Permission) -> Callable[[View], View]:
    """Let only members with a permission pass. Strangers got 404 before (BusinessMiddleware)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: BusinessRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.actor.can(permission):
                security_log.tell("refused", request, request.user.pk)
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.requires = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def get_or_404(queryset: QuerySet[Any], object_id: UUID) -> Any:
    """The object, or 404 alike for what does not exist and what one may not see."""
    found = queryset.filter(pk=object_id).first()
    if found is None:
        raise Http404
    return found
