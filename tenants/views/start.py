"""The first page of a business and its first ten minutes."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tenants import onboarding
from tenants.actions.businesses import dismiss_step
from tenants.decorators import requires
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl


@requires(Permission.CONVERSATIONS_READ)
@require_safe
def home(request: BusinessRequest) -> HttpResponse:
    """The inbox, where the work is."""
    return redirect(f"/b/{request.tenant.slug}/inbox/")


@requires(Permission.SETTINGS_WRITE)
@require_safe
def start(request: BusinessRequest) -> HttpResponse:
    """The checklist of the first ten minutes."""
    return render(request, "tenants/start.html", {"checklist": onboarding.checklist_of(request.tenant)})


@requires(Permission.SETTINGS_WRITE)
@require_safe
def card(request: BusinessRequest) -> HttpResponse:
    """How far the checklist is, for a corner of another page; nothing once it is over."""
    checklist = onboarding.checklist_of(request.tenant)
    if checklist.is_over:
        return HttpResponse(status=200)
    return render(request, "tenants/start.html#card", {"checklist": checklist})


@requires(Permission.SETTINGS_WRITE)
@require_POST
def dismissal(request: BusinessRequest, step: str) -> HttpResponse:
    """Put a step aside."""
    if not onboarding.known(step):
        raise Http404
    dismiss_step(tenant=request.tenant, step=step, by=request.actor)
    return redirect(burl(request, "tenants:start"))
