"""What a rule may be, how it reads, and what happens when something it names is deleted."""

from typing import Any

import pytest
from django.utils import translation

from crm.models import Attribute, Segment
from crm.segments import compile as compiling
from crm.segments import examples, rules
from crm.segments.params import Names
from crm.segments.registry import CONDITIONS
from crm.segments.rules import InvalidRule
from tenants.actors import Actor
from tests.factories.crm import make_customer, make_label, make_order
from tests.factories.tenants import Business

TWICE = {"is": "orders.count", "op": "at_least", "n": 2, "period": {"last": 12, "unit": "months"}}


def rule(*nodes: Any, match: str = "all") -> dict[str, Any]:
    return {"version": 1, "where": {match: list(nodes)}}


def refusal(given: Any) -> tuple[str, str]:
    with pytest.raises(InvalidRule) as told:
        rules.checked(given, Names())
    return str(told.value), told.value.field


def nested(depth: int) -> dict[str, Any]:
    node: dict[str, Any] = {"all": [TWICE]}
    for _ in range(depth - 1):
        node = {"any": [node]}
    return {"version": 1, "where": node}


@pytest.mark.parametrize("example", examples.EXAMPLES, ids=lambda one: one.key)
def test_every_example_is_a_rule_and_counts(scope: Business, example: examples.Example) -> None:
    names, actor = Names(), Actor.system()
    assert rules.checked(example.rule, names, actor) == example.rule
    assert compiling.count(example.rule, actor, names) == (0, True)


UNMEANT: list[tuple[Any, str]] = [
    (None, "rule"),
    ([], "rule"),
    ({}, "rule/version"),
    ({"version": True, "where": {"all": [TWICE]}}, "rule/version"),
    ({"version": 2, "where": {"all": [TWICE]}}, "rule/version"),
    ({"version": 1}, "rule"),
    ({"version": 1, "where": {"all": []}}, "rule/where/all"),
    ({"version": 1, "where": {"all": [TWICE], "any": [TWICE]}}, "rule/where"),
    ({"version": 1, "where": {"all": {}}}, "rule/where"),
    (rule("x"), "rule/where/all/0/is"),
    (rule({"is": ["label"]}), "rule/where/all/0/is"),
    (rule({"is": "nothing"}), "rule/where/all/0/is"),
    (rule({**TWICE, "n": -1}), "rule/where/all/0/n"),
    (rule({**TWICE, "n": 10**30}), "rule/where/all/0/n"),
    (rule({**TWICE, "n": True}), "rule/where/all/0/n"),
    (rule({**TWICE, "op": {}}), "rule/where/all/0/op"),
    (rule({**TWICE, "more": 1}), "rule/where/all/0"),
    (rule({**TWICE, "period": {"last": 0, "unit": "days"}}), "rule/where/all/0/period"),
    (rule({**TWICE, "period": {"last": 10**9, "unit": "years"}}), "rule/where/all/0/period"),
    (rule({**TWICE, "period": {"next": 1, "unit": "days"}}), "rule/where/all/0/period"),
    (rule({**TWICE, "period": {"from": "0001-01-01"}}), "rule/where/all/0/period"),
    (rule({**TWICE, "period": {"from": "2026-02-31"}}), "rule/where/all/0/period"),
    (rule({**TWICE, "period": {"from": "2026-03-01", "to": "2026-02-01"}}), "rule/where/all/0/period"),
    (rule({"is": "orders.sum", "op": "at_least", "amount": "1e99999"}), "rule/where/all/0/amount"),
    (rule({"is": "orders.sum", "op": "at_least", "amount": "NaN"}), "rule/where/all/0/amount"),
    (rule({"is": "orders.sum", "op": "at_least", "amount": 1.5}), "rule/where/all/0/amount"),
    (rule({"is": "customer.name", "op": "contains", "text": "\x00 "}), "rule/where/all/0/text"),
    (rule({"is": "customer.name", "op": "contains", "text": "x" * 101}), "rule/where/all/0/text"),
    (rule({"is": "label", "op": "any_of", "labels": ["x"]}), "rule/where/all/0/labels"),
    (rule({"is": "label", "op": "any_of", "labels": [{}]}), "rule/where/all/0/labels"),
    (rule({"is": "attribute.choice", "key": [], "op": "any_of", "values": []}), "rule/where/all/0/key"),
    (rule({"is": "segment", "op": "in", "segment": "x"}), "rule/where/all/0/segment"),
    (rule(*[TWICE] * 51), "rule/where"),
    (rule(*[{"any": [TWICE] * 30}] * 2), "rule/where"),
    (nested(6), "rule/where/any/0/any/0/any/0/any/0/any/0"),
]


def test_what_cannot_be_meant_is_a_sentence_and_a_place(scope: Business) -> None:
    for given, place in UNMEANT:
        sentence, told = refusal(given)
        assert told == place, (given, place)
        assert sentence.endswith("."), (given, place)


