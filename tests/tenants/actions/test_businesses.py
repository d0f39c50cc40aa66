"""Opening a business and changing what it is."""

from datetime import date

import pytest

from tenants import doors
from tenants.actions.businesses import (
    create_business,
    delete_special_day,
    dismiss_step,
    free_slug,
    set_special_day,
    update_business,
)
from tenants.models import AuditEvent, SpecialDay, Tenant
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business, make_user
from tests.tenants.together import together


def test_everything_follows_from_the_country(db: None) -> None:
    tenant = create_business(name="Padaria Boa", country="BR", owner=make_user()).tenant
    assert (tenant.timezone, tenant.currency, tenant.language) == ("America/Sao_Paulo", "BRL", "pt-br")
    assert tenant.slug == "padaria-boa"


def test_name_is_one_clean_line(db: None) -> None:
    tenant = create_business(name="  Café\x00\n del  Sol ", country="MX", owner=make_user()).tenant
    assert tenant.name == "Café del Sol"


@pytest.mark.parametrize(("name", "slug"), [("Nueva", "nueva"), ("new", "new-1"), ("🚲🚲", "negocio")])
def test_free_slug_is_never_empty_or_reserved(db: None, name: str, slug: str) -> None:
    assert free_slug(name) == slug


def test_same_name_gets_another_address(business: Business) -> None:
    second = create_business(name=business.tenant.name, country="MX", owner=make_user())
    assert second.tenant.slug == f"{business.tenant.slug}-2"


def test_unknown_country_raises(db: None) -> None:
    with pytest.raises(KeyError):
        create_business(name="Bicis", country="XX", owner=make_user())


@pytest.mark.django_db(transaction=True)
def test_two_of_one_name_at_once_both_open() -> None:
    users = [make_user(), make_user()]
    outcomes = together(
        *(
            lambda user=user: create_business(name="Bicis", country="MX", owner=user).tenant.slug
            for user in users
        )
    )
    assert outcomes == ["bicis", "bicis-2"]


def test_renaming_shows_in_the_list_of_businesses(scope: Business) -> None:
    update_business(tenant=scope.tenant, by=scope.actor(), name="Bicis del Valle")
    assert [found.name for found in doors.businesses_of(scope.owner.user_id)] == ["Bicis del Valle"]
    assert Tenant.objects.get().slug == "bicis-tapatias"


def test_update_writes_down_what_changed_and_what_was_looked_at(scope: Business) -> None:
    update_business(tenant=scope.tenant, by=scope.actor(), currency="USD", country="MX")
    update_business(tenant=scope.tenant, by=scope.actor(), currency="USD")
    details = (
        AuditEvent.objects.filter(action="business.updated").order_by("id").values_list("details", flat=True)
    )
    assert list(details) == [{"changes": {"currency": ["MXN", "USD"]}}, {"changes": {}}]


def test_special_day_comes_and_goes(scope: Business) -> None:
    day = set_special_day(
        special_day=SpecialDay(date=date(2026, 12, 24), name="Nochebuena", hours=[["09:00", "14:00"]]),
        by=scope.actor(),
    )
    assert SpecialDay.objects.get().hours == [["09:00", "14:00"]]
    delete_special_day(special_day=day, by=scope.actor())
    assert SpecialDay.objects.count() == 0
    actions = AuditEvent.objects.filter(action__startswith="special_day").order_by("id")
    assert list(actions.values_list("action", flat=True)) == ["special_day.set", "special_day.deleted"]


def test_dismissed_step_stays_dismissed_once(scope: Business) -> None:
    for _time in range(2):
        dismiss_step(tenant=scope.tenant, step="colleague", by=scope.actor())
    assert Tenant.objects.get().dismissed == ["colleague"]
    assert AuditEvent.objects.filter(action="step.dismissed").count() == 1


def test_business_of_one_is_not_in_the_list_of_another(business: Business, other: Business) -> None:
    assert [found.slug for found in doors.businesses_of(other.owner.user_id)] == [other.tenant.slug]
    with tenant_scope(business.tenant.id):
        assert Tenant.objects.get().id == business.tenant.id
