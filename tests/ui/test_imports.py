"""The four steps of an import in a browser: accessible, and fitting a phone."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from crm.actions import imports
from crm.models import Import
from tenants.scoping import tenant_scope
from tests.crm.imports.helpers import check, take, work
from tests.factories.tenants import Business

FILE = "Nombre completo;Teléfono;Ciudad\nAna Pérez;3312345678;Tala\nMala;12;Tala\n"


def looked_at(page: Page, path: str) -> list[Any]:
    """What is wrong with a page, wide and narrow."""
    wrong: list[Any] = []
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path)
        wrong += [found["id"] for found in Axe().run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{path} does not fit {width}")
    return wrong


@pytest.mark.slow
def test_steps_are_accessible_and_fit(page: Page, business: Business, complaints: list[str]) -> None:
    base = f"{business.base}customers/"
    wrong = looked_at(page, f"{base}imports/new/") + looked_at(page, f"{base}imports/")
    job: Import = take(business, FILE)
    wrong += looked_at(page, f"{base}imports/{job.pk}/")
    job = check(business, job)
    wrong += looked_at(page, f"{base}imports/{job.pk}/")
    with tenant_scope(business.tenant.id):
        imports.start(job=job, by=business.actor())
    work(business, job)
    wrong += looked_at(page, f"{base}imports/{job.pk}/") + looked_at(page, f"{base}exports/")
    assert (wrong, complaints) == ([], [])
