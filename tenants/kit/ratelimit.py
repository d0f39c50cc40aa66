"""How often someone may do something, counted in Valkey; open when Valkey is down."""

import hashlib
from dataclasses import dataclass
from functools import cache

import redis
from django.conf import settings
from django.http import HttpRequest
from redis.commands.core import Script

from tenants.kit import valkey

COUNT = """
local counts = {}
for place, key in ipairs(KEYS) do
  counts[place] = redis.call('INCR', key)
  if counts[place] == 1 then redis.call('EXPIRE', key, ARGV[place]) end
end
return counts
"""


@dataclass(frozen=True, slots=True)
class Use:
    """`who` does `name`: at most `limit` times in each window of `seconds`."""

    name: str
    who: str
    limit: int
    seconds: int

    @property
    def key(self) -> str:
        bucket = hashlib.sha256(self.who.encode("utf-8", "replace")).hexdigest()[:32]
        return f"puente:limit:{self.name}:{bucket}"


def allow(name: str, who: str, *, limit: int, seconds: int) -> bool:
    """Whether `who` may do `name` once more: at most `limit` times in each window of `seconds`."""
    return allow_all([Use(name, who, limit, seconds)])


def allow_all(uses: list[Use]) -> bool:
    """The same for several at once, in one message to Valkey: each is counted, all must be allowed."""
    try:
        counts = _counter()([use.key for use in uses], [use.seconds for use in uses], valkey.client())
    except redis.RedisError:
        return True
    return all(count <= use.limit for use, count in zip(uses, counts, strict=True))


def is_spent(uses: list[Use]) -> bool:
    """Whether one of them was wanted more often than it is allowed; counts nothing."""
    try:
        counts = valkey.client().mget([use.key for use in uses])
    except redis.RedisError:
        return False
    return any(int(count or 0) > use.limit for use, count in zip(uses, counts, strict=True))


@cache
def _counter() -> Script:
    """Counts in one step; Valkey keeps it by its hash and gets it again when it does not know it."""
    return valkey.client().register_script(COUNT)


def address_of(request: HttpRequest) -> str:
    """The caller's address; the last hop's word is believed only behind our own proxy."""
    told = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.TRUST_PROXY else ""
    return told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
