"""Campaigns, templates, journeys and confirmations: accessible by day and night, desk and phone, by keys."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from conversations.actions import confirmation_steps, journeys
from conversations.actions.campaigns import running, steering
from conversations.confirmations import links
from conversations.models import Confirmation, ConfirmationStep, Happening, JourneyVersion
from crm import consent_texts
from crm.actions.appointments import record_appointment
from crm.actions.orders import record_order
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.factories.campaigns import make_audience, make_campaign, make_policy
from tests.factories.tenants import Business
from tests.ui.test_in_browser import RULES

STOPS = 120  # presses of a key that no page needs to be walked through
# What has the focus, and whether one can see where it is.
FOCUSED = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const box = it.getBoundingClientRect(), look = getComputedStyle(it);
  const shown = it.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const ringed = (one) => getComputedStyle(one).outlineStyle !== "none";
  const around = [it, it.parentElement, it.closest("tr, li, .block-text, iframe")].filter(Boolean);
  const natively = it.matches("iframe, [type=date], [type=time]");
  const marked = natively || look.boxShadow !== "none" || around.some(ringed);
  return [it.outerHTML.slice(0, 90), Boolean(shown && marked && box.width > 1 && box.height > 1)];
}"""
ALL = {"runOnly": {"type": "tag", "values": RULES}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}

LOOKS: tuple[tuple[int, Literal["light", "dark"], dict[str, Any]], ...] = (
    (1440, "light", COLOURS),
    (390, "dark", ALL),
)


def wrong(page: Page, path: str) -> Iterator[Any]:
    """What is wrong with a page: too wide, what axe finds in either theme, and where the keys get lost."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(path)
    for width, theme, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            yield path, width
        for one in Axe().run(page, "main", rules).response["violations"]:
            yield path, theme, one["id"], one["nodes"][0]["html"]
    for press in range(STOPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            if not press:
                yield path, "no key leads into it"
            break
        if not focused[1]:
            yield path, "lost focus", focused[0]


@pytest.fixture
def made(business: Business) -> dict[str, Any]:
    """A draft, a campaign that went, a journey with somebody in it, sequences, and what a customer opens."""
    with tenant_scope(business.tenant.id):
        by, now = Actor.of_membership(business.owner), timezone.now()
        make_policy()
        segment, (ana, *_others) = make_audience(3)
        draft, gone = (make_campaign(segment, name=name, letters=2) for name in ("Borrador", "Salió"))
        gone = steering.submit(campaign=gone, by=by)
        running.look(gone.pk)
        journey = journeys.create_from_recipe(recipe="after_sale", by=by)
        journeys.switch_journey(journey=journey, is_on=True, by=by)
        record_order(external_id="A-1", customer=ana, status="delivered", by=Actor.system())
        confirmation_steps.use_ready_made(by=by)
        step = ConfirmationStep.objects.filter(happening=Happening.APPOINTMENT_STARTS).earliest("minutes")
        starts = now + timedelta(days=2)
        booked = record_appointment(
            external_id="C-1", customer=ana, service="Servicio", starts_at=starts, by=Actor.system()
        ).row
        asked = Confirmation.objects.create(
            step=step, customer=ana, happening=step.happening, thing="appointment", thing_id=booked.pk,
            stamp="1", happens_at=starts, due_at=now, state="sent", sent_at=now,
        )  # fmt: skip
        return {
            "draft": draft.pk, "gone": gone.pk, "template": draft.variants.earliest("letter").template_id,
            "journey": journey.pk, "step": step.pk, "answer": links.token(business.tenant.pk, asked.pk),
            "centre": consent_texts.preferences_url(ana).partition("/p/")[2],
        }  # fmt: skip


@pytest.mark.slow
def test_pages_are_accessible_fit_and_are_walked_by_keys(
    page: Page, business: Business, complaints: list[str], made: dict[str, Any]
) -> None:
    paths = [
        *(f"{business.base}{path}" for path in _inside(**made)),
        f"/a/{made['answer']}/",
        f"/p/{made['centre']}",
        f"/p/{made['centre']}email/promotion/",
    ]
    assert [one for path in paths for one in wrong(page, path)] == []
    assert [said for said in complaints if "503" not in said] == []


def _inside(*, draft: UUID, gone: UUID, template: UUID, journey: UUID, step: UUID, **_rest: Any) -> list[str]:
    one, kept, trip = f"campaigns/{draft}/", f"templates/{template}/", f"journeys/{journey}/"
    return [
        "campaigns/", one, f"{one}check/", f"{one}foreseen/", f"campaigns/{gone}/",
        f"campaigns/{gone}/people/", "templates/", "templates/new/", kept, f"{kept}?medium=sms",
        f"{kept}?medium=whatsapp", f"{kept}versions/", "journeys/", "journeys/new/", trip, f"{trip}people/",
        "confirmations/", "confirmations/steps/", f"confirmations/steps/{step}/",
        "confirmations/steps/new/", "confirmations/free-slots/", "settings/sending/", "settings/business/",
    ]  # fmt: skip


def test_journey_is_written_by_keys(page: Page, business: Business, complaints: list[str]) -> None:
    with tenant_scope(business.tenant.id):
        journey = journeys.create_from_recipe(recipe="no_show", by=Actor.of_membership(business.owner))
        before = JourneyVersion.objects.get().content["steps"]
    page.goto(f"{business.base}journeys/{journey.pk}/")
    steps = page.locator("#steps > .journey-step")
    count = steps.count()
    page.locator("[name=op][value='add:wait:']").focus()
    page.keyboard.press("Enter")
    expect(steps).to_have_count(count + 1)
    page.locator("[name='0-count']").fill("3")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts, .toast").first).to_be_attached()
    page.wait_for_url(f"**/journeys/{journey.pk}/")
    with tenant_scope(business.tenant.id):
        after = JourneyVersion.objects.latest("number").content["steps"]
        assert (len(after), after[0]["do"]) == (len(before) + 1, "wait")
    assert [said for said in complaints if "503" not in said] == []
