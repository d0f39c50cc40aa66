"""One person, many spellings."""

import threading

import pytest
from django.db import connection

from crm.identities import (
    IdentityTaken,
    InvalidIdentity,
    attach,
    canonical,
    find_customer,
    resolve,
)
from crm.models import Customer, Identity
from tenants.scoping import tenant_scope
from tests.factories.crm import make_customer
from tests.factories.tenants import Business, make_business

PHONES = [
    # Mexico: the mobile 1 and the old trunk prefixes are gone
    ("MX", "33 1234 5678", "+523312345678"),
    ("MX", "(33) 1234-5678", "+523312345678"),
    ("MX", "044 33 1234 5678", "+523312345678"),
    ("MX", "045 (33) 1234-5678", "+523312345678"),
    ("MX", "01 33 1234 5678", "+523312345678"),
    ("MX", "+52 1 33 1234 5678", "+523312345678"),
    ("MX", "+521 3312345678", "+523312345678"),
    ("MX", "5213312345678", "+523312345678"),
    ("MX", "00 52 33 1234 5678", "+523312345678"),
    ("MX", "+52 55 1234 5678", "+525512345678"),
    ("US", "+5213312345678", "+523312345678"),
    # full-width digits, as some phones' keyboards send
    ("MX", "３３１２３４５６７８", "+523312345678"),
    # Argentina: with 9, with 15, with neither
    ("AR", "+54 9 11 5123-4567", "+541151234567"),
    ("AR", "+54 11 5123-4567", "+541151234567"),
    ("AR", "+54 11 15 5123-4567", "+541151234567"),
    ("AR", "011 15 5123-4567", "+541151234567"),
    ("AR", "11 5123 4567", "+541151234567"),
    ("AR", "5491151234567", "+541151234567"),
    ("AR", "0351 15 612-3456", "+543516123456"),
    ("AR", "+54 9 351 612-3456", "+543516123456"),
    ("AR", "0351 612-3456", "+543516123456"),
    ("AR", "02966 15 42-1234", "+542966421234"),
    ("AR", "+54 9 2966 42-1234", "+542966421234"),
    # Brazil: the ninth digit of mobiles, and landlines that have none
    ("BR", "(11) 98765-4321", "+5511987654321"),
    ("BR", "(11) 8765-4321", "+5511987654321"),
    ("BR", "+55 11 8765-4321", "+5511987654321"),
    ("BR", "+55 85 8765-4321", "+5585987654321"),
    ("BR", "558587654321", "+5585987654321"),
    ("BR", "011 98765-4321", "+5511987654321"),
    ("BR", "0 15 11 98765-4321", "+5511987654321"),
    ("BR", "+55 (51) 9123-4567", "+5551991234567"),
    ("BR", "(11) 3456-7890", "+551134567890"),
    ("BR", "+55 85 3456-7890", "+558534567890"),
    # the neighbours
    ("CL", "9 8765 4321", "+56987654321"),
    ("CO", "300 123 4567", "+573001234567"),
    ("CO", "(601) 234 5678", "+576012345678"),
    ("PE", "987 654 321", "+51987654321"),
    ("UY", "099 123 456", "+59899123456"),
    ("VE", "0414-1234567", "+584141234567"),
    ("EC", "099 123 4567", "+593991234567"),
    ("CR", "8312 3456", "+50683123456"),
    ("GT", "5123 4567", "+50251234567"),
    ("DO", "(809) 555-1234", "+18095551234"),
    ("PR", "787 555 1234", "+17875551234"),
    ("BO", "7 123 4567", "+59171234567"),
    ("PY", "0981 123 456", "+595981123456"),
    ("ES", "612 34 56 78", "+34612345678"),
    ("MX", "33 1234 5678 ext. 12", "+523312345678;ext=12"),
]


