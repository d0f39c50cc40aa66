"""A browser, and the stand-in server it talks to."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.chromium import chromium
from tests.widget.driver import Widget
from tests.widget.standin import Place


@pytest.fixture(autouse=True)
def _clean_valkey() -> None:
    """These tests speak to the stand-in alone."""


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium("--host-resolver-rules=MAP *.test 127.0.0.1") as running:
        yield running


@pytest.fixture
def place() -> Iterator[Place]:
    servers = Place()
    yield servers
    servers.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    made.set_default_timeout(8000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def widget(page: Page, place: Place) -> Widget:
    """The shop's page with the widget, still closed."""
    return Widget(page, place).visit()
