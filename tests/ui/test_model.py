"""The language model's and practice's pages in a browser: accessible, fitting a phone, a draft taken over."""

from typing import Any

import pytest
from playwright.sync_api import Page

from conversations.actions import model_calls, practice
from conversations.actions.model_endpoint import save_endpoint
from conversations.models import ModelCall
from tenants.scoping import tenant_scope
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business
from tests.ui.test_customers import looked_at


@pytest.mark.slow
def test_model_and_practice_are_accessible(page: Page, business: Business, complaints: list[Any]) -> None:
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    with tenant_scope(business.tenant.id):
        make_article(business)
        by = business.actor()
        save_endpoint(by=by, base_url="https://api.example.com/v1", model="m", key="sk", uses=["draft"])
        model_calls.conclude(model_calls.open_call("draft"), ModelCall.Outcome.WARNED, ["price"])
        done = practice.begin(language="es", mood="angry", by=by)
        practice.answer(run=done, text="Ok.", by=by)
        practice.stop(run=done, by=by)
        open_run = practice.begin(language="es", mood="calm", by=by)
    inside = business.base
    paths = (
        f"{inside}settings/model/",
        f"{inside}settings/model/calls/",
        f"{inside}practice/",
        f"{inside}practice/{done.pk}/",
        f"{inside}practice/{open_run.pk}/",
    )
    assert [one for path in paths for one in looked_at(page, path)] == []
    assert [said for said in complaints if "503" not in said] == []
