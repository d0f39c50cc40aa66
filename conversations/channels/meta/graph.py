"""Calls to Meta's Graph API (v24.0), and its answers as the outcomes the outbox knows.

Source: developers.facebook.com/docs/graph-api/guides/error-handling; …/whatsapp/cloud-api/reference/media;
…/documentation/business-messaging/messenger-platform/send-messages/saving-assets.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop

from conversations.channels.base import ChannelError, File
from conversations.channels.meta import values
from tenants.kit import http

SECONDS = 30
FILE_SECONDS = 60
MAX_FILE = 100 * 1024 * 1024  # bytes
ANSWER_BYTES = 1_000_000
# Where Meta keeps files: developers.facebook.com/docs/whatsapp/cloud-api/reference/media, "Download Media".
FILE_HOSTS = ("fbsbx.com", "fbcdn.net", "facebook.com", "whatsapp.net", "cdninstagram.com")
MEDIA_HOSTS = ("fbsbx.com", "fbcdn.net", "cdninstagram.com")  # of these, those that serve nothing else
UNREACHABLE = gettext_noop("Meta cannot be reached. We try again.")
FILE_LATER = gettext_noop("The file could not be fetched. We try again.")
FILE_GONE = gettext_noop("Meta no longer has this file.")
FOREIGN_HOST = gettext_noop("The file lies where no file of Meta lies. It was not fetched.")
TOO_LARGE = gettext_noop("The file is larger than 100 MB.")

Refusal = Callable[[dict[str, Any]], ChannelError]  # what an error object of the vendor means


class Unclear(Exception):
    """An answer that does not say whether the message was taken."""


def call(path: str, token: str, data: Mapping[str, Any], refusal: Refusal, api: str = "") -> dict[str, Any]:
    """Post to the Graph API what a person will see; returns its answer. `api` is another host than usual.

    Raises `ChannelError` when it certainly was not taken, `Unclear` or `HttpError` when nobody can say.
    """
    try:
        answer = http.request(
            "POST",
            _address(path, api),
            body=json.dumps(data).encode(),
            headers={**_bearer(token), "Content-Type": "application/json"},
            seconds=SECONDS,
            max_bytes=ANSWER_BYTES,
        )
    except http.NotReached as error:
        raise ChannelError(UNREACHABLE, permanent=False) from error
    said = _json(answer)
    if answer.status == 200:
        return said
    if answer.status >= 500:
        raise Unclear(f"status {answer.status}")
    raise _refusal(answer, said, refusal)


def read(path: str, token: str, refusal: Refusal, api: str = "") -> dict[str, Any]:
    """Ask the Graph API for something; returns its answer. Raises `ChannelError`."""
    return _taken(_request("GET", path, None, _bearer(token), api), refusal)


def order(path: str, token: str, data: Mapping[str, Any], refusal: Refusal, api: str = "") -> dict[str, Any]:
    """Post what may be posted again, such as a subscription; returns the answer. Raises `ChannelError`."""
    try:
        return call(path, token, data, refusal, api)
    except (Unclear, http.HttpError) as error:
        raise ChannelError(UNREACHABLE, permanent=False) from error


def remove(path: str, token: str, refusal: Refusal) -> None:
    """Delete something; deleting it twice does no harm. Raises `ChannelError`."""
    _taken(_request("DELETE", path, None, _bearer(token)), refusal)


def bring(path: str, token: str, content: bytes, refusal: Refusal) -> str:
    """Fill an upload session; returns the file's handle. Raises `ChannelError`."""
    headers = {
        "Authorization": f"OAuth {token}",
        "file_offset": "0",
        "Content-Type": "application/octet-stream",
    }
    handle = values.text(_taken(_request("POST", path, content, headers), refusal).get("h"), 20_000)
    if not handle:
        raise ChannelError(UNREACHABLE, permanent=False)
    return handle


def _request(
    method: str, path: str, body: bytes | None, headers: Mapping[str, str], api: str = ""
) -> http.Response:
    """Any call that may be made again."""
    try:
        return http.request(
            method,
            _address(path, api),
            body=body,
            headers=headers,
            seconds=FILE_SECONDS,
            max_bytes=ANSWER_BYTES,
        )
    except http.HttpError as error:
        raise ChannelError(UNREACHABLE, permanent=False) from error


def upload(
    path: str,
    token: str,
    file: File,
    fields: Mapping[str, str],
    refusal: Refusal,
    *,
    part: str = "file",
    returns: str = "id",
) -> str:
    """Bring a file to the Graph API; returns its id. Nobody sees it yet: what fails is tried again."""
    boundary = secrets.token_hex(16)
    try:
        answer = http.request(
            "POST",
            _address(path),
            body=_multipart(boundary, file, fields, part),
            headers={**_bearer(token), "Content-Type": f"multipart/form-data; boundary={boundary}"},
            seconds=FILE_SECONDS,
            max_bytes=ANSWER_BYTES,
        )
    except http.HttpError as error:
        raise ChannelError(UNREACHABLE, permanent=False) from error
    said = _json(answer)
    found = values.text(said.get(returns), 200)
    if answer.status == 200 and found:
        return found
    if answer.status >= 500 or answer.status == 200:
        raise ChannelError(UNREACHABLE, permanent=False)
    raise _refusal(answer, said, refusal)


