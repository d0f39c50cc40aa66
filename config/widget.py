"""The chat's script at an address that never changes, for sites that are not ours."""

from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.utils.http import quote_etag
from django.views.decorators.http import condition, require_safe

from config.slim import SCRIPT, slim


def version(request: HttpRequest) -> str:
    """Changes when the script does."""
    state = SCRIPT.stat()
    return quote_etag(f"{state.st_mtime_ns:x}-{state.st_size:x}")


@lru_cache(maxsize=1)
def _script(version: str) -> bytes:
    return slim()


@require_safe
@condition(etag_func=version)
def widget_script(request: HttpRequest) -> HttpResponse:
    """The script, for five minutes; every site may load it, and no cookie comes with it."""
    return HttpResponse(
        _script(version(request)),
        content_type="text/javascript; charset=utf-8",
        headers={
            "Cache-Control": "public, max-age=300",
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )
