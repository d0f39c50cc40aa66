"""The design system in Chromium: accessible in both themes and widths, and its scripts do what they say."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

GALLERY = "/dev/components/"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize(
    ("address", "width", "theme"),
    [
        (GALLERY, 1440, "light"),
        (GALLERY, 390, "dark"),
        ("/", 1440, "dark"),
        pytest.param("/", 1024, "light", marks=pytest.mark.slow),
        pytest.param("/", 390, "light", marks=pytest.mark.slow),
    ],
)
def test_page_is_accessible_and_fits(
    page: Page, complaints: list[str], address: str, width: int, theme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.goto(address, wait_until="networkidle")
    result = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert [violation["id"] for violation in result.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []


def test_theme_is_kept_on_the_next_page(page: Page) -> None:
    page.goto(GALLERY)
    page.click("[data-theme-set=dark]")
    page.goto("/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_confirm_asks_before_it_submits(page: Page) -> None:
    page.goto(GALLERY)
    page.locator("form [data-confirm]").first.click()
    expect(page.locator("#confirm-dialog")).to_contain_text("The channel stops receiving at once.")
    page.click("#confirm-dialog [value=cancel]")
    assert page.url.endswith(GALLERY)
    page.locator("form [data-confirm]").first.click()
    page.click("#confirm-dialog [data-confirm-ok]")
    page.wait_for_url(f"**{GALLERY}?")


def test_menu_is_walked_with_arrows_and_closed_with_escape(page: Page) -> None:
    page.goto(GALLERY)
    page.click("[popovertarget=light-menu]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "Normal"
    page.keyboard.press("Escape")
    expect(page.locator("#light-menu")).to_be_hidden()


def test_password_can_be_shown(page: Page) -> None:
    page.goto(GALLERY)
    page.click("[data-reveal=id_light-password]")
    assert page.get_attribute("#id_light-password", "type") == "text"
    page.click("[data-reveal=id_light-password]")
    assert page.get_attribute("#id_light-password", "type") == "password"


def test_toast_from_the_server_is_shown_once_and_closed(page: Page) -> None:
    page.goto(GALLERY, wait_until="networkidle")
    for _ in range(2):
        page.evaluate(
            "document.dispatchEvent(new CustomEvent('toast', {detail: {text: 'Saved', level: 'error'}}))"
        )
    toast = page.locator("#toasts [data-toast]")
    expect(toast).to_have_count(1)
    toast.locator("[data-toast-close]").click()
    expect(toast).to_have_count(0)


def test_customer_pane_slides_in_and_out(page: Page) -> None:
    page.set_viewport_size({"width": 1024, "height": 900})
    page.goto(GALLERY, wait_until="networkidle")
    pane = page.locator("#sample-customer")
    expect(pane).to_be_hidden()
    page.click(".drawer-open")
    expect(pane).to_be_visible()
    page.keyboard.press("Escape")
    expect(pane).to_be_hidden()
