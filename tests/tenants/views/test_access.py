"""Every page of the settings for every persona: owner, teammate, stranger, nobody."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from tenants.actions.api_keys import create_api_key
from tenants.actions.invites import create_invite
from tenants.actions.teams import create_team
from tenants.models import SpecialDay
from tenants.permissions import Role
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business

READ_BY_ALL = ["settings/people/", "settings/teams/"]
READ_BY_ADMINS = [
    "start/",
    "start/card/",
    "settings/business/",
    "settings/hours/",
    "settings/keys/",
    "settings/audit/",
    "settings/people/{member}/",
    "settings/teams/{team}/",
    "settings/hours/special-days/{day}/",
]
WRITTEN_BY_ADMINS = [
    "start/profile/dismissal/",
    "settings/business/",
    "settings/hours/",
    "settings/hours/holidays/",
    "settings/hours/special-days/",
    "settings/hours/special-days/{day}/",
    "settings/hours/special-days/{day}/deletion/",
    "settings/people/invites/",
    "settings/people/invites/{invite}/resending/",
    "settings/people/invites/{invite}/revocation/",
    "settings/people/{member}/",
    "settings/people/{member}/deactivation/",
    "settings/people/{member}/reactivation/",
    "settings/teams/new/",
    "settings/teams/{team}/",
    "settings/teams/{team}/deletion/",
    "settings/keys/",
    "settings/keys/{key}/revocation/",
]


def things(business: Business) -> dict[str, object]:
    """One of each thing that has an address of its own."""
    by = business.actor()
    with tenant_scope(business.tenant.id):
        key, _secret = create_api_key(name="Tienda", scopes=["orders:read"], by=by)
        return {
            "member": business.agent.id,
            "team": create_team(name="Taller", by=by).id,
            "invite": create_invite(email="ana@example.com", by=by).id,
            "key": key.id,
            "day": SpecialDay.objects.create(date=date(2026, 12, 24), name="Nochebuena").id,
        }


def test_owner_reads(business: Business, owner_client: Client) -> None:
    made = things(business)
    for path in [*READ_BY_ALL, *READ_BY_ADMINS]:
        address = business.base + path.format(**made)
        assert owner_client.get(address).status_code == 200, path


@pytest.mark.parametrize("path", READ_BY_ALL)
def test_agent_reads_who_works_here(business: Business, teammate_client: Client, path: str) -> None:
    assert teammate_client.get(business.base + path).status_code == 200


def test_agent_is_told_that_he_may_not(business: Business, teammate_client: Client) -> None:
    made = things(business)
    for path in READ_BY_ADMINS:
        assert teammate_client.get(business.base + path.format(**made)).status_code == 403, path


def test_agent_may_not_write(business: Business, teammate_client: Client) -> None:
    made = things(business)
    for path in WRITTEN_BY_ADMINS:
        assert teammate_client.post(business.base + path.format(**made)).status_code == 403, path


def test_stranger_finds_nothing(business: Business, stranger_client: Client) -> None:
    made = things(business)
    for path in [*READ_BY_ALL, *READ_BY_ADMINS, "", "settings/"]:
        assert stranger_client.get(business.base + path.format(**made)).status_code == 404, path


def test_stranger_writes_nothing(business: Business, stranger_client: Client) -> None:
    made = things(business)
    for path in WRITTEN_BY_ADMINS:
        assert stranger_client.post(business.base + path.format(**made)).status_code == 404, path


def test_thing_of_another_business_does_not_exist(
    business: Business, other: Business, owner_client: Client
) -> None:
    foreign = things(other)
    for path in [path for path in WRITTEN_BY_ADMINS if "{" in path]:
        assert owner_client.post(business.base + path.format(**foreign)).status_code == 404, path


def test_unknown_thing_is_404(business: Business, owner_client: Client) -> None:
    for path in [path for path in WRITTEN_BY_ADMINS if "{" in path]:
        unknown = dict.fromkeys(("member", "team", "invite", "key", "day"), uuid4())
        assert owner_client.post(business.base + path.format(**unknown)).status_code == 404, path


@pytest.mark.parametrize("path", [*READ_BY_ALL, "settings/audit/"])
def test_nobody_is_asked_to_log_in(business: Business, client: Client, path: str) -> None:
    address = business.base + path
    response = client.get(address)
    assert (response.status_code, response.headers["Location"]) == (302, f"/login/?next={address}")


def test_act_is_not_done_by_a_link(business: Business, owner_client: Client) -> None:
    made = things(business)
    for path in [path for path in WRITTEN_BY_ADMINS if path not in READ_BY_ADMINS]:
        assert owner_client.get(business.base + path.format(**made)).status_code == 405, path


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.OWNER, "business"),
        (Role.ADMIN, "business"),
        (Role.SUPERVISOR, "people"),
        (Role.ANALYST, "people"),
    ],
)
def test_settings_lead_to_the_first_place_one_may_see(business: Business, role: str, place: str) -> None:
    client = business.client(business.add_member(role))
    response = client.get(f"{business.base}settings/")
    assert response.headers["Location"] == f"{business.base}settings/{place}/"


def test_supervisor_reads_the_trail_and_changes_teams(business: Business) -> None:
    client = business.client(business.add_member(Role.SUPERVISOR))
    assert client.get(f"{business.base}settings/audit/").status_code == 200
    assert client.post(f"{business.base}settings/teams/new/", {"name": "Taller"}).status_code == 302
    assert client.get(f"{business.base}settings/keys/").status_code == 403


def test_navigation_offers_only_what_one_may_see(business: Business, teammate_client: Client) -> None:
    page = teammate_client.get(f"{business.base}settings/people/").content.decode()
    assert f"{business.base}settings/teams/" in page
    assert f"{business.base}settings/keys/" not in page
