"""The hand-off card in a browser: its reply into the composer, its fold remembered, promises beside it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from conversations.actions import handoffs, turns
from conversations.actions.messages import lock
from conversations.models import Bot, Conversation, Handoff, Promise
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_conversation, thread_url
from tests.factories.tenants import Business
from tests.ui.test_customers import RULES


@pytest.fixture
def handed_over(business: Business) -> Conversation:
    with tenant_scope(business.tenant.id):
        bot = Bot.objects.create(is_on=True, name="Tapi")
        conversation = lock(make_conversation("¿y mi pedido?", kind="web").pk)
        turn = turns.open_turn(conversation)
        assert turn is not None
        turn.state = {
            "asked": [{"question": "¿y mi pedido?", "answer": "Va en camino."}],
            "said": ["Va en camino."],
        }
        handoffs.hand_off(conversation, turn, bot=bot, reason="asked", words="quiero hablar con alguien")
        return conversation


def test_card_is_used_folded_and_a_promise_noted(
    page: Page, business: Business, handed_over: Conversation
) -> None:
    page.goto(thread_url(business, handed_over))
    card = page.locator("[data-handoff]")
    expect(card).to_have_attribute("open", "")
    page.keyboard.press("u")
    with tenant_scope(business.tenant.id):
        expect(page.locator("#composer-text")).to_have_value(Handoff.objects.get().suggestion)
    page.locator("#composer-text").blur()
    page.keyboard.press("p")
    page.fill("#promise-text", "Llamar con el precio")
    page.locator("#promise-menu button[value=hour]").click()
    expect(page.locator(".promised-item")).to_have_count(2)  # the bot's own, of an answer, is the other
    expect(page.locator("#promise-menu")).to_be_hidden()
    for scheme, width in (("light", 1440), ("dark", 390)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        found = Axe().run(page, "main", {"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    card.locator("summary").click()
    expect(card).not_to_have_attribute("open", "")
    page.reload()
    expect(page.locator("[data-handoff]")).not_to_have_attribute("open", "")
    with tenant_scope(business.tenant.id):
        assert set(Promise.objects.values_list("kind", flat=True)) == {"answer", "other"}
    page.goto(f"{business.base}promises/")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    found = Axe().run(page, "main", {"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
