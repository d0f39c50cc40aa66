"""/settings/answer-times/ and /settings/assignment/"""

import pytest
from django.test import Client

from conversations.models import SlaPolicy, WorkProfile
from tenants.models import Team
from tenants.permissions import Role
from tenants.scoping import tenant_scope
from tests.factories.crm import make_label
from tests.factories.tenants import Business


def url(business: Business, *parts: object) -> str:
    return f"{business.base}settings/{'/'.join(map(str, parts))}/"


PAGES = [["answer-times"], ["answer-times", "new"], ["assignment"]]


@pytest.mark.parametrize("parts", PAGES)
def test_pages_by_person(
    owner_client: Client,
    teammate_client: Client,
    stranger_client: Client,
    business: Business,
    parts: list[str],
) -> None:
    answers = [
        client.get(url(business, *parts)) for client in (owner_client, teammate_client, stranger_client)
    ]
    assert [answer.status_code for answer in answers] == [200, 403, 404]


def test_a_supervisor_shares_out_but_promises_nothing(business: Business) -> None:
    client = business.client(business.add_member(Role.SUPERVISOR))
    assert client.get(url(business, "assignment")).status_code == 200
    assert client.get(url(business, "answer-times")).status_code == 403


def test_a_policy_is_made_changed_moved_and_removed(owner_client: Client, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        team, label = Team.objects.create(name="Taller"), make_label("VIP")
    new = {"name": "Importantes", "first_minutes": "15", "label": str(label.pk), "team": str(team.pk),
           "priority": "2", "channel_kind": "email", "is_active": "on"}  # fmt: skip
    assert owner_client.post(url(business, "answer-times", "new"), new).status_code == 302
    owner_client.post(url(business, "answer-times", "new"), {"name": "Todos", "next_minutes": "90"})
    with tenant_scope(business.tenant.id):
        first, second = SlaPolicy.objects.all()
    assert (first.team_id, first.label_id, first.priority, first.channel_kind) == (
        team.pk,
        label.pk,
        2,
        "email",
    )
    assert (second.is_active, second.priority, second.narrowed_by) == (False, None, "")
    page = owner_client.get(url(business, "answer-times")).text
    assert "15 min" in page
    assert "1 h 30 min" in page
    change = {"name": "Importantes", "resolution_minutes": "60", "is_active": "on"}
    owner_client.post(url(business, "answer-times", first.pk), change)
    owner_client.post(url(business, "answer-times", second.pk, "place"), {"to": "up"})
    with tenant_scope(business.tenant.id):
        rows = [(one.name, one.first_minutes, one.resolution_minutes) for one in SlaPolicy.objects.all()]
    assert rows == [("Todos", None, None), ("Importantes", None, 60)]
    owner_client.post(url(business, "answer-times", first.pk, "removal"))
    with tenant_scope(business.tenant.id):
        assert SlaPolicy.objects.count() == 1


NO_PROMISES: list[dict[str, str]] = [
    {"first_minutes": ""},
    {"first_minutes": "0"},
    {"first_minutes": "9" * 30},
    {"team": "\x00"},
    {"label": "no"},
    {"priority": "9"},
    {"channel_kind": "fax"},
    {"name": ""},
]


def test_what_makes_no_promise_is_said(owner_client: Client, business: Business) -> None:
    for changes in NO_PROMISES:
        data = {"name": "Todos", "first_minutes": "15", **changes}
        assert owner_client.post(url(business, "answer-times", "new"), data).status_code == 422, changes
        with tenant_scope(business.tenant.id):
            assert SlaPolicy.objects.count() == 0, changes


def test_another_business_s_policy_is_not_there(
    owner_client: Client, business: Business, other: Business
) -> None:
    with tenant_scope(other.tenant.id):
        theirs = SlaPolicy.objects.create(name="Ajena", first_minutes=1)
    for parts in ([], ["removal"], ["place"]):
        data = {"name": "x", "first_minutes": "1"}
        assert owner_client.post(url(business, "answer-times", theirs.pk, *parts), data).status_code == 404


def test_a_team_s_strategy(owner_client: Client, business: Business) -> None:
    with tenant_scope(business.tenant.id):
        team = Team.objects.create(name="Taller")
    for given, kept in (("skills", "skills"), ("x", "skills"), ("", "")):
        owner_client.post(url(business, "assignment", "teams", team.pk), {"assignment": given})
        with tenant_scope(business.tenant.id):
            assert Team.objects.get().assignment == kept


def test_what_a_member_takes(
    owner_client: Client, stranger_client: Client, business: Business, other: Business
) -> None:
    with tenant_scope(business.tenant.id):
        label = make_label("Garantía")
    page = url(business, "assignment", "people", business.agent.pk)
    data = {"languages": ["pt-br"], "channel_kinds": ["email"], "label_ids": [str(label.pk)],
            "most_priority": "2", "most_amount": "1500", "weight": "50"}  # fmt: skip
    assert owner_client.get(page).status_code == 200
    assert owner_client.post(page, data).status_code == 302
    with tenant_scope(business.tenant.id):
        profile = WorkProfile.objects.get()
        assert (profile.languages, profile.channel_kinds, profile.label_ids, profile.weight) == (
            ["pt-br"],
            ["email"],
            [str(label.pk)],
            50,
        )
    text = owner_client.get(url(business, "assignment")).text
    for part in ("Garantía", "1,500", "50"):
        assert part in text
    assert owner_client.post(page, data | {"languages": ["xx"]}).status_code == 422
    assert owner_client.post(page, data | {"most_amount": "1e999999"}).status_code == 422
    assert stranger_client.get(page).status_code == 404
    assert owner_client.get(url(business, "assignment", "people", other.agent.pk)).status_code == 404
