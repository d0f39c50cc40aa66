"""Secrets at rest: encrypted with the newest key, readable with every older one."""

import json
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.CHANNEL_SECRET_KEYS])


class EncryptedJSONField(models.BinaryField):  # type: ignore[type-arg]
    """JSON that lies encrypted in its column (Fernet: AES-128-CBC with HMAC-SHA256)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def get_default(self) -> Any:
        return self.default() if callable(self.default) else self.default

    def get_prep_value(self, value: Any) -> bytes:
        return _box().encrypt(json.dumps(value).encode())

    def from_db_value(self, value: Any, *args: Any) -> Any:
        return None if value is None else json.loads(_box().decrypt(bytes(value)))  # no row behind a join

    def to_python(self, value: Any) -> Any:
        return value
