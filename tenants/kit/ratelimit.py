"""How often someone may do something, counted in Valkey; open when Valkey is down."""

import hashlib

import redis
from django.conf import settings
from django.http import HttpRequest

from tenants.kit import valkey


def allow(name: str, who: str, *, limit: int, seconds: int) -> bool:
    """Whether `who` may do `name` once more: at most `limit` times in each window of `seconds`."""
    bucket = hashlib.sha256(who.encode("utf-8", "replace")).hexdigest()[:32]
    key = f"puente:limit:{name}:{bucket}"
    try:
        pipe = valkey.client().pipeline()
        pipe.incr(key)
        pipe.expire(key, seconds, nx=True)
        count, _ = pipe.execute()
    except redis.RedisError:
        return True
    return int(count) <= limit


def address_of(request: HttpRequest) -> str:
    """The caller's address; the last hop's word is believed only behind our own proxy."""
    if settings.TRUST_PROXY:
        return (
            request.headers.get("X-Forwarded-For", "").split(",")[-1].strip() or request.META["REMOTE_ADDR"]
        )
    return request.META.get("REMOTE_ADDR", "")
