"""The editor by keyboard and pointer, and the mail itself in a dark theme without pictures."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from conversations.actions.message_templates import create_message_template, latest
from conversations.models import MessageTemplate
from conversations.personalising.previews import rendered_for
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business
from tests.ui.test_customers import looked_at

pytestmark = pytest.mark.django_db(transaction=True)
BLOCKS = [
    {"kind": "heading", "text": "Afinación lista"},
    {"kind": "image", "file": "0" * 32, "alt": "Una bicicleta roja"},
    {"kind": "text", "text": "Hola **Ana**, ven por [tu bici](https://mirasol.mx)."},
    {"kind": "button", "text": "Reserva", "url": "https://mirasol.mx/cita"},
]


def make(business: Business) -> MessageTemplate:
    with tenant_scope(business.tenant.id):
        contents = {"email": {"es": {"subject": "Hola", "blocks": [BLOCKS[0], BLOCKS[2]]}}}
        return create_message_template(name="Oferta", by=business.actor(), contents=contents)


def test_mail_is_written_moved_and_undone_without_loading_pages(page: Page, business: Business) -> None:
    template = make(business)
    page.goto(f"{business.base}templates/{template.pk}/?medium=email&language=es")
    page.locator(".block-adders button[value='add:button']").click()
    blocks = page.locator("[data-block]")
    expect(blocks).to_have_count(3)
    blocks.nth(2).locator("input[type=text]").nth(0).fill("Reserva")
    blocks.nth(2).locator("input[type=text]").nth(1).fill("https://mirasol.mx/cita")
    page.keyboard.press("Alt+ArrowUp")
    expect(blocks.nth(1).locator(".block-title")).to_contain_text("Botón")
    text = blocks.nth(2).locator("textarea")
    text.evaluate("one => one.setSelectionRange(0, 4)")
    blocks.nth(2).locator("[data-wrap=_]").click()
    expect(text).to_have_value("_Hola_ **Ana**, ven por [tu bici](https://mirasol.mx).")
    blocks.nth(0).locator("button[value^=drop]").click()
    page.locator(".block--gone button").click()
    expect(page.locator(".block--gone")).to_have_count(0)
    expect(page.frame_locator(".template-frame--wide iframe").locator("a.button")).to_have_text("Reserva")
    page.keyboard.press("Control+s")
    page.wait_for_url("**/templates/**")
    expect(page.locator("[data-toast]").first).to_be_visible()
    with tenant_scope(business.tenant.id):
        said = latest(template).contents["email"]["es"]["blocks"]
    assert [one["kind"] for one in said] == ["heading", "button", "text"]


def test_mail_is_readable_in_the_dark_and_without_pictures(
    browser: Browser, business: Business, live_server: Any
) -> None:
    with tenant_scope(business.tenant.id):
        template = make(business)
        version = latest(template)
        version.contents["email"]["es"]["blocks"] = BLOCKS
        shown = rendered_for(version, "email", "es", None)
    assert shown is not None
    assert shown.rendered is not None
    context = browser.new_context(color_scheme="dark", viewport={"width": 375, "height": 700})
    context.route("**/*", lambda route: route.abort())
    mail = context.new_page()
    mail.set_content(shown.rendered.html, wait_until="domcontentloaded")
    colours = mail.evaluate(
        """() => ["h1", ".paper", "p a", "a.button", ".quiet"].map((one) => {
          const style = getComputedStyle(document.querySelector(one));
          return [style.color, style.backgroundColor];
        })"""
    )
    assert colours[0][0] == colours[2][0] == "rgb(241, 238, 232)"
    assert colours[1][1] == "rgb(31, 29, 26)"
    assert colours[3][0] == "rgb(255, 255, 255)"
    assert mail.evaluate("document.documentElement.scrollWidth") <= 375
    assert mail.get_by_alt_text("Una bicicleta roja").is_visible()
    assert len(mail.screenshot()) > 5_000
    context.close()


def test_pages_are_accessible(page: Page, business: Business) -> None:
    template = make(business)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    inside = f"{business.base}templates/"
    paths = (inside, f"{inside}new/", f"{inside}{template.pk}/", f"{inside}{template.pk}/?medium=sms")
    assert [one for path in paths for one in looked_at(page, path)] == []
