"""A browser on the workspace, without the live stream: what arrives by itself is tested in the journeys."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page

from tests.chromium import chromium
from tests.factories.tenants import Business


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, chromium() as running:
        # Playwright keeps a loop of its own in this thread, which Django takes for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield running


def enter(browser: Browser, base_url: str, business: Business, **options: object) -> BrowserContext:
    """A browser in which the owner has logged in."""
    options = {"viewport": {"width": 1440, "height": 900}, **options}
    context = browser.new_context(base_url=base_url, **options)  # type: ignore[arg-type]
    context.set_default_timeout(8000)
    cookie = business.client(business.owner).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": base_url}])
    return context


@pytest.fixture
def page(browser: Browser, live_server, business: Business) -> Iterator[Page]:
    context = enter(browser, live_server.url, business)
    page = context.new_page()
    yield page
    page.goto("about:blank")
    page.wait_for_timeout(200)  # milliseconds in which the page's last words arrive
    context.close()


@pytest.fixture
def plain_page(browser: Browser, live_server, business: Business) -> Iterator[Page]:
    """The same without JavaScript."""
    context = enter(browser, live_server.url, business, java_script_enabled=False)
    yield context.new_page()
    context.close()
