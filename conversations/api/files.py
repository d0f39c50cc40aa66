"""Files as the API takes them: a name, and the bytes in base64 inside the JSON body."""

import binascii
from base64 import b64decode
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from conversations.channels.base import File
from tenants.api.serializers import Body

MOST_FILES = 10


@extend_schema_field(OpenApiTypes.BYTE)
class Base64(serializers.Field[bytes, str, str, Any]):
    """Bytes, as text of the standard alphabet (RFC 4648, section 4)."""

    def to_internal_value(self, data: Any) -> bytes:
        try:
            content = b64decode(data, validate=True) if isinstance(data, str) else b""
        except (binascii.Error, ValueError):
            content = b""
        if not content:
            raise serializers.ValidationError(_("Write the file's bytes in base64."))
        return content


class SentFileIn(Body):
    """A file; its type follows from its name."""

    name = serializers.CharField(max_length=200)
    content = Base64(help_text="The bytes in base64; a whole body takes 40 MB.")

    def validate(self, attrs: dict[str, Any]) -> File:  # type: ignore[override]
        return File.named(attrs["name"], attrs["content"])
