"""Where a customer says whether he comes. GET changes nothing: mail scanners follow every link.

The link is the authority: no cookie is asked for, and none is set.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from conversations.confirmations import answering, calendar, links, offering, slots
from conversations.confirmations.catalogue import COMING
from conversations.models import Confirmation
from conversations.personalising.gathering import zones_of
from crm.actions.privacy import notice_address
from crm.consent_texts import language_of
from crm.models import Appointment
from tenants import formats
from tenants.kit.ratelimit import address_of, allow
from tenants.kit.text import one_line
from tenants.models import Tenant
from tenants.refusals import Refused
from tenants.scoping import tenant_scope

Said = Confirmation.Answer
CHOICES = {"confirm": Said.CONFIRMED, "cancel": Said.DECLINED, "move": Said.MOVING, "take": Said.MOVED}
FREE = 6  # free times to choose from
WISH = 300  # characters
GOOGLE = "https://calendar.google.com/calendar/render"
STAMP = "%Y%m%dT%H%M%SZ"
Answer = Callable[[HttpRequest, Confirmation, Appointment, Tenant], HttpResponse]


@never_cache
@csrf_exempt  # the token in the address is the authority; no cookie is asked for
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The appointment, and its buttons: he comes, he cannot, another time, and the free ones."""
    return _with_appointment(request, token, _page)


def _page(request: HttpRequest, one: Confirmation, appointment: Appointment, tenant: Tenant) -> HttpResponse:
    done, problem, status = "", "", 200
    slot = _moment(request, "slot")
    said = CHOICES.get(request.POST.get("do", ""))
    if said and (slot or said != Said.MOVED):
        wish = one_line(request.POST.get("wish", ""), WISH)
        try:
            appointment = answering.by_link(one, said, seen=_moment(request, "at"), wish=wish, slot=slot)
            done = said.value
        except Refused as refusal:
            problem, status = str(refusal), 409
            appointment.refresh_from_db()
    zone = zones_of([one.customer_id], tenant)[one.customer_id]
    starts = appointment.starts_at.astimezone(zone)
    is_open = appointment.status in COMING and not answering.is_over(appointment)
    context = {
        "business": tenant,
        "languages": settings.LANGUAGES,
        "language": translation.get_language(),
        "notice": notice_address(tenant),
        "appointment": appointment,
        "day": f"{formats.weekday(starts.date())}, {formats.long_date(starts.date())}",
        "hour": formats.clock(starts),
        "place": appointment.place or tenant.address,
        "at": appointment.starts_at.isoformat(),
        "slots": [
            (slot.starts_at.isoformat(), offering.title(slot.starts_at, zone))
            for slot in sorted(slots.free(appointment, most=FREE) if is_open and not done else ())
        ],
        "wanted": request.GET.get("do", "") if request.GET.get("do", "") in CHOICES else "",
        "is_open": is_open,
        "is_cancelled": appointment.status == Appointment.Status.CANCELLED,
        "is_confirmed": appointment.status == Appointment.Status.CONFIRMED,
        "done": done,
        "problem": problem,
        "file": reverse("appointment:calendar", args=[links.token(tenant.pk, one.pk)]),
        "google": _google(appointment, tenant),
    }
    return render(request, "campaigns/appointment_page.html", context, status=status)


def _moment(request: HttpRequest, name: str) -> datetime | None:
    """A moment that he sent; None for what is none."""
    try:
        at = datetime.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        return None
    return at if at.tzinfo else None


@never_cache
@require_safe
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """The appointment for his calendar."""
    return _with_appointment(request, token, _calendar_file)


def _calendar_file(
    request: HttpRequest, one: Confirmation, appointment: Appointment, tenant: Tenant
) -> HttpResponse:
    response = HttpResponse(
        calendar.file_of(appointment, tenant), content_type=f"{calendar.TYPE}; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{calendar.NAME}"'
    return response


def _with_appointment(request: HttpRequest, token: str, answer: Answer) -> HttpResponse:
    if not allow("appointment-links", address_of(request), limit=120, seconds=60):
        return render(request, "429.html", status=429)
    door = links.read(token)
    if door is None:
        return _lost(request)
    with tenant_scope(door.tenant_id):
        one = Confirmation.objects.select_related("customer").filter(pk=door.target_id).first()
        found = Appointment.objects.filter(pk=one.thing_id).first() if one else None
        if one is None or found is None:
            return _lost(request)
        tenant = Tenant.objects.get()
        chosen = request.GET.get("lang", "")
        language = chosen if chosen in dict(settings.LANGUAGES) else language_of(one.customer, tenant)
        with translation.override(language), formats.written_in(tenant.country):
            response = answer(request, one, found, tenant)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _lost(request: HttpRequest) -> HttpResponse:
    return render(request, "campaigns/appointment_lost.html", status=404)


def _google(appointment: Appointment, tenant: Tenant) -> str:
    ends = appointment.ends_at or appointment.starts_at + calendar.USUAL
    asked: dict[str, Any] = {
        "action": "TEMPLATE",
        "text": f"{appointment.service} – {tenant.name}",
        "dates": f"{appointment.starts_at:{STAMP}}/{ends:{STAMP}}",
        "location": appointment.place or tenant.address,
    }
    return f"{GOOGLE}?{urlencode(asked)}"
