"""The browser keeps no page of a business: going back asks again, and shows what may be shown now."""

import re

from playwright.sync_api import Page, expect

from tenants.scoping import tenant_scope
from tests.factories.conversations import make_conversation, thread_url
from tests.factories.tenants import Business


def test_going_back_shows_each_page_again(page: Page, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        first = make_conversation("¿Ya está mi bici?", name="Ana Flores")
        second = make_conversation("Otra cosa", name="Luis Peña")
    page.goto(f"{business.base}inbox/?view=all")
    page.get_by_role("link", name="Ana Flores").first.click()
    page.wait_for_url(re.compile(str(first.pk)))
    expect(page.get_by_text("¿Ya está mi bici?").last).to_be_visible()
    page.get_by_role("link", name="Luis Peña").first.click()
    page.wait_for_url(re.compile(str(second.pk)))
    page.goto(f"{business.base}customers/{first.customer_id}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ana Flores")
    page.go_back()
    page.wait_for_url(re.compile(str(second.pk)))
    expect(page.get_by_text("Otra cosa").last).to_be_visible()
    page.go_back()
    page.wait_for_url(re.compile(str(first.pk)))
    expect(page.get_by_text("¿Ya está mi bici?").last).to_be_visible()
    page.go_back()
    page.wait_for_url(re.compile("view=all"))
    page.go_forward()
    page.wait_for_url(re.compile(str(first.pk)))
    expect(page.get_by_text("¿Ya está mi bici?").last).to_be_visible()


def test_nothing_is_shown_after_logging_out(page: Page, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        conversation = make_conversation("¿Ya está mi bici?", name="Ana Flores")
    page.goto(thread_url(business, conversation))
    expect(page.get_by_text("¿Ya está mi bici?").last).to_be_visible()
    page.goto("/logout/")
    page.locator("main form button[type=submit], main form .button--primary").first.click()
    page.wait_for_url(re.compile(r"/$"))
    page.go_back()
    page.go_back()
    page.wait_for_url(re.compile(r"/login/\?next="))
    expect(page.get_by_text("¿Ya está mi bici?")).to_have_count(0)
