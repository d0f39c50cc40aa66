"""Search: accents and typos forgiven, inside one business, only what one sees."""

import pytest
from django.db import DatabaseError, connection, transaction

from crm.queries import search_customers
from tenants.scoping import tenant_scope
from tests import servers
from tests.factories.crm import make_customer
from tests.factories.tenants import Business


@pytest.fixture
def people(scope: Business) -> Business:
    make_customer("José Ángel Núñez", phone="33 1234 5678", email="pepe.nunez@example.com")
    make_customer("María Fernanda González", company="Panadería La Espiga", email="mafer@espiga.mx")
    make_customer("Mariana Ruiz", phone="55 8765 4321")
    make_customer("Ana", whatsapp="5213398765432")
    make_customer("100%_real\\", telegram="@cien")
    return scope


TYPED: list[tuple[str, list[str]]] = [
    ("jose", ["José Ángel Núñez"]),
    ("JOSÉ", ["José Ángel Núñez"]),
    ("nunez jose", ["José Ángel Núñez"]),
    ("gonzales", ["María Fernanda González"]),
    ("fernnada", ["María Fernanda González"]),
    ("marai gonzalez", ["María Fernanda González"]),
    ("nuñes", ["José Ángel Núñez"]),
    ("espiga", ["María Fernanda González"]),
    ("panaderia", ["María Fernanda González"]),
    ("mafer@", ["María Fernanda González"]),
    ("PEPE.NUNEZ@example.com", ["José Ángel Núñez"]),
    ("3312345678", ["José Ángel Núñez"]),
    ("+52 1 33 1234 5678", ["José Ángel Núñez"]),
    ("044 33 1234-5678", ["José Ángel Núñez"]),
    ("33 9876", ["Ana"]),
    ("8765", ["Ana", "Mariana Ruiz"]),
    ("100%_", ["100%_real\\"]),
    ("real\\", ["100%_real\\"]),
    ("cien", ["100%_real\\"]),
    ("%", ["100%_real\\"]),
    ("zzxqwv", []),
    ("", []),
    ("   ", []),
    ("' OR 1=1 --", []),
    ("x" * 5000, []),
    ("\x00\ud800", []),
]


def test_search_finds(people: Business) -> None:
    for typed, found in TYPED:
        assert sorted(customer.name for customer in search_customers(typed, people.actor())) == sorted(
            found
        ), (typed, found)


@pytest.mark.parametrize("typed", ["$1 %L", "%s %(x)s", "{}", "a" * 99, "🌸 🌸", "\u202e", "_ _ _ _ _ _ _ _"])
def test_search_of_anything_typed_answers(people: Business, typed: str) -> None:
    assert len(search_customers(typed, people.actor())) <= 20


def test_beginnings_come_before_insides(people: Business) -> None:
    names = [customer.name for customer in search_customers("ana", people.actor())]
    assert names[0] == "Ana"
    assert "Mariana Ruiz" in names


def test_search_takes_no_more_than_asked(people: Business) -> None:
    assert len(search_customers("a", people.actor(), limit=2)) == 2


def test_search_of_another_business_finds_nothing(business: Business, other: Business) -> None:
    with tenant_scope(business.tenant.id):
        make_customer("José Ángel Núñez")
    with tenant_scope(other.tenant.id):
        assert search_customers("jose", other.actor()) == []


def test_function_without_a_scope_fails(business: Business) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT crm_search_customers(ARRAY['a'], 'a', NULL, 5)")


def test_function_is_for_our_roles_only(db: None) -> None:
    with servers.superuser(servers.DATABASE) as root:
        owner, roles, secured, settings = root.execute(
            "SELECT pg_get_userbyid(proowner), ARRAY(SELECT DISTINCT CASE grantee WHEN 0 THEN 'public' ELSE"
            " pg_get_userbyid(grantee) END FROM aclexplode(proacl)), prosecdef, proconfig"
            " FROM pg_proc WHERE proname = 'crm_search_customers'"
        ).fetchone()
    assert owner == "puente_search"
    assert set(roles) - {owner} == {"puente_app", "puente_ops"}
    assert secured is True
    assert settings[0] == "search_path=pg_catalog, public, pg_temp"
