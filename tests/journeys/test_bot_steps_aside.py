"""At eleven at night the bot answers what it knows and steps aside; in the morning nobody asks twice."""

import json
import subprocess
import sys
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import ROOT, Stack, log_in
from tests.journeys.test_one_customer_on_three_channels import ANA, PATIENCE, opened, says

SETTING = """
import json, sys
from datetime import UTC, datetime, timedelta
from conversations.actions.articles import write_article
from conversations.models import Bot
from tenants.actors import Actor
from tenants.models import SpecialDay, Tenant
from tenants.scoping import tenant_scope

with tenant_scope({tenant!r}):
    tenant = Tenant.objects.get()
    ahead = (23 - datetime.now(UTC).hour + 12) % 24 - 12
    tenant.timezone = f"Etc/GMT{{-ahead:+d}}" if ahead else "Etc/GMT"
    tenant.hours = {{day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}}
    tenant.save()
    today = datetime.now(UTC).astimezone(tenant.zone).date()
    tomorrow = today + timedelta(days=1)
    SpecialDay.objects.create(date=tomorrow, name="Día del Barrio", hours=[["10:00", "14:00"]])
    by = Actor.system()
    write_article(by=by, publish=True, question="¿Hacen envíos?", phrasings=["mandan a domicilio"],
                  answer="Enviamos a todo el país en 3 a 5 días.", language="es", category="sales")
    Bot.objects.update_or_create(defaults={{"is_on": True, "name": "Tapi"}})
"""


def at_eleven_at_night(stack: Stack, tenant_id: str) -> None:
    """Set the business's clock, hours and bot from the shell."""
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", SETTING.format(tenant=tenant_id)],
        cwd=ROOT,
        env=stack.environment,
        check=True,
        capture_output=True,
        text=True,
    )


def ordered(stack: Stack, made: dict[str, Any]) -> None:
    """An order of who wrote first, as the shop's system tells it."""
    _status, customers = stack.call("/api/v1/customers/", token=made["api_key"])
    order = {
        "source": "tienda",
        "external_id": "1",
        "number": "P-1042",
        "customer_id": customers["data"][0]["id"],
        "status": "shipped",
        "total": "899.00",
        "currency": "MXN",
        "items": [],
        "placed_at": "2026-11-01T12:00:00Z",
    }
    status, answer = stack.call("/api/v1/orders/", json.dumps(order).encode(), made["api_key"])
    assert status == 201, answer


def reads(page: Page, words: str) -> None:
    expect(page.locator(".simulator-line:not(.simulator-line--mine)").last).to_contain_text(
        words, timeout=PATIENCE
    )


@pytest.mark.slow
def test_bot_answers_at_night_and_steps_aside(stack: Stack, agent_page: Page, visitor_page: Page) -> None:
    made = stack.business("Bicis de Noche", "nora@example.com")
    vendors = json.loads((stack.data / "run" / "vendors.json").read_text())["channels"]
    channel = opened(stack, made, "whatsapp", vendors["whatsapp"])
    at_eleven_at_night(stack, made["tenant_id"])

    says(visitor_page, stack, "whatsapp", channel, "hola! mañana q es feriado abren?")
    reads(visitor_page, "10:00")
    ordered(stack, made)
    says(visitor_page, stack, "whatsapp", channel, "y mi pedido donde viene?")
    reads(visitor_page, "P-1042")
    says(visitor_page, stack, "whatsapp", channel, "oigan ya es la 3a vez q pasa, kiero hablar c alguien")
    reads(visitor_page, "a más tardar")

    log_in(agent_page, made["login_url"])
    agent_page.goto(f"{stack.base}/b/{made['slug']}/inbox/?view=all")
    agent_page.locator(".queue-item", has_text="Ana Flores").locator("a").first.click()
    card = agent_page.locator(".handoff")
    expect(card).to_contain_text("P-1042")
    expect(card).to_contain_text("hablar c alguien")
    agent_page.locator("#composer-text").fill("Buenos días, Ana. Ya revisé tu pedido P-1042.")
    agent_page.locator("#composer-text").press("Control+Enter")
    visitor_page.goto(f"{stack.base}/dev/simulator/?kind=whatsapp&number={ANA}&channel={channel}")
    reads(visitor_page, "Ya revisé tu pedido")
    says(visitor_page, stack, "whatsapp", channel, "gracias! y hacen envíos?")
    expect(agent_page.locator(".messages")).to_contain_text("y hacen envíos", timeout=PATIENCE)
    expect(agent_page.locator(".messages")).not_to_contain_text("Enviamos a todo el país")
