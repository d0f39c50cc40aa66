"""Practising in a browser: the workspace's panes and helps, by keyboard, and nothing real changes."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from conversations.actions import practice
from conversations.models import PracticeRun
from tenants.scoping import tenant_scope
from tests.conversations.practice.test_practice import ANSWERS, real_rows
from tests.factories.conversations import make_canned_reply
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business
from tests.ui.test_in_browser import RULES

HINT = "#draft-hints .draft-hint"


@pytest.fixture
def run(business: Business) -> PracticeRun:
    with tenant_scope(business.tenant.id):
        for question, answer in ANSWERS.items():
            make_article(business, question=question, answer=answer, phrasings=[])
        make_canned_reply("hola", "Hola {{ customer.first_name }}, con gusto.")
        return practice.begin(language="es", mood="angry", by=business.actor())


def rows_of(business: Business) -> dict[str, list[Any]]:
    with tenant_scope(business.tenant.id):
        return real_rows()


def violations(page: Page) -> list[Any]:
    """What axe says on a desk in the light and on a phone in the dark, and where the page is too wide."""
    found: list[Any] = []
    for width, theme in ((1440, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.reload()
        result = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
        found += [(width, one["id"], one["nodes"][0]["html"]) for one in result.response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((width, "too wide"))
    page.set_viewport_size({"width": 1440, "height": 900})
    return found


def test_run_is_answered_with_the_helps_of_the_workspace(
    page: Page, business: Business, run: PracticeRun, complaints: list[str]
) -> None:
    before = rows_of(business)
    page.goto(f"{business.base}practice/{run.pk}/")
    expect(page.locator("#turn .handoff-reason")).to_be_visible()
    expect(page.locator("#customer-pane")).to_contain_text("@example.com")
    expect(page.locator("#suggestions [data-suggestion]")).to_have_count(1)
    assert violations(page) == []

    page.keyboard.press("u")
    expect(page.locator("#composer-text")).to_have_value(page.locator("#handoff-reply").inner_text())
    page.fill("#composer-text", "")
    page.locator("#composer-text").press_sequentially("/hol")
    expect(page.locator(".canned-choice:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#composer-text")).to_have_value(f"Hola {run.customer.split()[0]}, con gusto.")
    page.fill("#composer-text", "")
    page.locator("#composer-text").press_sequentially("/abren")
    expect(page.locator(".canned-choice:visible")).to_contain_text("De martes a sábado")
    page.keyboard.press("Escape")
    page.fill("#composer-text", "¿Me pasas tu número de pedido?")
    expect(page.locator(HINT).first).to_contain_text(run.scenario["known"]["order"])
    page.fill("#composer-text", "¿Cuál es tu correo?")
    expect(page.locator(HINT).first).to_contain_text("@example.com")

    page.fill("#composer-text", "Lamento mucho la espera.")
    for said in range(3):
        right = practice.questions_of(run)[said].answer
        expect(page.locator("#suggestions")).to_contain_text(right)
        page.keyboard.press("Alt+1")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#feed .message--outbound")).to_have_count(said + 1)
        expect(page.locator("#feed .message--inbound")).to_have_count(said + 2)
        expect(page.locator("#composer-text, #practice-foot a").first).to_be_focused()
    expect(page.locator(".practice-feedback")).to_contain_text("100")
    expect(page.locator("#composer")).to_have_count(0)
    assert violations(page) == []
    assert rows_of(business) == before
    assert complaints == []