def download(reference: str, token: str, query: str, refusal: Refusal) -> File:
    """Fetch a file by its id: first where it lies, then the bytes, from Meta's own hosts only."""
    answer = _get(_address(f"{quote(reference, safe='')}?{query}"), token, ANSWER_BYTES)
    said = _json(answer)
    if answer.status != 200:
        raise _refusal(answer, said, refusal)
    if (values.number(said.get("file_size")) or 0) > MAX_FILE:
        raise ChannelError(TOO_LARGE, permanent=True)
    address = values.text(said.get("url"), 4_000)
    if not is_meta(address):
        raise ChannelError(FOREIGN_HOST, permanent=True)
    content = _get(address, token, MAX_FILE)
    if content.status != 200:
        raise _refusal(content, {}, refusal)
    return File("", values.text(said.get("mime_type"), 100) or content.content_type, content.body)


def download_from(address: str) -> File:
    """Fetch a file from where it lies, a signed address of Meta's own hosts; it needs no token."""
    if not is_media(address):
        raise ChannelError(FOREIGN_HOST, permanent=True)
    try:
        content = http.get(address, seconds=FILE_SECONDS, max_bytes=MAX_FILE, redirects=0)
    except http.TooLarge as error:
        raise ChannelError(TOO_LARGE, permanent=True) from error
    except http.HttpError as error:
        raise ChannelError(FILE_LATER, permanent=False) from error
    if content.status == 200:
        return File("", content.content_type, content.body)
    later = content.status >= 500 or content.status == 429
    raise ChannelError(FILE_LATER if later else FILE_GONE, permanent=not later)


def is_meta(address: str) -> bool:
    """Whether the token may travel to an address: the API's own, or a host of Meta's, encrypted."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        own = any((parts.scheme, parts.netloc) == urlsplit(api)[:2] for api in _apis())
    except ValueError:
        return False
    return own or (parts.scheme == "https" and any(f".{host}".endswith(f".{known}") for known in FILE_HOSTS))


def is_media(address: str) -> bool:
    """Whether an address is a file's on Meta's hosts, rather than a page's."""
    try:
        parts = urlsplit(address)
        host = f".{parts.hostname or ''}"
        own = any(parts[:2] == urlsplit(api)[:2] for api in _apis())
    except ValueError:
        return False
    return own or (parts.scheme == "https" and any(host.endswith(f".{known}") for known in MEDIA_HOSTS))


def _apis() -> tuple[str, str]:
    return settings.META_API, settings.META_INSTAGRAM_API


def _address(path: str, api: str = "") -> str:
    return f"{(api or settings.META_API).rstrip('/')}/{path}"


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _get(address: str, token: str, most: int) -> http.Response:
    try:
        return http.get(address, headers=_bearer(token), seconds=FILE_SECONDS, max_bytes=most)
    except http.TooLarge as error:
        raise ChannelError(TOO_LARGE, permanent=True) from error
    except http.HttpError as error:
        raise ChannelError(FILE_LATER, permanent=False) from error


def _taken(answer: http.Response, refusal: Refusal) -> dict[str, Any]:
    said = _json(answer)
    if answer.status >= 500:
        raise ChannelError(UNREACHABLE, permanent=False)
    if answer.status != 200:
        raise _refusal(answer, said, refusal)
    return said


def _json(answer: http.Response) -> dict[str, Any]:
    try:
        return values.mapping(json.loads(answer.body))
    except (ValueError, RecursionError):
        return {}


def _refusal(answer: http.Response, said: dict[str, Any], refusal: Refusal) -> ChannelError:
    """The vendor's no: by its own code, else by the status."""
    error = values.mapping(said.get("error"))
    if answer.status >= 500:
        return ChannelError(FILE_LATER, permanent=False)
    if answer.status == 401:
        error = {"code": 190}
    elif answer.status == 404 and not error:
        return ChannelError(FILE_GONE, permanent=True)
    found = refusal(error)
    asked = values.number(answer.headers.get("retry-after"))
    if answer.status == 429 and found.permanent and not found.channel_broken:
        found = refusal({"code": 4})
    if asked and found.wait is not None:
        found.wait = min(max(float(asked), 1.0), 86_400.0)
    return found


def _multipart(boundary: str, file: File, fields: Mapping[str, str], part: str) -> bytes:
    """A form with one file (RFC 7578)."""
    name = file.name.translate({ord(char): "_" for char in '"\r\n\\'}) or "file"
    head = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in fields.items()
    )
    head += (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{part}"; filename="{name}"\r\n'
        f"Content-Type: {file.content_type}\r\n\r\n"
    )
    return head.encode() + file.content + f"\r\n--{boundary}--\r\n".encode()
