"""Settings of the business itself: profile, hours, holidays, days of their own."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tenants import hours, queries, zones
from tenants.actions.businesses import delete_special_day, set_special_day, update_business
from tenants.decorators import get_or_404, requires
from tenants.forms import HolidaysForm, HoursForm, ProfileForm, SpecialDayForm
from tenants.models import SpecialDay, Tenant
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.settings_nav import places_for
from tenants.urls_tools import burl

A_WEEK = timedelta(days=6)  # within it the name of the day says enough


@require_safe
def settings(request: BusinessRequest) -> HttpResponse:
    """The first place of the settings this person may see."""
    places = places_for(request.actor)
    if not places:
        raise Http404
    return redirect(burl(request, places[0].url_name))


@requires(Permission.SETTINGS_WRITE)
def business(request: BusinessRequest) -> HttpResponse:
    """Name, country and everything that follows from it."""
    form = ProfileForm(request.POST or None, instance=Tenant.objects.get())
    if request.method == "POST" and form.is_valid():
        update_business(tenant=request.tenant, by=request.actor, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(burl(request, "tenants:business"))
    return render(request, "tenants/business.html", {"form": form}, status=422 if form.is_bound else 200)


@requires(Permission.SETTINGS_WRITE)
def opening_hours(request: BusinessRequest) -> HttpResponse:
    """The week, the holidays and the days of their own."""
    form = HoursForm(request.POST or None, initial=request.tenant.hours)
    if request.method == "POST" and form.is_valid():
        update_business(tenant=request.tenant, by=request.actor, hours=form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(burl(request, "tenants:hours"))
    return _hours_page(request, form=form)


@requires(Permission.SETTINGS_WRITE)
@require_POST
def holidays(request: BusinessRequest) -> HttpResponse:
    """Keep public holidays, or not."""
    form = HolidaysForm(request.POST, instance=Tenant.objects.get())
    form.is_valid()
    update_business(tenant=request.tenant, by=request.actor, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect(burl(request, "tenants:hours"))


@requires(Permission.SETTINGS_WRITE)
@require_POST
def special_day_new(request: BusinessRequest) -> HttpResponse:
    """A date with hours of its own."""
    form = SpecialDayForm(request.POST)
    if not form.is_valid():
        return _hours_page(request, special_form=form)
    set_special_day(special_day=form.save(commit=False), by=request.actor)
    messages.success(request, _("Saved."))
    return redirect(burl(request, "tenants:hours"))


@requires(Permission.SETTINGS_WRITE)
def special_day(request: BusinessRequest, special_day_id: UUID) -> HttpResponse:
    """Change a day of its own."""
    found = get_or_404(SpecialDay.objects.all(), special_day_id)
    form = SpecialDayForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        set_special_day(special_day=form.save(commit=False), by=request.actor)
        messages.success(request, _("Saved."))
        return redirect(burl(request, "tenants:hours"))
    context = {"form": form, "special_day": found}
    return render(request, "tenants/special_day.html", context, status=422 if form.is_bound else 200)


@requires(Permission.SETTINGS_WRITE)
@require_POST
def special_day_deletion(request: BusinessRequest, special_day_id: UUID) -> HttpResponse:
    """Let a day be ordinary again."""
    delete_special_day(special_day=get_or_404(SpecialDay.objects.all(), special_day_id), by=request.actor)
    messages.success(request, _("Removed."))
    return redirect(burl(request, "tenants:hours"))


def _hours_page(
    request: BusinessRequest, form: HoursForm | None = None, special_form: SpecialDayForm | None = None
) -> HttpResponse:
    days = list(queries.special_days())
    calendar = hours.calendar_of(request.tenant, days)
    now = timezone.now()
    opening = hours.next_opening(calendar, now)
    is_near = opening is not None and opening - now < A_WEEK
    context: dict[str, Any] = {
        "form": form or HoursForm(initial=request.tenant.hours),
        "special_form": special_form or SpecialDayForm(),
        "special_days": days,
        "is_open": hours.is_open_at(calendar, now),
        "today": hours.today(calendar, now),
        "opens_on": opening if is_near and opening != now else None,
        "opens_later": None if is_near else opening,
        "zone": zones.label(request.tenant.timezone),
        "year": timezone.localdate().year,
        "holidays": _holidays_of(request.tenant, timezone.localdate()),
    }
    failed = any(candidate is not None and candidate.is_bound for candidate in (form, special_form))
    return render(request, "tenants/hours.html", context, status=422 if failed else 200)


def _holidays_of(tenant: Tenant, today: date) -> list[dict[str, Any]]:
    found = hours.public_holidays(tenant.country, tenant.region, today.year, tenant.language)
    return [{"date": on, "name": name, "is_past": on < today} for on, name in found.items()]
