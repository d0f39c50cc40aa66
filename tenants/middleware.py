"""The business of a request, and the log line of every request."""

import time
from collections.abc import Callable
from typing import Any, cast

import structlog
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation

from tenants import doors, formats
from tenants.actors import Actor
from tenants.db.prepared import prepared
from tenants.models import Membership, Tenant
from tenants.requests import BusinessRequest
from tenants.scoping import entered_scopes, tenant_scope, uuid7

log = structlog.get_logger("puente.web")
Handler = Callable[[HttpRequest], HttpResponse]
SECRETS = {"token", "key", "uidb36"}  # parameters of addresses that let in whoever has them


class RequestLogMiddleware:
    """One line per request, every line of which carries its id and, inside one, the business."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request_id = str(uuid7())
        request.id = request_id  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request=request_id), entered_scopes() as entered:
            response = self.get_response(request)
            if not request.path.startswith(("/static/", "/healthz", "/readyz", "/metrics")):
                log.info(
                    "request",
                    method=request.method,
                    path=loggable_path(request),
                    status=response.status_code,
                    ms=round((time.perf_counter() - started) * 1000, 1),
                    **({"tenant": ",".join(map(str, entered))} if entered else {}),
                )
        response["X-Request-Id"] = request_id
        return response


def loggable_path(request: HttpRequest) -> str:
    """The path, with dots for the secrets that links carry: whoever reads logs may not use them."""
    path, match = request.path, request.resolver_match
    for name, value in match.kwargs.items() if match else ():
        if name in SECRETS and value:
            path = path.replace(str(value), "…")
    return path


class BusinessMiddleware:
    """Runs every view at /b/<slug>/… inside its business, for members only.

    Strangers and unknown addresses get the same 404. Any exception rolls the view's work back.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.tenant = request.membership = request.actor = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if "tenant_slug" not in kwargs or getattr(view, "finds_its_business", False):
            return None
        slug = kwargs.pop("tenant_slug")
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        membership = doors.membership_by_slug(request.user.pk, slug)
        if membership is None:
            raise Http404
        member = cast(BusinessRequest, request)
        with tenant_scope(membership.tenant_id):
            enter(member, membership)
            with (
                translation.override(language_of(member)),
                timezone.override(member.tenant.zone),
                formats.written_in(member.tenant.country),
            ):
                response = view(member, *args, **kwargs)
                if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                    response.render()
                return response


def enter(request: BusinessRequest, membership: Membership) -> None:
    """Give a request its business, member and actor."""
    request.tenant = the_business()[0]
    membership.user, membership.tenant = request.user, request.tenant
    request.membership = membership
    request.actor = Actor.of_membership(membership)


@prepared(Tenant)
def the_business() -> QuerySet[Tenant]:
    """The business whose scope is open."""
    return Tenant.objects.all()


def language_of(request: BusinessRequest) -> str:
    """The person's own language, else the business's."""
    return request.user.language or request.tenant.language
