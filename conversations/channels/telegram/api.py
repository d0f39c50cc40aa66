"""Calls of the Bot API, and its answers as the outcomes the outbox knows.

Source: core.telegram.org/bots/api#making-requests, #sending-files, #getfile (Bot API 10.3).
"""

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext_noop

from conversations.channels.base import ChannelError, File
from conversations.channels.meta import values
from conversations.channels.telegram import errors
from tenants.kit import http

SECONDS = 30
FILE_SECONDS = 90
MAX_FILE = 20 * 1024 * 1024  # bytes that a bot may fetch
ANSWER_BYTES = 1_000_000
TOKEN = re.compile(r"^[0-9]{3,20}:[A-Za-z0-9_-]{30,120}$")
KIND = re.compile(r"^[A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+$")
PATH = re.compile(r"^[A-Za-z0-9_\-./]{1,500}$")
UNREACHABLE = gettext_noop("Telegram cannot be reached. We try again.")
NOT_CONNECTED = gettext_noop("The bot is not connected yet. Enter its token on the channel's page.")
ODD_PLACE = gettext_noop("The file lies where no file of Telegram lies. It was not fetched.")


class Unclear(Exception):
    """An answer that does not say whether the message was taken."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: a method, its fields, and the files that go with it, by the name of their part."""

    method: str
    fields: dict[str, Any]
    files: Sequence[tuple[str, File]] = field(default=())


def token_of(channel_secrets: Mapping[str, Any]) -> str:
    """The bot's token. Raises `ChannelError` where there is none that could be one."""
    token = str(channel_secrets.get("bot_token") or "")
    if not TOKEN.match(token):
        raise ChannelError(NOT_CONNECTED, permanent=False, channel_broken=True)
    return token


def send(token: str, call: Call) -> Any:
    """Do what a person will see; returns the `result`.

    Raises `ChannelError` when it certainly was not done, `Unclear` or `HttpError` when nobody can say.
    """
    status, said = _call(token, call)
    if status != 200 and (chat := errors.moved_to(said)) is not None:
        status, said = _call(token, Call(call.method, {**call.fields, "chat_id": chat}, call.files))
    if said.get("ok") is True:
        return said.get("result")
    if status >= 500 or status == 200:
        raise Unclear(f"status {status}")
    raise errors.refusal(status, said)


def ask(token: str, method: str, **fields: Any) -> Any:
    """Ask or set what nobody sees; what fails may be tried again. Raises `ChannelError`."""
    try:
        status, said = _call(token, Call(method, fields))
    except http.HttpError as error:
        raise ChannelError(UNREACHABLE, permanent=False) from error
    if said.get("ok") is True:
        return said.get("result")
    if status >= 500 or status == 200:
        raise ChannelError(UNREACHABLE, permanent=False)
    raise errors.refusal(status, said)


def download(token: str, file_id: str) -> File:
    """Fetch a file by its id: first where it lies, then the bytes, from the API's own host only."""
    found = values.mapping(ask(token, "getFile", file_id=file_id))
    if (values.number(found.get("file_size")) or 0) > MAX_FILE:
        raise ChannelError(errors.TOO_BIG, permanent=True)
    path = values.text(found.get("file_path"))
    if not PATH.match(path) or ".." in path or path.startswith("/"):
        raise ChannelError(ODD_PLACE, permanent=True)
    address = f"{settings.TELEGRAM_API.rstrip('/')}/file/bot{token}/{quote(path)}"
    try:
        answer = http.get(address, seconds=FILE_SECONDS, max_bytes=MAX_FILE)
    except http.TooLarge as error:
        raise ChannelError(errors.TOO_BIG, permanent=True) from error
    except http.HttpError as error:
        raise ChannelError(UNREACHABLE, permanent=False) from error
    if answer.status == 404:
        raise ChannelError(errors.FILE_GONE, permanent=True)
    if answer.status != 200:
        raise ChannelError(UNREACHABLE, permanent=False)
    return File("", answer.content_type, answer.body)


def _call(token: str, call: Call) -> tuple[int, dict[str, Any]]:
    """Status and JSON of an answer. Raises `ChannelError` when the call did not begin, else `HttpError`."""
    if call.files:
        boundary = secrets.token_hex(16)
        body, kind = _multipart(boundary, call), f"multipart/form-data; boundary={boundary}"
    else:
        body, kind = json.dumps(call.fields).encode(), "application/json"
    try:
        answer = http.request(
            "POST",
            f"{settings.TELEGRAM_API.rstrip('/')}/bot{token}/{call.method}",
            body=body,
            headers={"Content-Type": kind},
            seconds=FILE_SECONDS if call.files else SECONDS,
            max_bytes=ANSWER_BYTES,
        )
    except http.NotReached as error:
        raise ChannelError(UNREACHABLE, permanent=False) from error
    try:
        return answer.status, values.mapping(json.loads(answer.body))
    except (ValueError, RecursionError):
        return answer.status, {}


def _multipart(boundary: str, call: Call) -> bytes:
    """A form with files (RFC 7578); what is neither text nor number goes as JSON."""
    parts: list[bytes] = []
    for name, value in call.fields.items():
        written = value if isinstance(value, str) else json.dumps(value)
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        parts.append(f"{head}{written}\r\n".encode())
    for name, file in call.files:
        shown = file.name.translate({ord(char): "_" for char in '"\r\n\\'}) or "file"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{shown}"\r\n'
        kind = file.content_type if KIND.match(file.content_type) else "application/octet-stream"
        parts.append(f"{head}Content-Type: {kind}\r\n\r\n".encode() + file.content + b"\r\n")
    return b"".join([*parts, f"--{boundary}--\r\n".encode()])
