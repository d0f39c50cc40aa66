"""Files of a person, saved to disk and never shown in the browser."""

from typing import Any

from django.http import Http404
from django.utils.csp import CSP

from tenants.kit.serving import serve
from tenants.requests import BusinessRequest

SAVED_FILE: dict[str, Any] = {"default-src": [CSP.NONE], "sandbox": True, "frame-ancestors": [CSP.NONE]}


def saved(request: BusinessRequest, file: Any, name: str, etag: str) -> Any:
    """The file as a download. Raises `Http404` where there is none."""
    if not file:
        raise Http404
    try:
        return serve(request, file, name=name, etag=etag, download=True)
    except FileNotFoundError:
        raise Http404 from None
