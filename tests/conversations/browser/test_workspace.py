"""The workspace in Chromium: accessible, by keyboard, and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from conversations.models import Conversation, Message
from tenants.scoping import tenant_scope
from tests.factories.conversations import (
    make_canned_reply,
    make_conversation,
    make_file,
    make_message,
    thread_url,
)
from tests.factories.tenants import Business

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = [(1440, "light"), (1024, "dark"), (390, "light"), (390, "dark")]


@pytest.fixture
def mail(business: Business) -> Conversation:
    """A formatted mail with a file, a note, and an answer."""
    with tenant_scope(business.tenant.id):
        made = make_conversation(
            "",
            name="Ana Flores",
            subject="Mi bici",
            html="<h1>Hola</h1><p>¿Ya está?</p>",
            files=[make_file()],
        )
        make_message(made, "Falta el freno", by=business.actor(business.agent), note=True)
        make_canned_reply("horario", "Hola {{ customer.first_name }}, abrimos a las 10.")
        make_conversation("Otra cosa", name="Luis Peña", kind="web")
        return made


def sent(business: Business) -> list[tuple[str, str]]:
    with tenant_scope(business.tenant.id):
        kinds = [Message.Kind.OUTBOUND, Message.Kind.NOTE]
        rows = Message.objects.filter(kind__in=kinds, author=business.owner).order_by("id")
        return list(rows.values_list("kind", "text"))


@pytest.mark.parametrize(("width", "theme"), SIZES)
@pytest.mark.parametrize(
    "place",
    [
        lambda business, mail: f"{business.base}inbox/?view=all",
        lambda business, mail: f"{business.base}inbox/?q=nada",
        thread_url,
        lambda business, mail: f"{business.base}parked/",
        lambda business, mail: f"{business.base}settings/canned-replies/new/",
        lambda business, mail: f"{business.base}settings/channels/",
    ],
    ids=["queue", "nothing", "thread", "parked", "canned", "channels"],
)
def test_page_is_accessible_and_fits(
    page: Page,
    business: Business,
    mail: Conversation,
    place: Callable[[Business, Conversation], str],
    width: int,
    theme: str,
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.goto(place(business, mail))
    page.wait_for_timeout(300)
    result = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert [violation["id"] for violation in result.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_answering_by_keyboard(page: Page, business: Business, mail: Conversation) -> None:
    page.goto(f"{business.base}inbox/?view=all")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(str(mail.pk)))
    expect(page.locator("#conversation-head h1")).to_have_text("Ana Flores")
    page.keyboard.press("r")
    page.keyboard.type("/hor")
    expect(page.locator(".canned-choice:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#composer-text")).to_have_value("Hola Ana, abrimos a las 10.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#feed .message--outbound .message-text").last).to_have_text(
        "Hola Ana, abrimos a las 10."
    )
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.type("Ya le avisé")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#feed .message--note .message-text").last).to_have_text("Ya le avisé")
    expect(page.locator("[data-pending]")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.locator(".toast-undo")).to_be_visible()
    assert sent(business) == [("outbound", "Hola Ana, abrimos a las 10."), ("note", "Ya le avisé")]


def test_draft_survives_a_reload(page: Page, business: Business, mail: Conversation) -> None:
    page.goto(thread_url(business, mail))
    page.locator("#composer-text").fill("A medias")
    expect(page.locator("#composer-state")).not_to_be_empty()
    page.reload()
    expect(page.locator("#composer-text")).to_have_value("A medias")


def test_mail_is_shown_in_a_frame_as_high_as_it_is(
    page: Page, business: Business, mail: Conversation
) -> None:
    page.goto(thread_url(business, mail))
    frame = page.locator("iframe.message-frame")
    expect(frame.content_frame.locator("h1")).to_have_text("Hola")
    assert frame.get_attribute("sandbox") == "allow-same-origin allow-popups allow-popups-to-escape-sandbox"


def test_back_returns_to_the_conversation_before(page: Page, business: Business, mail: Conversation) -> None:
    page.goto(thread_url(business, mail) + "?view=all")
    page.locator(".queue-link", has_text="Luis Peña").click()
    expect(page.locator("#conversation-head h1")).to_have_text("Luis Peña")
    page.go_back()
    expect(page.locator("#conversation-head h1")).to_have_text("Ana Flores")


def test_reading_and_answering_without_javascript(
    plain_page: Page, business: Business, mail: Conversation
) -> None:
    plain_page.goto(f"{business.base}inbox/?view=all")
    plain_page.locator(".queue-link", has_text="Ana Flores").click()
    expect(plain_page.locator("#feed")).to_contain_text("Falta el freno")
    plain_page.locator("#composer-text").fill("Ya está lista")
    plain_page.locator("#send").click()
    expect(plain_page.locator("#feed .message--outbound .message-text").last).to_have_text("Ya está lista")
    assert sent(business) == [("outbound", "Ya está lista")]
