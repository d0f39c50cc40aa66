"""What was paid, and what is owed."""

from datetime import datetime, time, timedelta

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from crm import queries
from crm.models import Payment
from tenants import live
from tenants.decorators import requires
from tenants.kit import cursors
from tenants.kit.cursors import BadCursor
from tenants.kit.text import one_line
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

AT_ONCE = 50
OVERDUE = "overdue"
LOOKED_AT = 1_000  # newest payments: by what these were paid can be chosen
NEWEST = ("-happened_at", "-id")


@requires(Permission.ORDERS_READ)
@require_safe
def payments(request: BusinessRequest) -> HttpResponse:
    """All of them, the latest first; narrowed by status, method, days and the customers a search means."""
    live_since = live.last_id(request.tenant.pk)
    asked = {name: one_line(request.GET.get(name, ""), 100) for name in ("status", "method", "q")}
    asked["status"] = asked["status"] if asked["status"] in {*Payment.Status.values, OVERDUE} else ""
    days = {name: _day(request.GET.get(name, "")) for name in ("since", "until")}
    seen = queries.of_visible_customers(Payment.objects.all(), request.actor)
    found = _within(_narrowed(seen, asked["status"], asked["method"]), days["since"], days["until"])
    if asked["q"]:
        ids = queries.search_ids(asked["q"], request.actor, queries.MOST_FOUND)
        found = found.filter(customer_id__any=ids)
    try:
        page = cursors.page(
            found.select_related("customer", "order"),
            ordering=NEWEST,
            limit=AT_ONCE,
            cursor=request.GET.get("cursor", ""),
        )
    except BadCursor:
        return redirect(burl(request, "crm:payments"))
    overdue = (OVERDUE, pgettext("payment", "Overdue"))
    context = {
        "page": page,
        **asked,
        **{name: day.date().isoformat() if day else "" for name, day in days.items()},
        "statuses": [*Payment.Status.choices[:1], overdue, *Payment.Status.choices[1:]],
        "methods": _methods(seen, asked["method"]),
        "is_narrowed": any(asked.values()) or any(days.values()),
        "now": timezone.now(),
        "live_since": live_since,
    }
    return render(request, "crm/payments.html", context)


def _day(text: str) -> datetime | None:
    """The begin of a day of the business; None of what is none."""
    try:
        day = parse_date(one_line(text, 10))
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(day, time.min)) if day and 2000 <= day.year <= 2200 else None


def _narrowed(found: QuerySet[Payment], status: str, method: str) -> QuerySet[Payment]:
    if status == OVERDUE:
        found = found.filter(status=Payment.Status.DUE, due_at__lt=timezone.now())
    elif status:
        found = found.filter(status=status)
    return found.filter(method=method) if method else found


def _within(found: QuerySet[Payment], since: datetime | None, until: datetime | None) -> QuerySet[Payment]:
    """Those of some days, the last one included."""
    if since:
        found = found.filter(happened_at__gte=since)
    if until:
        found = found.filter(happened_at__lt=until + timedelta(days=1))
    return found


def _methods(seen: QuerySet[Payment], chosen: str) -> list[str]:
    """By what the newest were paid, and what is chosen."""
    newest = seen.order_by(*NEWEST).values("method")[:LOOKED_AT]
    found = {row["method"] for row in newest} | {chosen}
    return sorted(found - {""}, key=str.casefold)
