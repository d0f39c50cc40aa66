"""The pages of answers in a browser: accessible, fitting a phone, with a preview that follows."""

from playwright.sync_api import Page, expect

from conversations.actions.articles import write_article
from tenants.scoping import tenant_scope
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business
from tests.ui.test_customers import looked_at


def test_answers_are_accessible_and_the_preview_follows(
    page: Page, business: Business, complaints: list[str]
) -> None:
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    with tenant_scope(business.tenant.id):
        article = make_article(business, buttons=["Mapa"])
        write_article(article=article, by=business.actor(), answer="De martes a viernes.")
    inside = f"{business.base}settings/knowledge/"
    paths = (inside, f"{inside}?state=draft", f"{inside}import/", f"{inside}{article.pk}/", f"{inside}new/")
    assert [one for path in paths for one in looked_at(page, path)] == []
    page.fill("textarea[name=answer]", "Sí, mañana.")
    page.locator("input[name=buttons]").first.fill("Ir")
    expect(page.locator("[data-preview-text=answer]")).to_have_text("Sí, mañana.")
    expect(page.locator("[data-preview-buttons] li")).to_have_text(["Ir"])
    assert [said for said in complaints if "503" not in said] == []
