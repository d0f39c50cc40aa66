"""Which business a key opens."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from tenants import doors
from tenants.doors import Door
from tenants.models import DirectoryEntry


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`. Finds the door (`request.auth`); the base view opens it."""

    def authenticate(self, request: Request) -> tuple[Any, Door] | None:
        """No user and the door behind the key; None without a key. Raises `AuthenticationFailed`."""
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        if scheme.lower() != "bearer" or not secret.strip():
            raise AuthenticationFailed(_("Send the key as: Authorization: Bearer <key>."))
        door = doors.by_secret(DirectoryEntry.Kind.API_KEY, secret.strip())
        if door is None:
            raise AuthenticationFailed(_("This key does not exist or was revoked."))
        return None, door

    def authenticate_header(self, request: Request) -> str:
        """What 401 asks for (RFC 9110 §11.6.1)."""
        return 'Bearer realm="Puente API"'
