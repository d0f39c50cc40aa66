"""The business's own settings."""

from datetime import date

import pytest
import time_machine
from django.test import Client

from tenants.models import SpecialDay, Tenant
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business

PROFILE = {
    "name": "Bicis del Valle",
    "country": "MX",
    "region": "",
    "timezone": "America/Tijuana",
    "currency": "USD",
    "language": "en",
    "accent": "#123abc",
    "assignment": "round_robin",
    "reopen_hours": "24",
}


def tenant_of(business: Business) -> Tenant:
    with tenant_scope(business.tenant.id):
        return Tenant.objects.get()


def test_profile_is_saved(business: Business, owner_client: Client) -> None:
    response = owner_client.post(f"{business.base}settings/business/", PROFILE)
    assert (response.status_code, response.headers["Location"]) == (302, f"{business.base}settings/business/")
    saved = tenant_of(business)
    assert {field: str(getattr(saved, field)) for field in PROFILE} == PROFILE


REFUSED: list[tuple[str, str]] = [
    ("name", ""),
    ("name", "a\x00b"),
    ("country", "XX"),
    ("timezone", "Mars/Olympus"),
    ("timezone", "../../etc/passwd"),
    ("currency", "XXX"),
    ("language", "tlh"),
    ("accent", "red; background: url(x)"),
    ("reopen_hours", "99999999999999999999"),
    ("reopen_hours", "-1"),
    ("assignment", "magic"),
    ("region", "SP"),
]


def test_profile_refuses(business: Business, owner_client: Client) -> None:
    for field, value in REFUSED:
        response = owner_client.post(f"{business.base}settings/business/", {**PROFILE, field: value})
        assert response.status_code == 422, (field, value)
        assert list(response.context["form"].errors) == [field], (field, value)
        assert tenant_of(business).name == business.tenant.name, (field, value)


def test_change_of_country_drops_the_old_region(business: Business, owner_client: Client) -> None:
    owner_client.post(f"{business.base}settings/business/", {**PROFILE, "country": "BR", "region": "SP"})
    assert tenant_of(business).region == "SP"
    owner_client.post(f"{business.base}settings/business/", {**PROFILE, "country": "MX", "region": "SP"})
    assert (tenant_of(business).country, tenant_of(business).region) == ("MX", "")


def test_hours_of_the_week_are_saved(business: Business, owner_client: Client) -> None:
    data = {
        "mon-opens": ["16:00", "09:00", ""],
        "mon-closes": ["20:00", "14:00", ""],
        "fri-opens": ["20:00"],
        "fri-closes": ["02:00"],
    }
    assert owner_client.post(f"{business.base}settings/hours/", data).status_code == 302
    hours = tenant_of(business).hours
    assert hours["mon"] == [["09:00", "14:00"], ["16:00", "20:00"]]
    assert hours["fri"] == [["20:00", "02:00"]]
    assert hours["tue"] == []


@pytest.mark.parametrize("pair", [("09:00", ""), ("nine", "ten"), ("09:00\x00x", "10:00")])
def test_hours_refuse_and_show_again_what_was_typed(
    business: Business, owner_client: Client, pair: tuple[str, str]
) -> None:
    response = owner_client.post(
        f"{business.base}settings/hours/", {"mon-opens": [pair[0]], "mon-closes": [pair[1]]}
    )
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["mon"]
    assert tenant_of(business).hours == business.tenant.hours


def test_page_offers_one_more_interval_each_day(business: Business, owner_client: Client) -> None:
    page = owner_client.get(f"{business.base}settings/hours/").content.decode()
    assert page.count('name="mon-opens"') == 2
    assert page.count('name="sun-opens"') == 1


@time_machine.travel("2026-11-16T18:00:00Z", tick=False)
def test_page_says_that_today_is_a_holiday(business: Business, owner_client: Client) -> None:
    response = owner_client.get(f"{business.base}settings/hours/")
    assert (response.context["is_open"], response.context["today"].reason) == (False, "Día de la Revolución")
    assert "Navidad" in response.content.decode()


def test_holidays_are_kept_or_not(business: Business, owner_client: Client) -> None:
    owner_client.post(f"{business.base}settings/hours/holidays/", {})
    assert tenant_of(business).keeps_holidays is False
    owner_client.post(f"{business.base}settings/hours/holidays/", {"keeps_holidays": "on"})
    assert tenant_of(business).keeps_holidays is True


def test_special_day_is_made_changed_and_removed(business: Business, owner_client: Client) -> None:
    address = f"{business.base}settings/hours/special-days/"
    new = {"date": "2099-12-24", "name": "Nochebuena", "hours-opens": ["09:00"], "hours-closes": ["14:00"]}
    assert owner_client.post(address, new).status_code == 302
    with tenant_scope(business.tenant.id):
        day = SpecialDay.objects.get()
    assert (day.date, day.hours) == (date(2099, 12, 24), [["09:00", "14:00"]])
    assert owner_client.post(f"{address}{day.id}/", {"date": "2099-12-24", "name": "Cena"}).status_code == 302
    with tenant_scope(business.tenant.id):
        assert list(SpecialDay.objects.values_list("name", "hours")) == [("Cena", [])]
    assert owner_client.post(f"{address}{day.id}/deletion/").status_code == 302
    with tenant_scope(business.tenant.id):
        assert SpecialDay.objects.count() == 0


@pytest.mark.parametrize(
    "changes",
    [{"date": "2099-12-24"}, {"date": "tomorrow"}, {"date": "0000-00-00"}, {"name": ""}, {"name": "x" * 81}],
)
def test_special_day_refuses(business: Business, owner_client: Client, changes: dict[str, str]) -> None:
    with tenant_scope(business.tenant.id):
        SpecialDay.objects.create(date=date(2099, 12, 24), name="Nochebuena")
    data = {"date": "2099-12-25", "name": "Navidad", **changes}
    response = owner_client.post(f"{business.base}settings/hours/special-days/", data)
    assert response.status_code == 422
    with tenant_scope(business.tenant.id):
        assert SpecialDay.objects.count() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_hours_page_costs_the_same(
    business: Business, owner_client: Client, number: int, django_assert_num_queries: object
) -> None:
    with tenant_scope(business.tenant.id):
        for day in range(number):
            SpecialDay.objects.create(date=date(2099, 1, day + 1), name="Inventario")
    with django_assert_num_queries(10):  # type: ignore[operator]
        owner_client.get(f"{business.base}settings/hours/")