def test_five_groups_deep_and_fifty_conditions_are_fine(scope: Business) -> None:
    for given in (nested(5), rule(*[TWICE] * 50)):
        kept = rules.checked(given, Names())
        assert compiling.count(kept, Actor.system(), Names()).count == 0


@translation.override("en")
def test_rule_reads_as_a_sentence(scope: Business) -> None:
    vip = make_label("VIP")
    given = rule(
        TWICE,
        {
            "any": [
                {"is": "label", "op": "any_of", "labels": [str(vip.pk)]},
                {"is": "cases.open", "op": "has"},
            ]
        },
        {"none": [{"is": "orders.last", "period": {"before": 1, "unit": "months"}}]},
    )
    assert rules.sentence(rules.checked(given, Names()), Names()) == (
        "Customers of whom all of this is true: at least 2 orders in the last 12 months,"
        " and (any of: label VIP, or an open case), and (none of: last order more than 1 month ago)"
    )


@translation.override("en")
def test_rule_that_names_something_deleted_says_so_and_matches_nobody(scope: Business) -> None:
    vip, ana = make_label("VIP"), make_customer("Ana")
    given = rule({"is": "label", "op": "none_of", "labels": [str(vip.pk)]}, match="any")
    kept = rules.checked(given, Names())
    assert compiling.count(kept, Actor.system(), Names()) == (1, True)
    vip.delete()
    assert rules.missing(kept, Names()) == ["Label: Label was deleted."]
    assert compiling.count(kept, Actor.system(), Names()) == (0, True)
    assert compiling.why(kept, [ana.pk], Names()) == {}


@translation.override("en")
def test_attribute_of_another_kind_is_as_good_as_deleted(scope: Business) -> None:
    points = Attribute.objects.create(key="puntos", name="Puntos", kind=Attribute.Kind.NUMBER)
    make_customer("Ana", attributes={"puntos": "3"})
    given = rule({"is": "attribute.number", "key": "puntos", "op": "at_least", "amount": "2"})
    assert compiling.count(given, Actor.system(), Names()).count == 1
    points.delete()
    assert compiling.count(given, Actor.system(), Names()).count == 0
    assert rules.missing(given, Names()) == ["A number: Fact was deleted."]


@translation.override("en")
def test_broken_segment_breaks_whoever_builds_on_it(scope: Business) -> None:
    vip = make_label("VIP")
    make_customer("Ana")
    inner = Segment.objects.create(
        name="Sin etiqueta", rule=rule({"is": "label", "op": "none_of", "labels": [str(vip.pk)]})
    )
    outer = rule({"is": "segment", "op": "not_in", "segment": str(inner.pk)})
    assert compiling.count(outer, Actor.system(), Names()).count == 0
    vip.delete()
    made = Segment.objects.create(name="Fuera", rule=outer)
    assert compiling.count(outer, Actor.system(), Names()).count == 0
    assert compiling.problems(made, Names()) == ["Sin etiqueta: Label: Label was deleted."]


@translation.override("en")
def test_customer_can_be_told_why(scope: Business) -> None:
    ana = make_customer("Ana", language="es")
    for number in range(3):
        make_order(ana, f"A-{number}")
    given = rule(
        TWICE,
        {
            "any": [
                {"is": "customer.language", "languages": ["en"]},
                {"is": "orders.last", "period": {"last": 2, "unit": "days"}},
            ]
        },
    )
    [reasons] = compiling.why(rules.checked(given, Names()), [ana.pk], Names()).values()
    assert [(one.sentence, one.is_met) for one in reasons] == [
        ("at least 2 orders in the last 12 months", True),
        ("language English", False),
        ("last order in the last 2 days", True),
    ]
    assert reasons[0].evidence == "3"


def test_count_that_takes_too_long_is_an_estimate_or_nothing(
    scope: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_customer("Ana")
    given, slept = rule({"is": "customer.language", "languages": ["es"]}), []
    plain = compiling.customers

    def slow(found: Any, actor: Actor) -> Any:
        slept.append(1)
        if len(slept) == 1 or too_slow:
            return plain(found, actor).extra(where=["pg_sleep(2) IS NOT NULL"])
        return plain(found, actor)

    monkeypatch.setattr(compiling, "customers", slow)
    too_slow = False
    assert compiling.count(given, Actor.system(), Names(), patience=50) == (0, False)
    too_slow = True
    assert compiling.count(given, Actor.system(), Names(), patience=50).is_exact is False
    assert compiling.sample(given, Actor.system(), Names(), patience=50) is None


def test_every_condition_reads_describes_and_shows_itself(scope: Business) -> None:
    from crm.segments import draft

    names = Names()
    for known in CONDITIONS.values():
        row = draft.rows(draft.Draft(where={"all": [draft.fresh(known)]}), names).rows[0]
        assert (row.key, bool(row.controls)) == (known.key, True)
    assert set(rules.json_schema()["properties"]) == {"version", "where"}
