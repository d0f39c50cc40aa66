"""One real conversation all the way: a mail, an order, a chat, an answer, a rating, and a stranger."""

import json
import re
import time
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Stack, log_in

WITHIN_A_SECOND = 1_000  # milliseconds; the target is one, the limit leaves room for a busy machine
PATIENCE = 10_000

MAIL = (
    "From: Ana Luna <ana.luna@example.com>\r\nTo: tienda@example.com\r\nSubject: Rodada 29\r\n"
    "Message-ID: <uno@example.com>\r\n\r\n¿Manejan la Sierra en rodada 29?\r\n"
)


def written_before(stack: Stack, made: dict[str, Any]) -> None:
    """The customer's earlier mail and her order, by mail server and by shop system."""
    email = made["channels"]["email"]
    status, event = stack.call(
        f"/hooks/email/{email['id']}/", MAIL.encode(), email["token"], "message/rfc822"
    )
    assert status == 200
    deadline = time.monotonic() + 20
    outcome = "pending"
    while outcome == "pending" and time.monotonic() < deadline:
        _status, answer = stack.call(f"/api/v1/inbound-events/{event['id']}/", token=made["api_key"])
        outcome = answer["outcome"]
        time.sleep(0.1)
    assert outcome == "message"
    _status, customers = stack.call("/api/v1/customers/", token=made["api_key"])
    order = {
        "source": "tienda",
        "external_id": "1",
        "number": "P-1024",
        "customer_id": customers["data"][0]["id"],
        "status": "paid",
        "total": "14999.00",
        "currency": "MXN",
        "items": [{"name": "Sierra 29", "quantity": 1, "price": "14999.00"}],
        "placed_at": "2026-11-01T12:00:00Z",
    }
    status, _order = stack.call("/api/v1/orders/", json.dumps(order).encode(), made["api_key"])
    assert status == 201


def test_a_customer_is_answered_by_a_person_who_knew_him(
    stack: Stack, agent_page: Page, visitor_page: Page, stranger_page: Page, shop: Any
) -> None:
    made = stack.business("Bicis Tapatías", "olga@example.com")
    other = stack.business("Café Ajeno", "otro@example.com")
    written_before(stack, made)
    log_in(agent_page, made["login_url"])
    agent_page.goto(f"{stack.base}/b/{made['slug']}/inbox/?view=all")
    expect(agent_page.locator(".queue-item")).to_have_count(1)

    # The visitor writes on the shop's own site and says who she is.
    visitor_page.goto(shop(stack.base, made["channels"]["web"]["id"]))
    visitor_page.get_by_role("button", name="Abrir el chat").click()
    chat = visitor_page.get_by_role("dialog")
    chat.get_by_label("¿Cómo te llamas?").fill("Ana")
    chat.get_by_label("Tu correo").fill("ana.luna@example.com")
    chat.get_by_label("Tu correo").press("Enter")
    chat.locator("textarea").fill("Hola, ¿ya puedo pasar por mi bici?")
    chat.locator("textarea").press("Enter")

    # The agent sees it without touching anything.
    row = agent_page.locator(".queue-item", has_text="¿ya puedo pasar por mi bici?")
    expect(row).to_be_visible(timeout=PATIENCE)
    row.locator("a").first.click()
    expect(agent_page.locator(".messages")).to_contain_text("¿ya puedo pasar por mi bici?")
    customer = agent_page.locator("#customer-pane")
    customer.get_by_role("button", name="Es la misma persona").click()
    expect(customer).to_contain_text("P-1024")
    expect(customer).to_contain_text("¿Manejan la Sierra en rodada 29?")
    addresses = {agent_page.url}

    # He answers; she sees it.
    agent_page.locator("#composer-text").fill("¡Claro, Ana! Ya está lista, cerramos a las 6.")
    agent_page.locator("#composer-text").press("Control+Enter")
    expect(agent_page.locator(".messages")).to_contain_text("Ya está lista")
    expect(chat).to_contain_text("Ya está lista, cerramos a las 6.", timeout=PATIENCE)

    # He closes; she rates with one tap; it stands in the history.
    agent_page.locator("body").press("Escape")
    agent_page.locator("body").press("e")
    stars = chat.get_by_role("radio").or_(chat.get_by_role("button", name=re.compile("5")))
    expect(stars.first).to_be_visible(timeout=PATIENCE)
    stars.last.click()
    expect(chat).to_contain_text("¡Gracias!", timeout=PATIENCE)
    conversation = agent_page.url
    agent_page.goto(conversation)
    history = agent_page.locator("#customer-pane .timeline")
    expect(history).to_contain_text("Calificación", timeout=PATIENCE)
    _status, responses = stack.call("/api/v1/responses/", token=made["api_key"])
    assert [response["score"] for response in responses["data"]] == [5]
    customer_id = responses["data"][0]["customer_id"]
    _status, told = stack.call(f"/api/v1/customers/{customer_id}/timeline/", token=made["api_key"])
    kinds = [entry["kind"] for entry in told["data"]]
    assert {"survey", "message_in", "message_out", "order", "conversation_closed"} <= set(kinds)

    # The owner of another business opens every one of those addresses.
    addresses |= every_address(agent_page, stack, made["slug"])
    assert len(addresses) >= 10
    log_in(stranger_page, other["login_url"])
    answers = {address: stranger_page.request.get(address).status for address in sorted(addresses)}
    assert set(answers.values()) == {404}, answers
    for path in (f"/api/v1/customers/{customer_id}/", f"/api/v1/customers/{customer_id}/timeline/"):
        assert stack.call(path, token=other["api_key"])[0] == 404


def every_address(page: Page, stack: Stack, slug: str) -> set[str]:
    """What the agent's pages link to inside the business."""
    base = f"{stack.base}/b/{slug}/"
    found: set[str] = {base}
    for start in ("inbox/", "customers/", "feedback/", "settings/business/", "parked/"):
        page.goto(base + start)
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        found |= {link.partition("#")[0] for link in links if link.startswith(base)}
    return found
