"""The pages of answers in a browser: accessible, fitting a phone, with a preview that follows."""

import pytest
from playwright.sync_api import Page, expect

from conversations.actions.articles import write_article
from crm.actions.products import write_product
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


@pytest.mark.slow
def test_help_centre_and_products_are_accessible(
    page: Page, business: Business, complaints: list[str]
) -> None:
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    with tenant_scope(business.tenant.id):
        article = make_article(business)
        write_product(by=business.actor(), name="Casco Sierra", price="1150", stock=0)
        business.tenant.has_help_centre, business.tenant.accent = True, "#ffe600"
        business.tenant.address = "Av. Vallarta 100, Guadalajara"
        business.tenant.save()
    shown, inside = f"/h/{business.tenant.slug}/", f"{business.base}settings/"
    paths = (
        shown,
        f"{shown}?q=hora",
        f"{shown}{article.pk}/",
        f"{inside}knowledge/help-centre/",
        f"{inside}knowledge/reading/",
        f"{inside}knowledge/{article.pk}/",
        f"{inside}products/",
        f"{inside}products/new/",
        f"{inside}products/import/",
    )
    assert [one for path in paths for one in looked_at(page, path)] == []
    assert [said for said in complaints if "503" not in said] == []
