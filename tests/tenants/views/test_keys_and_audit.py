"""API keys and the audit trail."""

import re

import pytest
from django.test import Client
from django.utils import translation

from tenants import audit, audit_words, doors, queries
from tenants.models import ApiKey, DirectoryEntry
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business

API_KEY = DirectoryEntry.Kind.API_KEY


def test_key_is_shown_once(business: Business, owner_client: Client) -> None:
    address = f"{business.base}settings/keys/"
    data = {"name": "Tienda", "scopes": ["orders:read", "orders:write"]}
    response = owner_client.post(address, data)
    page = response.content.decode()
    found = re.search(r"pt_[\w-]{40,}", page)
    assert found
    assert "no-store" in response.headers["Cache-Control"]
    door = doors.by_secret(API_KEY, found[0])
    assert door is not None
    assert door.tenant_id == business.tenant.id
    assert found[0] not in owner_client.get(address).content.decode()
    with tenant_scope(business.tenant.id):
        assert ApiKey.objects.get().scopes == ["orders:read", "orders:write"]


@pytest.mark.parametrize(
    "data", [{"name": "x"}, {"name": "", "scopes": ["orders:read"]}, {"name": "x", "scopes": ["all"]}]
)
def test_key_form_refuses(business: Business, owner_client: Client, data: dict[str, object]) -> None:
    assert owner_client.post(f"{business.base}settings/keys/", data).status_code == 422
    with tenant_scope(business.tenant.id):
        assert ApiKey.objects.count() == 0


def test_key_is_revoked(business: Business, owner_client: Client) -> None:
    owner_client.post(f"{business.base}settings/keys/", {"name": "Tienda", "scopes": ["orders:read"]})
    with tenant_scope(business.tenant.id):
        key = ApiKey.objects.get()
    owner_client.post(f"{business.base}settings/keys/{key.id}/revocation/")
    with tenant_scope(business.tenant.id):
        assert ApiKey.objects.get().revoked_at is not None
    assert DirectoryEntry.objects.filter(kind=API_KEY, tenant_id=business.tenant.id).count() == 0


@pytest.mark.parametrize("number", [1, 3])
def test_keys_page_costs_the_same(
    business: Business, owner_client: Client, number: int, django_assert_num_queries: object
) -> None:
    for _time in range(number):
        owner_client.post(f"{business.base}settings/keys/", {"name": "Tienda", "scopes": ["orders:read"]})
    with django_assert_num_queries(10):  # type: ignore[operator]
        owner_client.get(f"{business.base}settings/keys/")


def fill(business: Business, number: int) -> None:
    with tenant_scope(business.tenant.id):
        for count in range(number):
            audit.record("member.updated", target=None, by=business.actor(), number=count)


def test_trail_is_paged_by_cursor(business: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "AUDIT_PAGE", 2)
    fill(business, 5)
    with tenant_scope(business.tenant.id):

        def numbers(page: queries.AuditPage) -> list[int]:
            return [event.details["number"] for event in page.events]

        first = queries.audit_page(action="member.updated")
        assert (numbers(first), first.newer) == ([4, 3], None)
        second = queries.audit_page(action="member.updated", before=first.older)
        third = queries.audit_page(action="member.updated", before=second.older)
        assert (numbers(second), numbers(third), third.older) == ([2, 1], [0], None)
        back = queries.audit_page(action="member.updated", after=third.newer)
        assert numbers(back) == [2, 1]
        assert numbers(queries.audit_page(action="member.updated", after=back.newer)) == [4, 3]


def test_trail_is_filtered_by_person_and_act(business: Business, owner_client: Client) -> None:
    fill(business, 1)
    address = f"{business.base}settings/audit/"
    everything = owner_client.get(address).context["events"]
    by_act = owner_client.get(address, {"action": "member.updated"}).context["events"]
    by_agent = owner_client.get(address, {"person": str(business.agent.id)}).context["events"]
    assert (len(by_act), len(by_agent)) == (1, 0)
    assert len(everything) > 1


@pytest.mark.parametrize(
    "query",
    [
        {"before": "x"},
        {"after": "\x00"},
        {"person": "x"},
        {"action": "no.such"},
        {"person": "\x00", "before": "9" * 99},
    ],
)
def test_trail_does_not_mind_odd_addresses(
    business: Business, owner_client: Client, query: dict[str, str]
) -> None:
    assert owner_client.get(f"{business.base}settings/audit/", query).status_code == 200


def test_trail_of_another_business_is_not_shown(
    business: Business, other: Business, owner_client: Client
) -> None:
    with tenant_scope(other.tenant.id):
        audit.record("member.updated", target=None, by=other.actor(), word="canario")
    assert "canario" not in owner_client.get(f"{business.base}settings/audit/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_audit_page_costs_the_same(
    business: Business, owner_client: Client, number: int, django_assert_num_queries: object
) -> None:
    fill(business, number)
    with django_assert_num_queries(11):  # type: ignore[operator]
        owner_client.get(f"{business.base}settings/audit/")


def test_trail_reads_like_words(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        changes = {
            "role": ["agent", "owner"],
            "keeps_holidays": [True, False],
            "odd_thing": [[], [["09:00", "14:00"]]],
        }
        event = audit.record(
            "member.updated", target=None, by=business.actor(), name="Ana", empty="", changes=changes,
            scopes=["a", "b"], week={"mon": [], "tue": [["09:00", "14:00"]]},
        )  # fmt: skip
    with translation.override("en"):
        assert audit_words.lines(event) == [
            "name: Ana",
            "role: Agent → Owner",
            "closed on public holidays: yes → no",
            "odd thing: – → 09:00–14:00",
            "allowed to: a, b",
            "week: mon –, tue 09:00–14:00",
        ]
        assert audit_words.word("nobody.named_this") == "nobody.named_this"
