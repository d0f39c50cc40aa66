"""The bot's pages in a browser: accessible, fitting a phone, with previews and a balance that follow."""

from playwright.sync_api import Page, expect

from conversations.actions.bots import save_bot
from conversations.bot.balance import PRESETS
from tenants.scoping import tenant_scope
from tests.factories.crm import make_label
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business
from tests.ui.test_customers import looked_at


def test_bot_is_set_up_and_tried(page: Page, business: Business, complaints: list[str]) -> None:
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    with tenant_scope(business.tenant.id):
        make_article(business)
        make_label()
        save_bot(by=business.actor(), is_on=True, name="Tapi", balance=PRESETS["workshop"].kept())
    inside = f"{business.base}settings/bot/"
    paths = (inside, f"{inside}rules/", f"{inside}balance/", f"{inside}texts/")
    assert [one for path in paths for one in looked_at(page, path)] == []
    page.fill("#text-how", "¿Qué se te ofrece, {apodo}?")
    expect(page.locator("[data-says=how]")).to_have_text("¿Qué se te ofrece, {apodo}?")
    page.fill("#text-hello", "Qué tal, {name}.")
    expect(page.locator("[data-says=hello]")).to_have_text("Qué tal, Ana.")
    page.goto(f"{page.url.split('/b/')[0]}{inside}balance/")
    page.click("button[value=add]")
    expect(page.locator(".bot-rows > li")).to_have_count(3)
    page.goto(f"{page.url.split('/b/')[0]}{inside}")
    page.fill("#bot-text", "a q hora abren?")
    page.click("#try button[type=submit]")
    expect(page.locator(".bot-trial")).to_contain_text("De martes a sábado")
    assert [said for said in complaints if "503" not in said] == []