@pytest.mark.parametrize(("country", "raw", "value"), PHONES)
def test_canonical_phone(country: str, raw: str, value: str) -> None:
    assert canonical("phone", raw, country).value == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("5213312345678", "+523312345678"),
        ("523312345678", "+523312345678"),
        ("5491151234567", "+541151234567"),
        ("558587654321", "+5585987654321"),
        ("5511987654321", "+5511987654321"),
        ("5213312345678@s.whatsapp.net", "+523312345678"),
        ("+52 33 1234 5678", "+523312345678"),
        ("33 1234 5678", "+523312345678"),
        ("MX.13491208655302741918", "MX.13491208655302741918"),
    ],
)
def test_canonical_whatsapp_is_the_phone(raw: str, value: str) -> None:
    assert canonical("whatsapp", raw, "MX").value == value


@pytest.mark.parametrize(
    ("kind", "raw", "value", "display"),
    [
        ("email", "  Ana.Flores@Example.COM ", "ana.flores@example.com", "Ana.Flores@example.com"),
        ("email", "mailto:ana@example.com", "ana@example.com", "ana@example.com"),
        ("email", "ana@peña.mx", "ana@xn--pea-8ma.mx", "ana@peña.mx"),
        ("email", "ana@PEÑA.mx", "ana@xn--pea-8ma.mx", "ana@peña.mx"),
        ("email", "ana@xn--pea-8ma.mx", "ana@xn--pea-8ma.mx", "ana@xn--pea-8ma.mx"),
        ("email", "ａｎａ@example.com", "ana@example.com", "ana@example.com"),
        ("email", "root@localhost", "root@localhost", "root@localhost"),
        ("email", "ana+bici@example.com", "ana+bici@example.com", "ana+bici@example.com"),
        ("email", '"ana flores"@example.com', '"ana flores"@example.com', '"ana flores"@example.com'),
        ("email", "bounce@my_host.example.com", "bounce@my_host.example.com", "bounce@my_host.example.com"),
        ("telegram", "@AnaFlores", "anaflores", "@anaflores"),
        ("telegram", "https://t.me/AnaFlores", "anaflores", "@anaflores"),
        ("telegram", "123456789", "123456789", "123456789"),
        ("instagram", "https://www.instagram.com/bicis.gdl/", "bicis.gdl", "@bicis.gdl"),
        ("messenger", "7654321098765432", "7654321098765432", "7654321098765432"),
        ("web", "0192F3A0-7E6D-7000-8000-000000000001", "0192f3a0-7e6d-7000-8000-000000000001", None),
        ("external", " erp:CL 00042 ", "erp:CL 00042", "erp:CL 00042"),
    ],
)
def test_canonical_of_other_kinds(kind: str, raw: str, value: str, display: str | None) -> None:
    address = canonical(kind, raw, "MX")
    assert (address.value, address.display) == (value, display or value)


def test_display_is_what_a_person_dials() -> None:
    assert canonical("phone", "5213312345678", "MX").display == "+52 33 1234 5678"
    assert canonical("phone", "011 15 5123-4567", "AR").display == "+54 9 11 5123-4567"
    assert canonical("phone", "+55 11 8765-4321", "BR").display == "+55 11 98765-4321"


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("phone", ""),
        ("phone", "hola"),
        ("phone", "12"),
        ("phone", "+52 33 1234"),
        ("phone", "+999 123456789"),
        ("phone", "9" * 400),
        ("phone", "\x00"),
        ("whatsapp", "x" * 500),
        ("whatsapp", "1" * 400),
        ("email", "ana"),
        ("email", "ana@"),
        ("email", "@example.com"),
        ("email", "ana @example.com"),
        ("email", "ana@example..com"),
        ("email", "a@b,c@d"),
        ("email", f"{'a' * 300}@example.com"),
        ("telegram", "ana flores"),
        ("instagram", "ñandú"),
        ("web", "a" * 256),
        ("external", "a" * 256),
        ("pigeon", "coo"),
    ],
)
def test_canonical_refuses_with_a_sentence(kind: str, raw: str) -> None:
    with pytest.raises(InvalidIdentity) as refusal:
        canonical(kind, raw, "MX")
    assert str(refusal.value).endswith((".", "?"))


@pytest.mark.parametrize(
    "raw", ["\ud800", "a\x00b@c\x00.d", "\u202e", "+" * 99, "٣٣١٢٣٤٥٦٧٨", "-1", "1e9", "' OR 1=1"]
)
@pytest.mark.parametrize("kind", [*Identity.Kind.values])
def test_canonical_never_raises_anything_else(kind: str, raw: str) -> None:
    try:
        address = canonical(kind, raw, "ZZ")
    except InvalidIdentity:
        return
    assert "\x00" not in address.value
    assert len(address.value) <= 255


