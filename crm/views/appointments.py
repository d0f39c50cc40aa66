"""Who comes when."""

from datetime import datetime, time

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm import queries
from crm.models import Appointment
from tenants import live
from tenants.decorators import requires
from tenants.kit import cursors
from tenants.kit.cursors import BadCursor
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

VIEWS = ("ahead", "past")
AT_ONCE = 50


@requires(Permission.ORDERS_READ)
@require_safe
def appointments(request: BusinessRequest) -> HttpResponse:
    """From today on, by day; or those before, the latest first; of the customers whom a search means."""
    since = live.last_id(request.tenant.pk)
    view, status, q = (request.GET.get(name, "").strip() for name in ("view", "status", "q"))
    view, status = view if view in VIEWS else "ahead", status if status in Appointment.Status.values else ""
    today = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    found = queries.of_visible_customers(Appointment.objects.all(), request.actor)
    found = found.filter(starts_at__lt=today) if view == "past" else found.filter(starts_at__gte=today)
    if status:
        found = found.filter(status=status)
    if q:
        found = found.filter(customer__in=queries.search_ids(q, request.actor, queries.MOST_FOUND))
    ordering = ("-starts_at", "-id") if view == "past" else ("starts_at", "id")
    try:
        page = cursors.page(
            found.select_related("customer"),
            ordering=ordering,
            limit=AT_ONCE,
            cursor=request.GET.get("cursor", ""),
        )
    except BadCursor:
        return redirect(burl(request, "crm:appointments"))
    context = {
        "page": page,
        "view": view,
        "status": status,
        "statuses": Appointment.Status.choices,
        "q": q,
        "since": since,
    }
    return render(request, "crm/appointments.html", context)
