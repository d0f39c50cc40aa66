"""At eleven at night the bot answers what it knows and steps aside; in the morning nobody asks twice.

And the owner corrects what it did not know, having seen what that would change.
"""

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


def in_shell(stack: Stack, script: str, tenant_id: str) -> None:
    """Run a script on the business."""
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", script.format(tenant=tenant_id)],
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


MORNING = """
from tenants.models import SpecialDay, Tenant
from tenants.scoping import tenant_scope

with tenant_scope({tenant!r}):
    SpecialDay.objects.all().delete()
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    Tenant.objects.update(hours={{day: [["00:00", "23:59"]] for day in days}})
"""


@pytest.mark.slow
def test_bot_answers_at_night_and_steps_aside(stack: Stack, agent_page: Page, visitor_page: Page) -> None:
    made = stack.business("Bicis de Noche", "nora@example.com")
    vendors = json.loads((stack.data / "run" / "vendors.json").read_text())["channels"]
    channel = opened(stack, made, "whatsapp", vendors["whatsapp"])
    in_shell(stack, SETTING, made["tenant_id"])

    says(visitor_page, stack, "whatsapp", channel, "hola! mañana q es feriado abren?")
    reads(visitor_page, "10:00")
    ordered(stack, made)
    says(visitor_page, stack, "whatsapp", channel, "y mi pedido donde viene?")
    reads(visitor_page, "P-1042")
    says(visitor_page, stack, "whatsapp", channel, "y tienen rampa para silla de ruedas?")
    reads(visitor_page, "persona")
    says(visitor_page, stack, "whatsapp", channel, "oigan ya es la 3a vez q pasa, kiero hablar c alguien")
    reads(visitor_page, "a más tardar mañana")
    reads(visitor_page, "persona del equipo")

    in_shell(stack, MORNING, made["tenant_id"])
    log_in(agent_page, made["login_url"])
    _agent_asks_nothing_twice(stack, agent_page, f"{stack.base}/b/{made['slug']}/")
    visitor_page.goto(f"{stack.base}/dev/simulator/?kind=whatsapp&number={ANA}&channel={channel}")
    reads(visitor_page, "Ya revisé tu pedido")
    says(visitor_page, stack, "whatsapp", channel, "gracias! y hacen envíos?")
    expect(agent_page.locator(".messages")).to_contain_text("y hacen envíos", timeout=PATIENCE)
    expect(agent_page.locator(".messages")).not_to_contain_text("Enviamos a todo el país")
    _owner_corrects_what_it_did_not_know(agent_page, f"{stack.base}/b/{made['slug']}/settings/knowledge/")


def _agent_asks_nothing_twice(stack: Stack, page: Page, base: str) -> None:
    """One card says it all; a draft that asks for what it holds is held against it before it goes."""
    page.goto(f"{base}inbox/?view=all")
    page.locator(".queue-item", has_text="Ana Flores").locator("a").first.click()
    card = page.locator(".handoff")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("P-1042")
    expect(card).to_contain_text("hablar c alguien")
    draft = page.locator("#composer-text")
    draft.fill("Buenos días, Ana. ¿Me pasas tu número de pedido?")
    expect(page.locator("#draft-hints")).to_contain_text("P-1042", timeout=PATIENCE)
    draft.fill("Buenos días, Ana. Ya revisé tu pedido P-1042.")
    expect(page.locator("#draft-hints")).not_to_contain_text("P-1042", timeout=PATIENCE)
    draft.press("Control+Enter")


def _owner_corrects_what_it_did_not_know(page: Page, knowledge: str) -> None:
    """From the review queue to a draft, its rehearsal over the last 30 days, and only then to customers."""
    page.goto(f"{knowledge}reviews/")
    asked = page.locator(".review-talk .message", has_text="rampa")
    while asked.count() == 0:
        page.keyboard.press("s")
        page.wait_for_load_state()
    page.keyboard.press("b")
    page.locator("#new-question").fill("¿Tienen rampa para silla de ruedas?")
    page.locator("#new-answer").fill("Sí, por la puerta de la calle Luna.")
    page.locator("form", has=page.locator("#new-answer")).get_by_role(
        "button", name="Guardar como borrador"
    ).click()
    page.goto(f"{knowledge}rehearsals/")
    page.keyboard.press("n")
    example = page.locator(".rehearsal-examples li", has_text="rampa")
    expect(example).to_contain_text("Sí, por la puerta de la calle Luna.", timeout=PATIENCE)
    page.keyboard.press("p")
    expect(page.locator(".rehearsal-acts")).to_contain_text("Publicado", timeout=PATIENCE)
