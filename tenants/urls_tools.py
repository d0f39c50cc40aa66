"""Addresses inside a business."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse


def burl(request: HttpRequest, name: str, *args: Any) -> str:
    """Reverse a name inside the request's business; the slug need not be said."""
    return reverse(name, args=[request.tenant.slug, *args])
