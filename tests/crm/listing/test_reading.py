"""Whom the list shows, in which order, and how far it looks."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.listing import filters, reading, sorts
from crm.listing.filters import BadFilter
from crm.listing.reading import Counted, Wanted
from crm.models import Customer, Label
from tenants.actors import Actor
from tenants.models import Membership
from tests.factories.crm import make_customer
from tests.factories.tenants import Business

DAY = timedelta(days=1)
TODAY = timezone.localdate


def wanted(sort: str = "contact", q: str = "", **given: str | list[str]) -> Wanted:
    texts = {
        name.replace("__", "."): [text] if isinstance(text, str) else text for name, text in given.items()
    }
    return Wanted(q, tuple(filters.read(texts, strictly=True)), sorts.read(sort))


def found(business: Business, *args: Any, by: Membership | None = None, **given: Any) -> list[str]:
    """The names on all pages of two."""
    actor = Actor.of_membership(by) if by else business.actor()
    names, cursor = [], ""
    while True:
        page = reading.page(wanted(*args, **given), actor, cursor=cursor, limit=2)
        names += [one.name for one in page.items]
        cursor = page.next_cursor
        if not cursor:
            return names


def label_id(name: str) -> str:
    return str(Label.objects.get(name=name).pk)


ORDERS = [
    ("contact", ["Álvaro", "beto", "Carla", ""]),
    ("quiet", ["", "Carla", "beto", "Álvaro"]),
    ("newest", ["", "beto", "Álvaro", "Carla"]),
    ("oldest", ["Carla", "Álvaro", "beto", ""]),
    ("name", ["Álvaro", "beto", "Carla", ""]),
    ("nonsense", ["Álvaro", "beto", "Carla", ""]),
]


def test_orders(scope: Business, people: dict[str, Customer]) -> None:
    for sort, names in ORDERS:
        assert (sort, found(scope, sort)) == (sort, names)


FILTERS = [
    ({"label": "any"}, ["Álvaro", "beto"]),
    ({"label": "none"}, ["Carla", ""]),
    ({"language": "es"}, ["Álvaro", "Carla"]),
    ({"language": "none"}, [""]),
    ({"channel": "whatsapp"}, ["Álvaro"]),
    ({"contact_within": "30"}, ["Álvaro", "beto"]),
    ({"no_contact_for": "30"}, ["Carla", ""]),
    ({"came_before": str(TODAY() - 30 * DAY)}, ["Carla"]),
    ({"came_since": str(TODAY() - 30 * DAY)}, ["Álvaro", "beto", ""]),
    ({"consent": "whatsapp.promotion"}, ["Carla"]),
    ({"case": "open"}, ["beto"]),
    ({"case": "none"}, ["Álvaro", "Carla", ""]),
    ({"company": "BICIS norte"}, ["Álvaro"]),
    ({"fact__talla": "m"}, ["Álvaro"]),
    ({"fact__talla": "any"}, ["Álvaro", "beto"]),
    ({"fact__talla": "none"}, ["Carla", ""]),
    ({"fact__puntos": "12.50"}, ["Álvaro"]),
    ({"fact__socio": "yes"}, ["Álvaro"]),
    ({"language": "es", "contact_within": "30"}, ["Álvaro"]),
    ({"language": "es", "no_contact_for": "30", "label": "none"}, ["Carla"]),
]


@pytest.mark.parametrize("few", [3_000, 0])
def test_filters_by_index_and_by_walking(
    scope: Business, people: dict[str, Customer], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(reading, "FEW", few)
    monkeypatch.setattr(reading, "FIRST_STRETCH", 1)
    for given, names in FILTERS:
        check(scope, people, given, names)


def check(scope: Business, people: dict[str, Customer], given: dict[str, str], names: list[str]) -> None:
    by_name = [name for name in ("Álvaro", "beto", "Carla", "") if name in names]
    assert found(scope, **given) == names
    assert found(scope, "name", **given) == by_name
    assert reading.count(wanted(**given), scope.actor()) == Counted(len(names), exact=True)
    gathered, place = [], ""
    while True:
        ids, place = reading.gather(wanted(**given), scope.actor(), place, 1)
        gathered += ids
        if not place:
            break
    assert set(gathered) == {people[name].pk for name in names}


def test_labels_and_creators(scope: Business, people: dict[str, Customer]) -> None:
    vip, wholesale = label_id("VIP"), label_id("Mayoreo")
    assert found(scope, label=vip) == ["Álvaro"]
    assert found(scope, label=[vip, wholesale]) == ["Álvaro", "beto"]
    assert found(scope, created_by=str(scope.agent.pk)) == ["beto"]


def test_words_together_with_filters(
    scope: Business, people: dict[str, Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found(scope, q="alvaro", language="es") == ["Álvaro"]
    assert found(scope, q="alvaro", language="en") == []
    assert reading.count(wanted(q="alvaro"), scope.actor()) == Counted(1, exact=True)
    monkeypatch.setattr(reading, "FEW", 0)
    assert found(scope, q="alvaro", language="es") == ["Álvaro"]


@pytest.mark.parametrize("few", [3_000, 0])
def test_narrow_members_find_and_count_only_theirs(
    scope: Business, narrow: Membership, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(reading, "FEW", few)
    assert found(scope, by=narrow) == ["Carla"]
    assert found(scope, by=narrow, language="es") == ["Carla"]
    assert found(scope, by=narrow, label="any") == []
    assert found(scope, by=narrow, q="alvaro") == []
    for asked in (wanted(), wanted(language="es"), wanted(q="Carla")):
        assert reading.count(asked, Actor.of_membership(narrow)) == Counted(1, exact=True)


def test_out_of_time_it_says_so_and_goes_on(
    scope: Business, people: dict[str, Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "FIRST_STRETCH", 1)
    monkeypatch.setattr(reading, "LONGEST_STRETCH", 1)
    monkeypatch.setattr(reading, "PATIENCE", -1)
    monkeypatch.setattr(reading, "COUNTING", -1)
    asked = wanted(fact__talla="L")
    first = reading.page(asked, scope.actor())
    assert (first.items, first.unfinished) == ([], True)
    second = reading.page(asked, scope.actor(), cursor=first.next_cursor)
    assert [one.name for one in second.items] == ["beto"]
    assert reading.count(asked, scope.actor()) == Counted(0, exact=False)


def test_many_are_counted_up_to_a_bound(scope: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_COUNTED", 2)
    for number in range(3):
        make_customer(f"Cliente {number}", language="es")
    assert reading.count(wanted(), scope.actor()) == Counted(2, exact=False)


NONSENSE = [
    {"label": "x"},
    {"language": "klingon"},
    {"channel": "pigeon"},
    {"contact_within": "0"},
    {"contact_within": "²"},
    {"no_contact_for": "999999"},
    {"came_since": "31/02"},
    {"came_before": "2026-02-31"},
    {"consent": "whatsapp"},
    {"case": "closed"},
    {"company": " "},
    {"created_by": "me"},
    {"fact.talla": "XS"},
    {"fact.puntos": "muchos"},
    {"fact.nothing": "x"},
    {"nothing": "x"},
    {"language": ["es", "en"]},
]


def test_nonsense_is_refused_by_programs_and_left_out_on_pages(
    scope: Business, people: dict[str, Customer]
) -> None:
    for given in NONSENSE:
        texts = {name: [text] if isinstance(text, str) else text for name, text in given.items()}
        with pytest.raises(BadFilter) as refused:
            filters.read(texts, strictly=True)
        assert (refused.value.field, filters.read(texts)) == (next(iter(given)), [])
