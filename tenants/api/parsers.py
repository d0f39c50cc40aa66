"""JSON bodies, refused where PostgreSQL could not keep what they say."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

DEEPEST = 64


class StrictJSONParser(BaseParser):
    """UTF-8 JSON (RFC 8259) without NUL, lone surrogates, or numbers that are none."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The value. Raises `ParseError`, which is 400."""
        body = stream.read()
        try:
            value = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        except UnicodeDecodeError:
            raise ParseError(_("The body is not UTF-8.")) from None
        except RecursionError:
            raise ParseError(_("The body is nested too deeply.")) from None
        except ValueError as error:
            raise ParseError(_("The body is not JSON: %(reason)s.") % {"reason": error}) from None
        check(value)
        return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def check(value: Any, depth: int = 0) -> None:
    """Raise `ParseError` for what JSON allows and PostgreSQL does not."""
    if depth > DEEPEST:
        raise ParseError(_("The body is nested too deeply."))
    match value:
        case str():
            check_text(value)
        case float() if not math.isfinite(value):
            raise ParseError(_("The body has a number too large to keep."))
        case list():
            for item in value:
                check(item, depth + 1)
        case dict():
            for key, item in value.items():
                check_text(key)
                check(item, depth + 1)


def check_text(text: str) -> None:
    """Raise `ParseError` for text with NUL or half a surrogate pair."""
    if "\x00" in text:
        raise ParseError(_("Text may not hold the NUL character (U+0000)."))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ParseError(_("Text may not hold half of a surrogate pair.")) from None
