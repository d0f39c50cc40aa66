"""What is remembered of customers: from whom, how sure, and never against what a person confirmed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from crm import preferences, timeline
from crm.actions import learning
from crm.actions import preferences as actions
from crm.actions.learning import wilson
from crm.actions.preferences import Outcome
from crm.fact_tasks import learn_preferences
from crm.models import Customer, Preference, TimelineEntry
from crm.preferences import InvalidPreference
from tenants.actors import Actor
from tenants.scoping import tenant_scope, uuid7
from tests.factories.crm import make_customer, make_order
from tests.factories.tenants import Business

MORNING = datetime(2026, 6, 1, 16, tzinfo=UTC)  # ten o'clock in Mexico City


@pytest.fixture
def ana(scope: Business) -> Customer:
    return make_customer("Ana")


def writes(
    customer: Customer, days: int, *, channel: str = "whatsapp", hour: int = 10, times: int = 1
) -> None:
    """On so many days, by the clock in Mexico."""
    start = (timezone.now() - timedelta(days=100)).replace(hour=0, minute=0, second=0, microsecond=0)
    for day in range(days):
        for minute in range(times):
            timeline.record(
                customer=customer,
                kind=TimelineEntry.Kind.MESSAGE_IN,
                happened_at=start + timedelta(days=day, hours=hour + 6, minutes=minute),
                object_id=uuid7(),
                channel=channel,
            )


def told(
    customer: Customer, topic: str, value: str, by: Actor | None = None, **more: Any
) -> actions.Remembered:
    return actions.remember(customer=customer, topic=topic, value=value, by=by or Actor.system(), **more)


def kept(customer: Customer) -> dict[str, tuple[str, str, int]]:
    rows = Preference.objects.filter(customer=customer, forgotten_at=None)
    return {row.topic: (row.value, row.source, row.confidence) for row in rows}


# --- by people ---


def test_topics_and_codes_are_known_in_every_language(ana: Customer) -> None:
    for language in ("es", "pt-br", "en"):
        with translation.override(language):
            assert preferences.topic_of(str(preferences.TOPICS["channel"])) == "channel"
            assert preferences.value_of("daytime", str(preferences.DAYTIMES["evening"])) == "evening"
    assert preferences.topic_of(" Talla ") == "Talla"
    with pytest.raises(InvalidPreference):
        preferences.value_of("channel", "paloma")


def test_the_same_again_is_one_and_another_replaces_what_nobody_confirmed(ana: Customer) -> None:
    assert told(ana, "Talla", "M", confidence=60).outcome == Outcome.REMEMBERED
    assert told(ana, "talla", "m", confidence=90).outcome == Outcome.SAME
    assert kept(ana) == {"Talla": ("M", "agent", 90)}
    assert told(ana, "TALLA", "L", source="customer").outcome == Outcome.CHANGED
    assert kept(ana) == {"Talla": ("L", "customer", 100)}


def test_what_a_person_confirmed_is_contradicted_not_overwritten(scope: Business, ana: Customer) -> None:
    owner = scope.actor()
    size = told(ana, "Talla", "M").preference
    actions.confirm(preference=size, by=owner)
    assert told(ana, "Talla", "L", source="customer").outcome == Outcome.CONTRADICTS
    [shown] = preferences.of_customer(ana)
    assert (shown.value, shown.rival_name, shown.is_confirmed) == ("M", "L", True)
    assert preferences.in_a_line((shown,)) == ""
    actions.confirm(preference=size, by=owner)
    [shown] = preferences.of_customer(ana)
    assert (shown.rival_name, preferences.in_a_line((shown,))) == ("", "Talla M")
    assert told(ana, "Talla", "XL", by=owner).outcome == Outcome.CHANGED


def test_everything_can_be_taken_back(scope: Business, ana: Customer) -> None:
    owner = scope.actor()
    first = told(ana, "Alergias", "níquel", by=owner)
    states = []
    for act in (
        lambda one: actions.confirm(preference=one, by=owner),
        lambda one: actions.correct(preference=one, value="ninguna", by=owner),
        lambda one: actions.forget(preference=one, by=owner),
    ):
        before = Preference.objects.filter(customer=ana).values().get()
        states.append(before)
        kept_before = act(Preference.objects.get(customer=ana))
        assert Preference.objects.filter(customer=ana).values().first() != before
        actions.take_back(customer=ana, before=kept_before, by=owner)
        assert Preference.objects.filter(customer=ana).values().get() == before
    actions.take_back(customer=ana, before=first.before, by=owner)
    assert kept(ana) == {}


@pytest.mark.parametrize(
    "given",
    [{"topic": ""}, {"value": " "}, {"source": "behaviour"}, {"source": "x"}, {"confidence": 101}],
)
def test_what_says_nothing_is_refused(ana: Customer, given: dict[str, Any]) -> None:
    with pytest.raises(InvalidPreference):
        actions.remember(**{"customer": ana, "topic": "a", "value": "b", "by": Actor.system(), **given})
    assert kept(ana) == {}


# --- by behaviour ---


def test_wilsons_bound() -> None:
    assert [wilson(0, 0), wilson(3, 3), wilson(30, 30), wilson(5, 10), wilson(0, 9)] == [0, 52, 91, 26, 0]


def test_channel_and_time_are_learned_from_days_not_from_bursts(ana: Customer) -> None:
    writes(ana, 8, channel="whatsapp", hour=17)
    writes(ana, 1, channel="email", hour=9, times=40)
    learning.learn_batch("")
    assert kept(ana) == {
        "channel": ("whatsapp", "behaviour", wilson(8, 9)),
        "daytime": ("afternoon", "behaviour", wilson(8, 9)),
    }
    row = Preference.objects.get(customer=ana, topic="daytime")
    assert row.evidence == {"hits": 8, "of": 9, "hour": 17}
    before = list(Preference.objects.order_by("pk").values())
    learning.learn_batch("")
    assert list(Preference.objects.order_by("pk").values()) == before


def test_what_is_no_longer_true_gets_less_sure_and_is_forgotten(ana: Customer) -> None:
    writes(ana, 10)
    learning.learn_batch("")
    assert kept(ana)["channel"][2] == wilson(10, 10)
    writes(ana, 6, channel="email")
    learning.learn_batch("")
    assert kept(ana)["channel"] == ("whatsapp", "behaviour", wilson(10, 16))
    writes(ana, 10, channel="email", hour=11)
    learning.learn_batch("")
    assert "channel" not in kept(ana)
    writes(ana, 60, channel="email", hour=8)
    learning.learn_batch("")
    assert kept(ana)["channel"][:2] == ("email", "behaviour")
    TimelineEntry.objects.filter(customer=ana).update(happened_at=MORNING - timedelta(days=900))


def test_a_favourite_is_what_was_bought_three_times(ana: Customer) -> None:
    for number in range(4):
        names = ["Café Chiapas", "CAFE CHIAPAS"] if number < 3 else ["Filtros"]
        make_order(ana, f"A-{number}", items=[{"name": name, "quantity": 1} for name in names])
    make_order(make_customer("Eva"), "B-1", items=[{"name": "Café Chiapas", "quantity": 9}])
    learning.learn_batch("")
    assert [(row.topic, row.evidence) for row in Preference.objects.all()] == [
        ("product", {"hits": 3, "of": 4})
    ]
    assert kept(ana)["product"] == ("CAFE CHIAPAS", "behaviour", wilson(3, 4))
    ana.orders.filter(external_id="A-0").update(status="refunded")  # type: ignore[attr-defined]
    learning.learn_batch("")
    assert kept(ana) == {}


def test_behaviour_stands_beside_what_a_person_said_until_one_decides(scope: Business, ana: Customer) -> None:
    owner = scope.actor()
    preference = told(ana, "channel", "phone", by=owner).preference
    writes(ana, 10)
    learning.learn_batch("")
    [shown] = [one for one in preferences.of_customer(ana) if one.topic == "channel"]
    assert (shown.value, shown.rival_value) == ("phone", "whatsapp")
    actions.confirm(preference=preference, by=owner)
    learning.learn_batch("")
    [shown] = [one for one in preferences.of_customer(ana) if one.topic == "channel"]
    assert (shown.value, shown.rival_value) == ("phone", "")


def test_what_was_forgotten_or_corrected_is_not_learned_again(scope: Business, ana: Customer) -> None:
    owner = scope.actor()
    writes(ana, 10)
    learning.learn_batch("")
    actions.forget(preference=Preference.objects.get(customer=ana, topic="channel"), by=owner)
    actions.correct(preference=Preference.objects.get(topic="daytime"), value="evening", by=owner)
    learning.learn_batch("")
    assert kept(ana) == {"daytime": ("evening", "agent", 100)}
    assert [one.rival_name for one in preferences.of_customer(ana)] == [""]


def test_batches_follow_each_other_and_the_task_may_run_twice(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "BATCH", 2)
    with tenant_scope(business.tenant.id):
        for number in range(5):
            writes(make_customer(f"C{number}"), 4)
    for _turn in range(2):
        learn_preferences(str(business.tenant.id))
        with tenant_scope(business.tenant.id):
            assert Preference.objects.count() == 10


def test_learning_asks_no_more_of_many_than_of_one(scope: Business, django_assert_num_queries: Any) -> None:
    for number in range(3):
        writes(make_customer(f"C{number}"), 4)
    learning.learn_batch("")
    with django_assert_num_queries(7):
        learning.learn_batch("")
    for number in range(3):
        writes(make_customer(f"D{number}"), 4)
    learning.learn_batch("")
    with django_assert_num_queries(7):
        learning.learn_batch("")
