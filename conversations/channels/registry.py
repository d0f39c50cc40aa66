"""The channel kinds this installation knows: one package each, named in settings."""

from functools import cache
from importlib import import_module

from django.conf import settings

from conversations.channels.base import Adapter


@cache
def adapters() -> dict[str, Adapter]:
    """Every adapter by kind."""
    found = [import_module(f"{package}.adapter").adapter for package in settings.CHANNEL_PACKAGES]
    return {adapter.kind: adapter for adapter in found}


def reaches(identity_kind: str) -> bool:
    """Whether one can write first to an address of this kind on some channel."""
    return any(adapter.reaches(identity_kind) for adapter in adapters().values())


def adapter_for(kind: str) -> Adapter:
    """The adapter of a kind. Raises `KeyError` for one this installation does not know."""
    return adapters()[kind]
