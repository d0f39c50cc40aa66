"""Facts are defined, changed and archived, and what customers have already follows or stays, never goes."""

from typing import Any

import pytest

from crm.actions import attributes as actions
from crm.actions.customers import create_customer, update_customer
from crm.attributes import Unfitting
from crm.models import Attribute, Customer
from tenants.actors import Actor
from tests.factories.crm import make_customer
from tests.factories.tenants import Business


def define(name: str = "Talla", kind: str = "text", **more: Any) -> Attribute:
    return actions.define_attribute(name=name, kind=kind, by=Actor.system(), **more)


def kept(key: str = "Talla") -> list[Any]:
    return [row.attributes.get(key) for row in Customer.objects.order_by("pk")]


def test_a_defined_fact_is_kept_in_its_form_and_others_as_they_are(scope: Business) -> None:
    define("Estatura", "number", key="altura")
    define("Talla", "choice", options=["S", "M"])
    given = {"ALTURA": "1.72", "talla": "m", "Libre": "sí"}
    customer = create_customer(name="Ana", attributes=given, by=Actor.system())
    assert customer.attributes == {"altura": "1.72", "Talla": "M", "Libre": "sí"}
    customer = update_customer(customer=customer, attributes={"Talla": None, "Libre": ""}, by=Actor.system())
    assert customer.attributes == {"altura": "1.72"}
    with pytest.raises(Unfitting, match=r"Estatura: .*1,234\.50") as refused:
        update_customer(customer=customer, attributes={"altura": "alta"}, by=Actor.system())
    assert refused.value.field == "attributes"


@pytest.mark.parametrize(
    "given",
    [
        {"name": " "},
        {"name": "x", "kind": "plaid"},
        {"name": "x", "kind": "choice"},
        {"name": "x", "kind": "choice", "options": ["Sí", "si"]},
        {"name": "x", "kind": "choices", "options": ["a;b"]},
        {"name": "x", "kind": "choices", "options": [str(n) for n in range(201)]},
    ],
)
def test_what_is_no_fact_is_refused(scope: Business, given: dict[str, Any]) -> None:
    with pytest.raises(actions.InvalidAttribute):
        define(**given)
    assert not Attribute.objects.exists()


def test_the_same_key_is_not_defined_twice(scope: Business) -> None:
    attribute = define("Tamaño")
    with pytest.raises(actions.AttributeExists, match="“Tamaño”"):
        define("TAMANO")
    actions.archive_attribute(attribute=attribute, by=Actor.system())
    with pytest.raises(actions.AttributeExists, match="“Tamaño”"):
        define("Otro", key="tamano")
    assert actions.bring_back_attribute(attribute=attribute, by=Actor.system()).archived_at is None


def test_what_was_free_is_counted_offered_and_what_does_not_fit_stays(scope: Business) -> None:
    made = [make_customer(attributes={"Talla": value}) for value in ("1,72", 172, "muy alta", "1.80")]
    make_customer(attributes={"Otra": "x"})
    attribute = define("Talla", "number")
    counts = {name: attribute.work[name] for name in ("seen", "fit", "ready", "unfit", "state")}
    assert counts == {"seen": 4, "fit": 1, "ready": 2, "unfit": 1, "state": "done"}
    assert attribute.work["examples"] == [[str(made[2].pk), "muy alta"]]
    assert kept() == ["1,72", 172, "muy alta", "1.80", None]
    actions.convert_values(attribute=attribute, by=Actor.system())
    assert kept() == ["1.72", "172", "muy alta", "1.80", None]


def test_the_kind_changes_only_while_nothing_is_lost(scope: Business) -> None:
    attribute = define("Talla")
    first = make_customer(attributes={"Talla": "42"})
    second = make_customer(attributes={"Talla": "grande"})
    attribute = actions.change_attribute(attribute=attribute, kind="number", by=Actor.system())
    assert (attribute.kind, attribute.work["state"], attribute.work["unfit"]) == ("text", "refused", 1)
    update_customer(customer=second, attributes={"Talla": "43,5"}, by=Actor.system())
    attribute = actions.change_attribute(attribute=attribute, kind="number", by=Actor.system())
    attribute.refresh_from_db()
    assert (attribute.kind, attribute.work["state"], kept()) == ("number", "done", ["42", "43.5"])
    attribute = actions.change_attribute(
        attribute=attribute, kind="choice", options=["42"], by=Actor.system()
    )
    assert (attribute.kind, attribute.work["unfit"]) == ("number", 1)
    attribute = actions.change_attribute(
        attribute=attribute, kind="choice", options=["42", "43.5"], by=Actor.system()
    )
    attribute = actions.change_attribute(
        attribute=attribute, kind="choices", options=["42", "43.5"], by=Actor.system()
    )
    assert kept() == [["42"], ["43.5"]]
    attribute = actions.change_attribute(attribute=attribute, kind="text", by=Actor.system())
    assert (attribute.kind, attribute.options, kept()) == ("text", [], ["42", "43.5"])
    assert first.pk < second.pk


def test_choices_that_customers_have_cannot_go_but_get_other_names(scope: Business) -> None:
    attribute = define("Colores", "choices", options=["Rojo", "Azul", "Verde"])
    make_customer(attributes={"Colores": ["Rojo", "Azul"]})
    with pytest.raises(actions.OptionInUse, match="“Rojo”"):
        actions.change_attribute(attribute=attribute, options=["Azul", "Verde"], by=Actor.system())
    attribute = actions.change_attribute(
        attribute=attribute, options=["Azul", "Carmín"], renamed={"Rojo": "Carmín"}, by=Actor.system()
    )
    assert (attribute.options, kept("Colores")) == (["Azul", "Carmín"], [["Carmín", "Azul"]])
    size = define("Talla", "choice", options=["M", "L"])
    make_customer(attributes={"Talla": "M"})
    size = actions.change_attribute(
        attribute=size, options=["Mediana", "L"], renamed={"M": "Mediana"}, by=Actor.system()
    )
    assert kept()[-1] == "Mediana"


def test_many_are_looked_through_in_batches_that_a_worker_goes_on_with(
    scope: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    for size in range(5):
        make_customer(attributes={"Talla": f"{size},5"})
    attribute = define("Talla")
    assert (attribute.work["seen"], attribute.work["state"]) == (2, "running")
    with pytest.raises(actions.Busy):
        actions.change_attribute(attribute=attribute, kind="number", by=Actor.system())
    assert [actions.go_on(attribute.pk) for _ in range(3)] == [True, False, False]
    actions.change_attribute(attribute=attribute, kind="number", by=Actor.system())
    while actions.go_on(attribute.pk):
        pass
    attribute.refresh_from_db()
    assert (attribute.kind, attribute.work["state"]) == ("number", "done")
    assert kept() == ["0.5", "1.5", "2.5", "3.5", "4.5"]


def test_facts_are_moved_up_and_down(scope: Business) -> None:
    first, second, third = define("A"), define("B"), define("C")
    actions.place_attribute(attribute=third, position=0, by=Actor.system())
    assert [one.name for one in Attribute.objects.all()] == ["C", "A", "B"]
    actions.place_attribute(attribute=first, position=99, by=Actor.system())
    assert [one.name for one in Attribute.objects.all()] == ["C", "B", "A"]
    assert second.pk
