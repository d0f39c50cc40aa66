"""The token bucket: no more than the rate, those above first, and slow rather than none without Valkey."""

from typing import Any

import pytest
import redis

from tenants.kit import bucket, valkey
from tenants.kit.bucket import Bucket, take
from tests.tenants.together import together

SLOW = Bucket("puente:test:slow", 0.001)  # a token in a thousand seconds
WIDE = Bucket("puente:test:wide", 30.0)


def pass_time(of: Bucket, seconds: float) -> None:
    """Let the bucket believe that it was asked so long ago."""
    at = valkey.client().hget(of.key, "at")
    assert isinstance(at, str)
    valkey.client().hset(of.key, "at", f"{float(at) - seconds:.6f}")


def test_one_token_and_then_how_long_to_wait() -> None:
    assert take(SLOW) == 0
    assert 500 < take(SLOW) <= bucket.LONGEST
    pass_time(SLOW, 1_000)
    assert take(SLOW) == 0


def test_a_full_bucket_gives_a_third_of_the_rate_at_once() -> None:
    taken = sum(take(Bucket("puente:test:burst", 0.9 * 3)) == 0 for _ in range(5))
    assert (taken, WIDE.size, WIDE.flow, WIDE.size + WIDE.flow) == (1, 10, 20, 30)


@pytest.mark.parametrize(("level", "taken"), [(0, 10), (1, 8), (2, 7)])
def test_lower_levels_leave_the_last_tokens(level: int, taken: int) -> None:
    still = Bucket("puente:test:still", 0.03)  # nothing flows in meanwhile
    valkey.client().hset(still.key, mapping={"tokens": 10, "at": _now()})
    wide = pytest.MonkeyPatch()
    with wide.context() as patch:
        patch.setattr(Bucket, "size", property(lambda _: 10.0))
        assert sum(take(still, level) == 0 for _ in range(12)) == taken


def test_who_waits_above_gets_the_next_token() -> None:
    assert take(SLOW, 1) == 0
    for level in (2, 1, 0):
        assert take(SLOW, level) > 0
    valkey.client().hset(SLOW.key, mapping={"wanted0": _now() + 2_000, "wanted1": _now() + 2_000})
    pass_time(SLOW, 1_000)
    assert take(SLOW, 2) > 0
    assert take(SLOW, 1) > 0
    assert take(SLOW, 0) == 0
    pass_time(SLOW, 1_000)
    assert take(SLOW, 2) > 0  # an automatic answer still waits
    assert take(SLOW, 1) == 0
    pass_time(SLOW, 1_000)
    assert take(SLOW, 2) == 0


@pytest.mark.django_db(transaction=True)
def test_many_at_once_take_no_more_than_there_are() -> None:
    few = Bucket("puente:test:few", 0.001)
    assert sorted(together(*[lambda: str(take(few) == 0)] * 8)) == ["False"] * 7 + ["True"]


class Away:
    """A Valkey that does not answer."""

    def __call__(self, *_args: Any) -> Any:
        raise redis.ConnectionError("gone")


def test_without_valkey_each_process_keeps_to_a_part_of_the_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr(bucket, "_taker", Away)
    monkeypatch.setattr(bucket, "_LOCAL", bucket._Local())
    monkeypatch.setattr(bucket.time, "monotonic", lambda: now[0])
    one = Bucket("puente:test:alone", 4.0)
    assert (take(one), take(one), take(one, 2)) == (0, 2.0, 6.0)
    now[0] += 2.0
    assert take(one) == 0
    now[0] += 1.0
    assert take(one) == 1.0
    assert take(Bucket("puente:test:other", 4.0)) == 0


def test_the_local_buckets_stay_few(monkeypatch: pytest.MonkeyPatch) -> None:
    local = bucket._Local()
    for number in range(bucket.LOCAL_BUCKETS * 3):
        local.take(Bucket(str(number), 1.0), 0)
    assert len(local._held) <= bucket.LOCAL_BUCKETS + 1


def _now() -> float:
    seconds, micro = valkey.client().time()  # type: ignore[misc]
    return float(seconds + micro / 1_000_000)
