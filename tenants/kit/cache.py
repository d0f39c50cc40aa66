"""Django's cache, in which allauth counts: empty while Valkey is away, so that people still get in.

Guessing stays slow meanwhile: django-axes counts in PostgreSQL.
"""

from typing import Any

import redis
import structlog
from django.core.cache.backends.redis import RedisCache

log = structlog.get_logger("puente.cache")


class ForgivingCache(RedisCache):
    """Redis' cache that forgets instead of failing. Its keys belong to no business."""

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._try(super().add, True, args, kwargs))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(super().get, default, (key, default, version), {})

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._try(super().set, None, args, kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._try(super().delete, False, args, kwargs))

    @staticmethod
    def _try(method: Any, instead: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        try:
            return method(*args, **kwargs)
        except redis.RedisError as error:
            log.warning("cache does not answer", error=str(error))
            return instead
