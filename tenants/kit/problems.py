"""Problem details (RFC 9457) outside the REST API."""

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse


def problem(status: int, detail: str, **members: Any) -> JsonResponse:
    """An error as application/problem+json; `detail` says what to do."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **members,
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")
