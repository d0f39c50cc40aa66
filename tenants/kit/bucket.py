"""How many messages a second may go out, kept in Valkey; without it each process keeps to a part of it.

A bucket holds tokens and is filled steadily: whoever takes none waits. In any second no more are given out
than `rate`. Those of a lower level leave the last tokens to a higher one, and wait while a higher one does.
"""

import threading
import time
from dataclasses import dataclass
from functools import cache

import redis
from redis.commands.core import Script

from tenants.kit import valkey

PROCESSES = 8  # so many may run when they cannot count together
PATIENCE = 10  # seconds for which one who waits keeps others of lower levels from taking his token
LONGEST = 600  # seconds one is told to wait at most
LOCAL_BUCKETS = 1_000

TAKE = """
local key = KEYS[1]
local rate, size, level, kept = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local found = redis.call('HMGET', key, 'tokens', 'at', 'wanted0', 'wanted1')
local tokens = math.min(size, (tonumber(found[1]) or size) + (now - (tonumber(found[2]) or now)) * rate)
local need = 1 + kept
for higher = 0, level - 1 do
  if (tonumber(found[3 + higher]) or 0) > now then need = need + 1 end
end
local wait = 0
if tokens >= need then
  tokens = tokens - 1
  redis.call('HDEL', key, 'wanted' .. level)
else
  wait = math.max(need - tokens, 0.01) / rate
  if level < 2 then redis.call('HSET', key, 'wanted' .. level, now + wait + tonumber(ARGV[5])) end
end
redis.call('HSET', key, 'tokens', string.format('%.6f', tokens), 'at', string.format('%.6f', now))
redis.call('EXPIRE', key, math.ceil(size / rate) + 60)
return string.format('%.3f', wait)
"""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Of one channel of one business: `rate` tokens a second."""

    key: str
    rate: float

    @property
    def size(self) -> float:
        """What may go at once. With what flows in meanwhile it is `rate` in the first second."""
        return max(1.0, self.rate / 3)

    @property
    def flow(self) -> float:
        """Tokens a second that flow in."""
        return self.rate if self.size == 1 else self.rate * 2 / 3

    def kept(self, level: int) -> float:
        """Tokens that a level leaves to those above it."""
        return 0.0 if self.size < 2 or level == 0 else max(1.0, self.size * 0.15 * level)


def take(bucket: Bucket, level: int = 0) -> float:
    """Take a token: 0 when there was one, else how many seconds until there may be one."""
    asked = [bucket.flow, bucket.size, level, bucket.kept(level), PATIENCE]
    try:
        wait = float(_taker()([bucket.key], asked, valkey.client()))
    except redis.RedisError:
        wait = _LOCAL.take(bucket, level)
    return min(wait, LONGEST)


@cache
def _taker() -> Script:
    """Takes in one step; Valkey keeps it by its hash and gets it again when it does not know it."""
    return valkey.client().register_script(TAKE)


class _Local:
    """Buckets of this process, for while Valkey is away: slow, so that all together stay below the rate."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, tuple[float, float]] = {}  # tokens, when

    def take(self, bucket: Bucket, level: int) -> float:
        flow, now = bucket.rate / PROCESSES, time.monotonic()
        with self._lock:
            if len(self._held) > LOCAL_BUCKETS:
                self._held.clear()
            tokens, at = self._held.get(bucket.key, (1.0, now))
            tokens = min(1.0, tokens + (now - at) * flow)
            # Lower levels wait for a full bucket and a little longer, so that others come first.
            wait = 0.0 if tokens >= 1 else (1 - tokens) / flow * (1 + level)
            self._held[bucket.key] = (tokens if wait else tokens - 1, now)
        return wait


_LOCAL = _Local()
