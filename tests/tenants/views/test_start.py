"""The first ten minutes."""

from django.test import Client

from tenants.models import Tenant
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business


def test_checklist_shows_steps_and_progress(business: Business, owner_client: Client) -> None:
    response = owner_client.get(f"{business.base}start/")
    checklist = response.context["checklist"]
    assert [progress.step.key for progress in checklist.steps if progress.is_done] == ["colleague"]


def test_step_is_put_aside(business: Business, owner_client: Client) -> None:
    response = owner_client.post(f"{business.base}start/profile/dismissal/")
    assert (response.status_code, response.headers["Location"]) == (302, f"{business.base}start/")
    with tenant_scope(business.tenant.id):
        assert Tenant.objects.get().dismissed == ["profile"]


def test_unknown_step_is_404(business: Business, owner_client: Client) -> None:
    assert owner_client.post(f"{business.base}start/no-such/dismissal/").status_code == 404


def test_card_disappears_when_all_is_done(business: Business, owner_client: Client) -> None:
    card = owner_client.get(f"{business.base}start/card/").content.decode()
    assert f'href="{business.base}start/"' in card
    assert "<html" not in card
    for progress in owner_client.get(f"{business.base}start/").context["checklist"].steps:
        owner_client.post(f"{business.base}start/{progress.step.key}/dismissal/")
    assert owner_client.get(f"{business.base}start/card/").content == b""


def test_root_of_a_business_is_its_inbox(business: Business, teammate_client: Client) -> None:
    assert teammate_client.get(business.base).headers["Location"] == f"{business.base}inbox/"
