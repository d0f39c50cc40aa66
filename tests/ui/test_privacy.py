"""Pages about privacy in a browser: accessible, and fitting a phone."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from crm.actions import privacy
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.factories.crm import make_customer, make_order
from tests.factories.tenants import Business


def looked_at(page: Page, path: str) -> list[Any]:
    """What is wrong with a page, wide and light, narrow and dark."""
    wrong: list[Any] = []
    for width, theme in ((1440, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
        page.goto(path)
        wrong += [(path, found["id"]) for found in Axe().run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{path} does not fit {width}")
    return wrong


@pytest.mark.slow
def test_pages_are_accessible_and_fit(page: Page, business: Business, complaints: list[str]) -> None:
    with tenant_scope(business.tenant.id):
        by = Actor.of_membership(business.owner)
        customer = make_customer(email="ana@example.com")
        make_order(customer)
        asked = privacy.receive_request(
            right="access", name="Ana", contact="ana@example.com", text="¿Qué saben?", by=by
        )
        privacy.publish_notice(notice=privacy.save_notice(texts={"es": "Cuidamos."}, by=by), by=by)
        privacy.publish_notice(notice=privacy.save_notice(texts={"es": "Cuidamos más."}, by=by), by=by)
    inside, public = f"{business.base}customers/", f"/privacy/{business.tenant.slug}/"
    paths = [
        *(f"{inside}privacy/{part}" for part in ("", "notices/", "retention/", "erasures/", "requests/new/")),
        f"{inside}privacy/requests/{asked.pk}/",
        f"{inside}{customer.pk}/archives/",
        f"{inside}{customer.pk}/erasure/",
        public,
        f"{public}1/",
        f"{public}request/",
    ]
    wrong = [one for path in paths for one in looked_at(page, path)]
    others = [said for said in complaints if "503" not in said]  # no live process runs here
    assert (wrong, others) == ([], [])
