"""The pages where people teach the bot: accessible, fitting a phone, and done by keys alone."""

from playwright.sync_api import Page, expect

from conversations import rehearsing
from conversations.actions import rehearsal, thinking, unanswered
from conversations.models import Bot, Decision
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_inbound
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business
from tests.ui.test_customers import looked_at

PARKING = {
    "question": "¿Tienen estacionamiento?",
    "phrasings": ["hay estacionamiento"],
    "answer": "Sí, atrás.",
}


def test_teaching_is_accessible_and_done_by_keys(
    page: Page, business: Business, complaints: list[str], settings: object
) -> None:
    settings.BOT_ENCODER = False  # type: ignore[attr-defined]
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    with tenant_scope(business.tenant.id):
        make_article(business)
        Bot.objects.create(is_on=True)
        for text in ("¿Tienen estacionamiento?", "hay estacionamiento?"):
            message = make_inbound(text, kind="web")
            thinking.think(business.tenant.id, message.conversation_id)
        make_article(business, publish=False, **PARKING)
        decision = Decision.objects.latest("created_at")
        runs = rehearsal.rehearse(by=business.actor()), unanswered.gather(days=30, by=business.actor())
    rehearsing.work(business.tenant.id, runs[0].pk)
    unanswered.work(business.tenant.id, runs[1].pk)
    inside = f"{business.base}settings/knowledge/"
    paths = (
        f"{inside}unanswered/", f"{inside}rehearsals/", f"{inside}rehearsals/{runs[0].pk}/",
        f"{inside}reviews/{decision.pk}/better/", f"{inside}reviews/",
    )  # fmt: skip
    assert [one for path in paths for one in looked_at(page, path)] == []
    left = expect(page.locator(".review-left")).to_have_text
    left("2 por revisar")
    page.keyboard.press("1")
    left("1 por revisar")
    page.keyboard.press("u")
    left("2 por revisar")
    page.keyboard.press("b")
    expect(page.locator("h1")).to_have_text("Una mejor respuesta")
    assert [said for said in complaints if "503" not in said] == []
