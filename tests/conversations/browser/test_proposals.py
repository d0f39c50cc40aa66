"""Wordings that customers wrote, taken by keyboard while an answer is written, at the width of a phone."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from conversations.models import Bot, Decision, Turn
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_inbound
from tests.factories.tenants import Business

pytestmark = pytest.mark.django_db(transaction=True)


def test_wordings_are_found_by_the_question_and_taken_by_keyboard(page: Page, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        Bot.objects.create(is_on=True)
        for text in ("mandan a monterrey?", "hacen envios a monterrey y cuanto tardan si pido hoy"):
            message = make_inbound(text, kind="web", address=str(uuid4()))
            Decision.objects.create(
                conversation=message.conversation, message=message, action=Decision.Action.ASK,
                turn=Turn.objects.get(conversation=message.conversation), language="es",
            )  # fmt: skip
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{business.base}settings/knowledge/new/")
    page.locator("[name=question]").fill("¿Hacen envíos a Monterrey?")
    page.locator("[name=question]").press("Tab")
    buttons = page.locator("[data-proposal]")
    expect(buttons).to_have_count(2)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0
    buttons.first.focus()
    page.keyboard.press("Enter")
    expect(buttons).to_have_count(1)
    expect(buttons.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(buttons).to_have_count(0)
    taken = [one.input_value() for one in page.locator("[name=phrasings]").all()]
    assert taken == ["hacen envios a monterrey y cuanto tardan si pido hoy", "mandan a monterrey?", ""]
