"""How often a key may call, counted in Valkey; open when Valkey is down."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import redis
from django.conf import settings
from rest_framework.throttling import BaseThrottle

from tenants.kit import valkey

if TYPE_CHECKING:
    from rest_framework.views import APIView  # REST framework's settings load this module first

WINDOW = 60  # seconds


@dataclass(frozen=True, slots=True)
class Rate:
    """How a key stands in the running window."""

    limit: int
    left: int
    reset: int  # seconds until the window ends

    def headers(self) -> dict[str, str]:
        """RateLimit fields of draft-ietf-httpapi-ratelimit-headers."""
        return {
            "RateLimit-Policy": f'"key";q={self.limit};w={WINDOW}',
            "RateLimit": f'"key";r={self.left};t={self.reset}',
        }


class KeyThrottle(BaseThrottle):
    """So many requests of one key in each minute of the clock."""

    rate: Rate | None = None

    def allow_request(self, request: Any, view: APIView) -> bool:
        """Count the request; the view shows `request.rate` in its headers."""
        now = time.time()
        key = valkey.key(request.actor.tenant_id, "api", request.actor.api_key.id, int(now // WINDOW))
        try:
            pipe = valkey.client().pipeline(transaction=False)
            pipe.incr(key)
            pipe.expire(key, 2 * WINDOW)
            count = int(pipe.execute()[0])
        except redis.RedisError:
            return True
        limit = settings.API_RATE
        self.rate = Rate(limit, max(0, limit - count), math.ceil(WINDOW - now % WINDOW))
        request.rate = self.rate
        return count <= limit

    def wait(self) -> float | None:
        return self.rate.reset if self.rate else None
