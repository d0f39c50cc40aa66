"""Fifty customers get a campaign by mail and WhatsApp; who answers in anger is spared until it is settled."""

import json
import subprocess
import sys
import time
import uuid
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import ROOT, Stack, log_in
from tests.journeys.test_one_customer_on_three_channels import opened, says

PATIENCE = 90_000  # milliseconds
SECONDS = 60
BY_MAIL = 29  # of the fifty; the others by WhatsApp
ANA = "Ana Flores"  # one of the simulator's people, known by her number
SETTING = """
from django.utils import timezone
from conversations.models import (
    Channel, MessageTemplate, MessageTemplateVersion, SendingPolicy, Template,
)
from crm.models import Consent, Customer, Purpose, Segment, SegmentMember
from tenants.scoping import tenant_scope

with tenant_scope({tenant!r}):
    now = timezone.now()
    SendingPolicy.objects.create(
        quiet_from="00:00", quiet_until="00:00", weekdays=list(range(7)), keeps_holidays=False, cap_count=9
    )
    segment = Segment.objects.create(name="Los cincuenta", is_list=True)
    people = list(Customer.objects.all())
    SegmentMember.objects.bulk_create(
        [SegmentMember(segment=segment, customer=one, since=now) for one in people]
    )
    Consent.objects.bulk_create(
        [
            Consent(customer=one, medium=medium, purpose=Purpose.PROMOTION, state="given", since=now)
            for one in people for medium in ("email", "whatsapp")
        ]
    )
    vendors = Template.objects.create(
        channel=Channel.objects.get(kind="whatsapp"), vendor_id="9001", name="afinacion", language="es_MX",
        status="approved",
        category="marketing", components=[{{"type": "BODY", "text": "La afinación está a mitad de precio."}}],
    )
    template = MessageTemplate.objects.create(name="Afinación")
    MessageTemplateVersion.objects.create(template=template, number=1, contents={{
        "email": {{"es": {{
            "subject": "Tu bici, {{{{ customer.first_name | default: 'hola' }}}}",
            "blocks": [{{"kind": "text", "text": "La afinación está a mitad de precio."}}],
        }}}},
        "whatsapp": {{"es": {{"template_id": str(vendors.pk), "values": {{}}}}}},
    }})
"""

AT_THE_VENDOR = {
    "id": "9001", "name": "afinacion", "language": "es_MX", "status": "APPROVED", "category": "MARKETING",
    "components": [{"type": "BODY", "text": "La afinación está a mitad de precio."}],
    "parameter_format": "POSITIONAL",
    "more": {"quality_score": {"score": "GREEN"}, "rejected_reason": "NONE"},
}  # fmt: skip


def imported(stack: Stack, made: dict[str, Any], number: str) -> None:
    """Fifty customers out of a file: twenty-nine with an e-mail address, the others with WhatsApp alone."""
    rows = [f"Cliente {n},cliente{n}@correo.example," for n in range(BY_MAIL)]
    rows += [f"Cliente {n},,+52551234{n:04}" for n in range(BY_MAIL, 49)]
    content = "\n".join(["Nombre,Correo,WhatsApp", *rows, f"{ANA},,{number}"])
    edge = uuid.uuid4().hex
    body = (
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="clientes.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\n{content}\r\n--{edge}--\r\n"
    ).encode()
    status, job = stack.call(
        "/api/v1/imports/", body, made["api_key"], f"multipart/form-data; boundary={edge}"
    )
    assert status == 201, job
    one = f"/api/v1/imports/{job['id']}/"
    assert came(stack, made, one, "ready")["mapping"] == ["name", "email", "whatsapp"]
    assert stack.call(f"{one}columns/", b"{}", made["api_key"])[0] == 200
    came(stack, made, one, "checked")
    assert stack.call(f"{one}start/", b"{}", made["api_key"])[0] == 200
    assert came(stack, made, one, "done")["counts"]["created"] == 49  # Ana wrote before


def came(stack: Stack, made: dict[str, Any], path: str, state: str) -> dict[str, Any]:
    """What is at a path once it is in a state."""
    deadline = time.monotonic() + SECONDS
    found: dict[str, Any] = {}
    while time.monotonic() < deadline:
        _status, found = stack.call(path, token=made["api_key"])
        if found["state"] == state:
            return found
        time.sleep(0.2)
    raise AssertionError(found)


