"""What a business's own site looks like with the chat in it: the page of the demo's bicycle shop."""

from dataclasses import asdict
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from config.demo import catalogue, load
from conversations.models import Channel
from tenants import doors
from tenants.doors import Door
from tenants.formats import money
from tenants.hours import DAYS, calendar_of, is_open_at
from tenants.models import SpecialDay, Tenant
from tenants.scoping import tenant_scope

WEEK = dict(
    zip(DAYS, ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"), strict=True)
)


def demo_door() -> Door | None:
    """Where the demo's chat is; None while the demo is not loaded."""
    kind, _colon, name = load.DOOR.partition(":")
    return doors.by_address(kind, name)


@require_safe
def shop(request: HttpRequest) -> HttpResponse:
    """The shop's page with the chat; there is none without the demo."""
    door = demo_door()
    if door is None:
        raise Http404
    with tenant_scope(door.tenant_id), translation.override("es"):
        tenant = Tenant.objects.get()
        channel = Channel.objects.active().filter(pk=door.target_id).first()
        calendar = calendar_of(tenant, SpecialDay.objects.all())
        context = {
            "channel": channel,
            "is_open": is_open_at(calendar, timezone.now()),
            "hours": hours(tenant),
            "mail": Channel.objects.active().filter(kind="email").values_list("address", flat=True).first(),
            "bikes": priced("bike"),
            "services": priced("service"),
        }
        return render(request, "config/shop.html", context)


def priced(kind: str) -> list[dict[str, Any]]:
    """What the shop sells of a kind, with prices as Mexicans write them."""
    return [
        {**asdict(product), "pesos": money(product.price, catalogue.CURRENCY)}
        for product in catalogue.PRODUCTS
        if product.kind == kind
    ]


def hours(tenant: Tenant) -> list[tuple[str, str]]:
    """The week in lines, days with the same hours together."""
    lines = []
    for pairs, days in groupby(DAYS, key=lambda day: tenant.hours.get(day, [])):
        names = [WEEK[day] for day in days]
        span = names[0] if len(names) == 1 else f"{names[0]} a {names[-1]}"
        told = " y ".join(f"{opens}–{closes}" for opens, closes in pairs) or "cerrado"
        lines.append((span.capitalize(), told))
    return lines