def test_find_customer_by_another_spelling(scope: Business) -> None:
    ana = make_customer("Ana", phone="33 1234 5678", email="ana@example.com")
    assert find_customer("phone", "+52 1 33 1234 5678", "MX") == ana
    assert find_customer("whatsapp", "5213312345678", "MX") == ana
    assert find_customer("email", "ANA@example.com", "MX") == ana
    assert find_customer("phone", "33 1234 0000", "MX") is None


def test_attach_twice_changes_nothing(scope: Business) -> None:
    ana = make_customer("Ana", phone="33 1234 5678")
    identity, created = attach(ana, "phone", "+521 33 1234 5678", country="MX", verified=True)
    assert created is False
    assert identity.is_verified is True
    assert ana.identities.count() == 1


def test_attach_of_somebody_elses_address_is_refused(scope: Business) -> None:
    ana = make_customer("Ana", phone="33 1234 5678")
    luis = make_customer("Luis")
    with pytest.raises(IdentityTaken) as refusal:
        attach(luis, "whatsapp", "5213312345678", country="MX")
    assert refusal.value.customer == ana
    assert luis.identities.count() == 0


def test_resolve_makes_a_customer_and_finds_him_again(scope: Business) -> None:
    first, created = resolve(kind="whatsapp", raw="5213312345678", name="anita 🌸", country="MX")
    again, created_again = resolve(kind="whatsapp", raw="523312345678", name="Otra", country="MX")
    assert (created, created_again) == (True, False)
    assert again == first
    assert again.name == "anita 🌸"


def test_resolve_finds_a_phone_by_its_whatsapp_and_keeps_both(scope: Business) -> None:
    ana = make_customer("Ana", phone="33 1234 5678", name_confirmed=True)
    found, created = resolve(
        kind="whatsapp", raw="5213312345678", name="anita 🌸", verified=True, country="MX"
    )
    assert (found, created) == (ana, False)
    assert found.name == "Ana"
    assert list(ana.identities.order_by("id").values_list("kind", "is_verified")) == [
        ("phone", False),
        ("whatsapp", True),
    ]


def test_resolve_fills_an_empty_name_only(scope: Business) -> None:
    nameless = make_customer("", email="ana@example.com")
    resolve(kind="email", raw="ana@example.com", name="Ana Flores")
    nameless.refresh_from_db()
    assert nameless.name == "Ana Flores"
    resolve(kind="email", raw="ana@example.com", name="Anita")
    nameless.refresh_from_db()
    assert nameless.name == "Ana Flores"


def test_resolve_stays_inside_the_business(business: Business, other: Business) -> None:
    with tenant_scope(other.tenant.id):
        theirs = make_customer("Ajena", email="ana@example.com")
    with tenant_scope(business.tenant.id):
        ours, created = resolve(kind="email", raw="ana@example.com")
    assert created is True
    assert ours.id != theirs.id


@pytest.mark.django_db(transaction=True)
def test_resolve_in_parallel_gives_one_customer() -> None:
    business = make_business()
    barrier = threading.Barrier(6)
    found: list[tuple[str, bool]] = []

    def arrive(kind: str, raw: str) -> None:
        barrier.wait()
        try:
            with tenant_scope(business.tenant.id):
                customer, created = resolve(kind=kind, raw=raw, country="MX")
                found.append((str(customer.id), created))
        finally:
            connection.close()

    ways = [("whatsapp", "5213312345678"), ("phone", "33 1234 5678"), ("whatsapp", "523312345678")] * 2
    threads = [threading.Thread(target=arrive, args=way) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 6
    assert len({customer_id for customer_id, _created in found}) == 1
    assert sum(created for _customer_id, created in found) == 1
    with tenant_scope(business.tenant.id):
        assert Customer.objects.count() == 1
        assert sorted(Identity.objects.values_list("kind", flat=True)) == ["phone", "whatsapp"]
