"""The pages about customers in a browser: accessible, and fitting a phone."""

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page

from crm import consent_texts
from crm.actions import attributes, cases, segments, suppressions
from crm.models import Appointment, Likeness, Payment
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.factories.crm import make_customer, make_label, make_order
from tests.factories.tenants import Business
from tests.ui.test_in_browser import RULES

RULE = {"version": 1, "where": {"all": [{"is": "orders.count", "op": "at_least", "n": 1}]}}
OPENED = ("customer-filters", "customer-columns", "customer-order")


def looked_at(page: Page, path: str) -> list[Any]:
    """What is wrong with a page: axe looks at it on a phone in the dark; it must fit a desk, too."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(path)
    too_wide = [1440] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else []
    page.set_viewport_size({"width": 390, "height": 844})
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        too_wide.append(390)
    found = Axe().run(page, "main", {"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    return [(path, one["id"], one["nodes"][0]["html"]) for one in found] + [(path, w) for w in too_wide]


@pytest.mark.slow
def test_pages_are_accessible_and_fit(page: Page, business: Business, complaints: list[str]) -> None:
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    soon = timezone.now() + timedelta(days=2)
    with tenant_scope(business.tenant.id):
        by = Actor.of_membership(business.owner)
        ana = make_customer(email="ana@example.com", attributes={"Web": "https://ana.example"})
        other = make_customer("Ana Flórez", email="ana@example.org")
        make_order(ana)
        label = make_label()
        attributes.define_attribute(name="Web", kind="link", by=by)
        size = attributes.define_attribute(name="Talla", kind="choice", options=["S", "M"], by=by)
        cases.open_case(customer=ana, subject="Llegó roto", by=by)
        Appointment.objects.create(
            customer=ana, external_id="c-1", service="Servicio", starts_at=soon, changed_at=soon
        )
        paid = Payment.objects.create(
            customer=ana, external_id="p-1", amount=20, currency="MXN", changed_at=soon, happened_at=soon
        )
        pair = Likeness.objects.create(first=ana, second=other, reasons=[], score=90)
        kept = segments.create_segment(name="Lista", is_list=True, by=by)
        segments.add_members(segment=kept, ids=[ana.pk], by=by)
        ruled = segments.create_segment(name="Con correo", rule=RULE, by=by)
        suppressions.add(kind="email", raw="no@example.com", covers="all", note="", by=by)
        centre = consent_texts.preferences_url(ana).partition("/p/")[2]
    inside = f"{business.base}customers/"
    his = f"{inside}{ana.pk}/"
    paths = [
        *(f"{his}{tab}" for tab in ("", "?tab=payments", "?tab=cases")),
        *(f"{his}{part}/" for part in ("consents", "appointments/new", f"payments/{paid.pk}")),
        *(
            f"{inside}{part}/"
            for part in ("segments", "segments/new", "duplicates", "suppressions", "consent")
        ),
        f"{inside}labels/{label.pk}/",
        f"{inside}segments/{kept.pk}/",
        f"{inside}segments/{ruled.pk}/rule/",
        f"{inside}segments/{ruled.pk}/changes/",
        f"{inside}{pair.first_id}/merging/{pair.second_id}/",
        *(f"{business.base}{part}/" for part in ("cases", "appointments", "payments", "settings/facts")),
        f"{business.base}settings/facts/{size.pk}/",
        f"/p/{centre}",
        f"/p/{centre}email/promotion/",
    ]
    wrong = [one for path in paths for one in looked_at(page, path)]
    others = [said for said in complaints if "503" not in said]  # no live process runs here
    assert (wrong, others) == ([], [])


def test_panels_of_the_list_are_accessible(page: Page, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        make_customer(email="ana@example.com")
        make_label()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{business.base}customers/", wait_until="networkidle")
    page.locator(".row-choose input[name=id]").first.check()
    for panel in ("many-menu", *OPENED):
        page.click(f"[popovertarget={panel}]")
        page.wait_for_selector(f"#{panel} :is(button, a)")
        # What scrolls is cut at the panel's edge: its size is no fault.
        options = {"runOnly": {"type": "tag", "values": RULES}, "rules": {"target-size": {"enabled": False}}}
        found = Axe().run(page, f"#{panel}", options).response["violations"]
        assert [(panel, one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.keyboard.press("Escape")