def written(stack: Stack, page: Page, made: dict[str, Any], name: str) -> None:
    """A campaign by mail, else by WhatsApp, written on its page and brought to its check."""
    page.goto(f"{stack.base}/b/{made['slug']}/campaigns/")
    page.locator("form[action$='/campaigns/new/'] button").first.click()
    page.locator("#campaign-name").fill(name)
    page.locator("#letter-A").select_option(label="Afinación")
    page.locator("input[name=include]").first.check()
    page.locator("#channel-1").select_option(label="Correo")
    page.locator("#channel-2").select_option(label="whatsapp")
    expect(page.locator("#campaign-audience .segment-count")).to_be_visible(timeout=PATIENCE)
    page.locator("button[value=check]").click()
    page.wait_for_url("**/check/")


@pytest.mark.slow
def test_who_answers_in_anger_is_spared_until_it_is_settled(
    stack: Stack, agent_page: Page, visitor_page: Page
) -> None:
    made = stack.business("Bicis de Campaña", "campa@example.com")
    vendors = json.loads((stack.data / "run" / "vendors.json").read_text())
    channel = opened(stack, made, "whatsapp", vendors["channels"]["whatsapp"])
    says(visitor_page, stack, "whatsapp", channel, "hola, ¿abren mañana?")
    deadline = time.monotonic() + SECONDS
    customers: list[Any] = []
    while not customers and time.monotonic() < deadline:
        customers = stack.call("/api/v1/customers/", token=made["api_key"])[1]["data"]
    ana = customers[0]
    number = next(one["value"] for one in ana["identities"] if one["kind"] == "whatsapp")
    imported(stack, made, number)
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", SETTING.format(tenant=made["tenant_id"])],
        cwd=ROOT, env=stack.environment, check=True, capture_output=True, text=True,
    )  # fmt: skip

    told = Request(
        f"{vendors['env']['PUENTE_SIMULATOR']}/whatsapp/templates",
        json.dumps({"templates": [AT_THE_VENDOR]}).encode(),
        {"Content-Type": "application/json"},
    )
    with urlopen(told, timeout=SECONDS) as answer:
        assert answer.status == 200

    log_in(agent_page, made["login_url"])
    written(stack, agent_page, made, "Afinación a mitad de precio")
    expect(agent_page.locator(".segment-count strong")).to_have_text("50")
    agent_page.locator("form[action$='/submission/'] button").click()
    agent_page.locator("[data-confirm-ok]").click()
    expect(agent_page.locator("#live-map")).to_contain_text("50", timeout=PATIENCE)
    expect(agent_page.locator(".campaign-progress")).to_have_attribute("value", "100", timeout=PATIENCE)

    says(visitor_page, stack, "whatsapp", channel, "¡Dejen de molestar! Mi bici sigue rota y nadie responde.")
    expect(agent_page.locator("#live-replies")).to_contain_text(ANA, timeout=PATIENCE)
    written(stack, agent_page, made, "Enseguida")
    expect(agent_page.locator(".segment-count strong")).to_have_text("49")
    expect(agent_page.locator(".campaign-reasons")).to_contain_text("una persona lo atiende")
    case = {"customer_id": ana["id"], "kind": "complaint", "subject": "La bici sigue rota"}
    status, complaint = stack.call("/api/v1/cases/", json.dumps(case).encode(), made["api_key"])
    assert status == 201

    written(stack, agent_page, made, "Otra vez")
    expect(agent_page.locator(".segment-count strong")).to_have_text("49")
    expect(agent_page.locator(".campaign-reasons")).to_contain_text("queja abierta")
    agent_page.locator(".campaign-reasons a").first.click()
    expect(agent_page.locator("tbody")).to_contain_text(ANA)
    page_of_ana = f"{stack.base}/b/{made['slug']}/customers/{ana['id']}/"
    agent_page.goto(page_of_ana)
    expect(agent_page.locator("body")).to_contain_text("Afinación a mitad de precio", timeout=PATIENCE)

    solved = json.dumps({"resolution": "Se cambió la rueda"}).encode()
    assert stack.call(f"/api/v1/cases/{complaint['id']}/resolution/", solved, made["api_key"])[0] == 200
    written(stack, agent_page, made, "Y otra")
    expect(agent_page.locator(".campaign-reasons")).to_contain_text("una persona lo atiende")
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", PASSED.format(tenant=made["tenant_id"])],
        cwd=ROOT, env=stack.environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    agent_page.reload()
    expect(agent_page.locator(".segment-count strong")).to_have_text("50")


# The pause after an answer is over.
PASSED = """
from datetime import timedelta
from django.db.models import F
from conversations.models import Pause
from tenants.scoping import tenant_scope

with tenant_scope({tenant!r}):
    Pause.objects.update(wrote_at=F("wrote_at") - timedelta(days=8))
"""
