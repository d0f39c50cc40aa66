"""The widget as a visitor handles it."""

import time
from collections.abc import Callable
from typing import Any, Self

from playwright.sync_api import Locator, Page, expect

from tests.widget.standin import Place


class Widget:
    def __init__(self, page: Page, place: Place) -> None:
        self.page = page
        self.place = place
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self._hear(line.text))

    def _hear(self, line: str) -> None:
        if "Content Security Policy" in line or "TrustedScript" in line or "TrustedHTML" in line:
            self.complaints.append(line)

    def visit(self) -> Self:
        self.page.goto(self.place.url)
        expect(self.launcher).to_be_visible()
        return self

    @property
    def launcher(self) -> Locator:
        return self.page.locator(".launcher")

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def text(self) -> Locator:
        return self.page.get_by_role("textbox", name="Write a message…")

    @property
    def badge(self) -> Locator:
        return self.page.locator(".badge")

    def open(self) -> Self:
        self.launcher.click()
        expect(self.panel).to_be_visible()
        return self

    def write(self, text: str) -> Self:
        self.text.fill(text)
        self.text.press("Enter")
        return self

    def bubbles(self) -> list[str]:
        """The texts on screen in their order, greeting left out."""
        return self.page.locator(".m:has(.foot) .b").all_text_contents()

    def shows(self, *texts: str) -> Self:
        self.wait(lambda: self.bubbles() == list(texts), self.bubbles)
        return self

    def states(self) -> list[str]:
        """How far each of the visitor's own messages has got."""
        return [line.split(" · ")[-1] for line in self.page.locator(".own .foot").all_text_contents()]

    def kept_to_send(self) -> int:
        """How many messages the browser keeps because the server has not shown them yet."""
        return int(
            self.page.evaluate("() => Object.keys(localStorage).filter((key) => key.includes('out:')).length")
        )

    def focused(self) -> str:
        """Class or tag of what has the focus inside the widget."""
        return str(
            self.page.evaluate(
                "() => { const one = document.querySelector('puente-chat').shadowRoot.activeElement;"
                " return one ? (one.className || one.tagName.toLowerCase()) : '' }"
            )
        )

    def wait(
        self, condition: Callable[[], bool], shown: Callable[[], Any] = lambda: "", seconds: float = 10
    ) -> None:
        """Until the condition holds, the browser running meanwhile."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"waited in vain: {shown()}"
            self.page.wait_for_timeout(40)
