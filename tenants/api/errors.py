"""Every error as a problem (RFC 9457): one shape, from a mistyped address to a broken server."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response

from tenants.refusals import Refused

log = structlog.get_logger("puente.api")
MEDIA_TYPE = "application/problem+json"

# The last part of `type`, by status. They are part of the API: docs/guides/api.md explains each.
TYPES = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "conflict",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid",
    429: "throttled",
    500: "internal",
    503: "unavailable",
}


class Malformed(exceptions.APIException):
    """A request that cannot be read: 400, with the parameters it is about."""

    status_code = status.HTTP_400_BAD_REQUEST

    def __init__(self, detail: str, parameter: str = "") -> None:
        super().__init__(detail)
        self.parameter = parameter


def problem(
    request: Any, code: int, detail: str, errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """The body of an error."""
    body: dict[str, Any] = {
        "type": f"urn:puente:problem:{TYPES.get(code, 'malformed')}",
        "title": HTTPStatus(code).phrase,
        "status": code,
        "detail": detail,
        "instance": f"urn:uuid:{getattr(request, 'id', '')}",
    }
    return {**body, "errors": errors} if errors else body


def problem_response(exc: Exception, context: dict[str, Any]) -> Response:
    """REST framework's exception handler: whatever was raised becomes a problem."""
    request = context["request"]
    code, detail, errors, headers = describe(exc, request)
    if code == status.HTTP_500_INTERNAL_SERVER_ERROR:
        log.exception("unexpected error", exc_info=exc)
        got_request_exception.send(sender=problem_response, request=request._request)
    body = problem(request, code, detail, errors)
    return Response(body, status=code, headers=headers, content_type=MEDIA_TYPE)


type Described = tuple[int, str, list[dict[str, str]], dict[str, str]]


def describe(exc: Exception, request: Any) -> Described:
    """Status, sentence, errors by field and headers of an exception."""
    match exc:
        case exceptions.ValidationError():
            return _of_validation(exc, request)
        case Malformed():
            errors = [{"parameter": exc.parameter, "detail": str(exc.detail)}] if exc.parameter else []
            return exc.status_code, str(exc.detail), errors, {}
        case exceptions.APIException():
            return exc.status_code, _sentence(exc), [], _headers(exc)
        case Refused():
            place = ("parameter", exc.field) if exc.status == 400 else ("pointer", f"/{exc.field}")
            errors = [dict([place, ("detail", str(exc))])] if exc.field else []
            later = {"Retry-After": str(exc.retry_after)} if exc.retry_after else {}
            return exc.status, str(exc), errors, later
    return *_of_django(exc), [], {}


def _of_django(exc: Exception) -> tuple[int, str]:
    match exc:
        case Http404():
            return 404, _("There is nothing at this address.")
        case PermissionDenied():
            return 403, str(exc) or _("This is not allowed.")
        case RequestDataTooBig():
            return 413, _("The body is too large.")
        case SuspiciousOperation():
            return 400, _("The request cannot be read.")
    return 500, _("Something went wrong on our side. Nothing was changed; please try again.")


def _sentence(exc: exceptions.APIException) -> str:
    if isinstance(exc, exceptions.NotFound):
        return _("There is nothing at this address.")
    return str(exc.detail)


def _headers(exc: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = str(exc.auth_header)  # type: ignore[attr-defined]
    if getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(exc.wait))  # type: ignore[attr-defined]
    return headers


def _of_validation(exc: exceptions.ValidationError, request: Any) -> Described:
    """Wrong fields of a body: 422 with JSON pointers (RFC 6901). Wrong parameters of an address: 400."""
    if request.method in {"GET", "HEAD"}:
        errors = [
            {"parameter": pointer.removeprefix("/"), "detail": sentence}
            for pointer, sentence in flat(exc.detail)
        ]
        return 400, _("Some parameters of the address are not valid."), errors, {}
    errors = [{"pointer": pointer, "detail": sentence} for pointer, sentence in flat(exc.detail)]
    return 422, _("Some fields are not valid."), errors, {}


def flat(detail: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """REST framework's nested errors as pairs of JSON pointer and sentence."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            part = "" if name == "non_field_errors" else "/" + str(name).replace("~", "~0").replace("/", "~1")
            yield from flat(inner, pointer + part)
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            yield from flat(inner, f"{pointer}/{place}" if isinstance(inner, (dict, list)) else pointer)
    else:
        yield pointer, str(detail)


def language_for(request: HttpRequest) -> str:
    """The language of sentences: the one the caller asks for, else English."""
    return translation.get_language_from_request(request) if "Accept-Language" in request.headers else "en"


def nothing_here(request: HttpRequest) -> JsonResponse:
    """404 for every address below /api/v1/ that is none."""
    with translation.override(language_for(request)):
        detail = _("There is nothing at this address. Addresses end with a slash.")
    return JsonResponse(problem(request, 404, detail), status=404, content_type=MEDIA_TYPE)
