"""The connection to Valkey: losing it may delay, never lose."""

from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

PATIENCE = 0.2  # seconds
AGAIN = Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,))  # its connections died with it


@cache
def client() -> redis.Redis:
    """A client that gives up after 200 ms, so that no request waits for a dead server."""
    return redis.Redis.from_url(
        settings.VALKEY_URL,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=AGAIN,
        decode_responses=True,
    )


def key(tenant_id: object, *parts: object) -> str:
    """A key that says whose it is: puente:<tenant>:…"""
    return ":".join(["puente", str(tenant_id), *map(str, parts)])
