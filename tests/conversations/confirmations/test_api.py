"""Confirmations for integrators."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.utils import timezone

from conversations.models import Confirmation, MessageTemplate
from crm.models import Customer
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.api.conftest import api as api  # noqa: PLC0414
from tests.api.conftest import limited as limited  # noqa: PLC0414
from tests.api.conftest import stranger as stranger  # noqa: PLC0414
from tests.conversations.confirmations.conftest import book, noon
from tests.factories.tenants import Business


def test_steps_are_written_switched_and_deleted(
    business: Business,
    ana: Customer,
    api: Api,
    stranger: Api,
    limited: Callable[..., Api],
) -> None:
    with tenant_scope(business.tenant.id):
        template = str(MessageTemplate.objects.get().pk)
    given = {"happening": "order_ready", "minutes": 60, "template_id": template}
    made = api.post("confirmation-steps/", given).json()
    assert (made["is_on"], made["minutes"]) == (False, 60)
    assert api.post("confirmation-steps/", given).status_code == 409
    at = f"confirmation-steps/{made['id']}/"
    assert api.patch(at, {"minutes": -5}).status_code == 422
    assert api.patch(at, {"template_id": str(uuid4())}).status_code == 422
    assert (
        limited("campaigns:read", "campaigns:write").put(f"{at}switching/", {"is_on": True}).status_code
        == 403
    )
    assert api.put(f"{at}switching/", {"is_on": True}).json()["is_on"] is True
    assert stranger.get(at).status_code == 404
    assert stranger.put(f"{at}switching/", {"is_on": False}).status_code == 404
    assert api.delete(at).status_code == 204


@pytest.mark.parametrize(
    "given", [{}, {"happening": []}, {"minutes": 10**30}, {"asks": "x"}, {"call_minutes": "\x00"}]
)
def test_odd_steps_are_refused(api: Api, given: dict[str, object]) -> None:
    assert api.post("confirmation-steps/", given).status_code in (400, 422)


def test_confirmations_are_listed_and_withdrawn(
    business: Business,
    ana: Customer,
    api: Api,
    stranger: Api,
) -> None:
    with tenant_scope(business.tenant.id):
        book(ana, noon(5))
    found = api.get("confirmations/", {"state": "waiting"}).json()["data"]
    assert [one["happening"] for one in found] == ["appointment_booked", "appointment_starts"]
    today = timezone.localdate(timezone=business.tenant.zone).isoformat()
    assert len(api.get("confirmations/", {"day": today}).json()["data"]) <= 1
    assert api.get("confirmations/", {"day": "9999-12-31"}).json()["data"] == []
    at = f"confirmations/{found[1]['id']}/"
    assert stranger.post(f"{at}withdrawal/").status_code == 404
    assert api.post(f"{at}withdrawal/").json()["reason"] == "by_hand"
    assert api.post(f"{at}withdrawal/").status_code == 409
    assert api.post(f"confirmations/{found[0]['id']}/sending/").status_code == 200
    with tenant_scope(business.tenant.id):
        assert Confirmation.objects.waiting().get().due_at <= timezone.now()
