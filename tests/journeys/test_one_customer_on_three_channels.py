"""The simulator: one customer writes on three channels, and the business has one row for her."""

import json
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Stack, log_in

PATIENCE = 15_000  # milliseconds
CHANNELS = ("whatsapp", "sms", "telegram")
ANA = 1  # of the simulator's people; her number is the same on WhatsApp and SMS


def opened(stack: Stack, made: dict[str, Any], kind: str, needs: dict[str, Any]) -> str:
    """Open a channel through the API and wait until its check has found that all works; returns its id.

    What another journey's business had there is closed: an address is one business's alone.
    """
    if kind in stack.lent:
        path, token = stack.lent.pop(kind)
        assert stack.call(path, token=token, method="DELETE")[0] == 204
    body = {"kind": kind, "name": kind, "values": needs["settings"] | needs["secrets"]}
    for ours in ("verify_token", "webhook_secret"):  # those we make ourselves
        body["values"].pop(ours, None)
    status, answer = stack.call("/api/v1/channels/", json.dumps(body).encode(), made["api_key"])
    assert status == 201, answer
    channel_id = str(answer["channel"]["id"])
    stack.lent[kind] = (f"/api/v1/channels/{channel_id}/", made["api_key"])
    deadline = time.monotonic() + 30
    shown: dict[str, Any] = {"checked_at": None}
    while shown["checked_at"] is None and time.monotonic() < deadline:
        _status, shown = stack.call(f"/api/v1/channels/{channel_id}/", token=made["api_key"])
        time.sleep(0.1)
    assert (shown["problem"], shown["findings"] != []) == ("", True), shown
    return channel_id


def says(page: Page, stack: Stack, kind: str, channel_id: str, text: str) -> None:
    page.goto(f"{stack.base}/dev/simulator/?kind={kind}&number={ANA}&channel={channel_id}")
    page.locator("#simulator-text").fill(text)
    page.locator(".simulator-composer button.button--primary").click()
    expect(page.locator(".simulator-line--mine").last).to_contain_text(text)


@pytest.mark.slow
def test_one_customer_on_three_channels_is_one_row(
    stack: Stack, agent_page: Page, visitor_page: Page
) -> None:
    made = stack.business("Bicis del Lago", "lola@example.com")
    vendors = json.loads((stack.data / "run" / "vendors.json").read_text())["channels"]
    channels = {kind: opened(stack, made, kind, vendors[kind]) for kind in CHANNELS}

    says(visitor_page, stack, "whatsapp", channels["whatsapp"], "Hola, ¿abren el domingo?")
    says(visitor_page, stack, "sms", channels["sms"], "¿Recibieron mi WhatsApp?")
    says(visitor_page, stack, "telegram", channels["telegram"], "También estoy por aquí")
    visitor_page.locator("button[formaction$='/telegram/phone/']").click()

    log_in(agent_page, made["login_url"])
    agent_page.goto(f"{stack.base}/b/{made['slug']}/inbox/?view=all")
    expect(agent_page.locator(".queue-item")).to_have_count(3, timeout=PATIENCE)
    agent_page.locator(".queue-item", has_text="abren el domingo").locator("a").first.click()
    agent_page.locator("#composer-text").fill("Sí, de 10 a 2.")
    agent_page.locator("#composer-text").press("Control+Enter")
    expect(agent_page.locator(".messages")).to_contain_text("Sí, de 10 a 2.")

    visitor_page.goto(
        f"{stack.base}/dev/simulator/?kind=whatsapp&number={ANA}&channel={channels['whatsapp']}"
    )
    answer = visitor_page.locator(".simulator-line:not(.simulator-line--mine)").last
    expect(answer).to_contain_text("Sí, de 10 a 2.", timeout=PATIENCE)
    answer.locator("button[formaction$='/whatsapp/read/']").click()
    expect(agent_page.locator("#feed [data-kind=outbound]")).to_have_attribute(
        "data-stamp", "read", timeout=PATIENCE
    )

    deadline = time.monotonic() + 20
    rows: list[Any] = []
    while len(rows) != 1 and time.monotonic() < deadline:
        agent_page.goto(f"{stack.base}/b/{made['slug']}/customers/")
        rows = agent_page.locator("tbody tr").all_text_contents()
    assert len(rows) == 1, rows
    assert "Ana Flores" in rows[0]
