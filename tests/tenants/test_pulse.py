"""A restored database, and a clock that is wrong, are noticed before anything goes out by itself."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from tenants import pulse
from tenants.kit import valkey
from tenants.models import Pulse
from tenants.pulse import ANYTHING, BY_ITSELF, Why


def why() -> Why | None:
    found = pulse.standstill()
    return found.why if found else None


def test_heart_beats_on_in_its_own_database(db: None) -> None:
    assert why() is None
    numbers = []
    for _ in range(3):
        pulse.beat()
        numbers.append(Pulse.objects.get().number)
        assert why() is None
    assert numbers == sorted(set(numbers))


def test_restored_dump_is_noticed_though_nothing_is_left_outside(db: None) -> None:
    """`pg_restore` makes every table anew: it is another one than the row names."""
    pulse.beat()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tenants_pulse SET home = '7 16384 16999'")
    valkey.client().flushdb()
    assert why() == Why.RESTORED
    before = Pulse.objects.get()
    pulse.beat()
    assert Pulse.objects.get().number == before.number
    assert pulse.is_held(BY_ITSELF)
    assert pulse.is_held(ANYTHING)
    assert pulse.held() == Why.RESTORED
    with pytest.raises(CommandError):
        call_command("clock_is_right")
    pulse.settle()
    assert (why(), pulse.held()) == (None, None)
    pulse.beat()
    assert Pulse.objects.get().number > before.number


def test_rows_that_went_back_are_noticed_by_the_mark(db: None) -> None:
    """As when a disk or a replica comes back: the tables are the same, and older."""
    pulse.beat()
    older = Pulse.objects.values("number", "at").get()
    pulse.beat()
    Pulse.objects.update(**older)
    assert why() == Why.RESTORED
    pulse.settle()
    assert why() is None


def test_clock_that_differs_is_noticed_until_it_agrees(db: None) -> None:
    pulse.beat()
    assert why() is None
    for minutes, held in ((10, True), (-10, True), (1, False), (-1, False)):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            found = pulse.standstill()
            assert bool(found) == held
            assert not pulse.is_held(ANYTHING)
            assert (
                found is None or found.words == "this machine's clock and PostgreSQL's are 10 minutes apart"
            )
        assert why() is None


def test_clock_behind_the_last_beat_is_wrong_unless_somebody_says_so(db: None) -> None:
    pulse.beat()
    Pulse.objects.update(at=timezone.now() + timedelta(days=3))
    assert why() == Why.CLOCK
    call_command("clock_is_right", verbosity=0)
    assert why() is None


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="only Linux counts on while it sleeps")
def test_clock_set_ahead_on_the_only_machine_is_noticed(db: None) -> None:
    """PostgreSQL's clock is the same one there: the time since boot says so."""
    assert why() is None
    [key] = valkey.client().keys("puente:clock:*")
    distance = float(str(valkey.client().get(key)))
    valkey.client().set(key, distance - 3 * 24 * 3600)
    found = pulse.standstill()
    assert found is not None
    assert (found.why, found.words[:53]) == (
        Why.CLOCK,
        "this machine's clock was moved by 4320 minutes while ",
    )
    valkey.client().set(key, distance + 60)
    assert why() is None


def test_without_valkey_the_database_says_enough(db: None, no_valkey: None) -> None:
    pulse.beat()
    assert why() is None
    assert pulse.held() is None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tenants_pulse SET home = 'elsewhere'")
    assert pulse.is_held(ANYTHING)
    pulse.settle()
    assert why() is None
