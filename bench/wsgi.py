"""The product's WSGI application; below /bench/ a Django without any middleware."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from config.wsgi import application as product

with override_settings(MIDDLEWARE=[]):
    bare = WSGIHandler()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """One server for both, so that they share process, threads and connections."""
    chosen = bare if environ["PATH_INFO"].startswith("/bench/") else product
    return chosen(environ, start_response)
