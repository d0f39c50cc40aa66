"""Calls to Twilio's REST API (2010-04-01), and its answers as the outcomes the outbox knows.

Source: twilio.com/docs/usage/requests-to-twilio ("Authenticate with HTTP"); …/usage/twilios-response;
…/messaging/api/media-resource; help.twilio.com 223183748 names the hosts that files lie on.
"""

import base64
import json
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop

from conversations.channels.base import ChannelError, File
from conversations.channels.meta import values
from conversations.channels.twilio import errors
from conversations.models import Channel
from tenants.kit import http

SECONDS = 30
FILE_SECONDS = 60
MAX_FILE = 100 * 1024 * 1024  # bytes
ANSWER_BYTES = 2_000_000
REDIRECTS = 3
VERSION = "/2010-04-01"
FILE_HOSTS = ("mms.twiliocdn.com", "media.twiliocdn.com", "s3-external-1.amazonaws.com")
NOT_CONNECTED = gettext_noop("Twilio is not connected yet. Enter account and token on the channel's page.")
UNREACHABLE = gettext_noop("Twilio cannot be reached. We try again.")
FILE_LATER = gettext_noop("The file could not be fetched. We try again.")
FILE_GONE = gettext_noop("Twilio no longer has this file.")
FOREIGN_HOST = gettext_noop("The file lies where no file of Twilio lies. It was not fetched.")
TOO_LARGE = gettext_noop("The file is larger than 100 MB.")
Pairs = Sequence[tuple[str, str]]


class Unclear(Exception):
    """An answer that does not say whether the message was taken."""


class Account(NamedTuple):
    """An account and who calls for it: the account itself or one of its API keys."""

    sid: str
    user: str
    password: str

    @property
    def headers(self) -> dict[str, str]:
        pair = f"{self.user}:{self.password}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}

    def address(self, path: str) -> str:
        """Of something below the account, such as `Messages.json`."""
        return f"{settings.TWILIO_API}{VERSION}/Accounts/{quote(self.sid, safe='')}{path}"


def account_of(channel: Channel) -> Account:
    """The account a channel sends with. Raises `ChannelError` when it has none."""
    sid = str(channel.settings.get("account_sid") or "")
    key = str(channel.settings.get("api_key") or "")
    token = str(channel.secrets.get("api_secret" if key else "auth_token") or "")
    if not sid or not token:
        raise ChannelError(NOT_CONNECTED, permanent=False, channel_broken=True)
    return Account(sid, key or sid, token)


def send(account: Account, form: Pairs) -> str:
    """Create a message; returns its sid.

    Raises `ChannelError` when it certainly was not taken, `Unclear` or `HttpError` when nobody can say.
    """
    try:
        answer = _post(account, account.address("/Messages.json"), form)
    except http.NotReached as error:
        raise ChannelError(UNREACHABLE, permanent=False) from error
    said = _json(answer)
    sid = values.text(said.get("sid"), 60)
    if answer.status in {200, 201} and sid:
        return sid
    if answer.status >= 500 or answer.status < 300:
        raise Unclear(f"status {answer.status}")
    raise _refused(answer, said)


def change(account: Account, address: str, form: Pairs | dict[str, Any]) -> dict[str, Any]:
    """Post what may be repeated, as a form or as JSON; returns the answer. Raises `ChannelError`."""
    try:
        return _understood(_post(account, address, form))
    except http.HttpError as error:
        raise ChannelError(UNREACHABLE, permanent=False) from error


def remove(account: Account, address: str) -> None:
    """Delete something; what is not there any more is gone already. Raises `ChannelError`."""
    try:
        answer = http.request("DELETE", address, headers=account.headers, seconds=SECONDS)
    except http.HttpError as error:
        raise ChannelError(UNREACHABLE, permanent=False) from error
    if answer.status != 404:
        _understood(answer)


def read(account: Account, address: str, **query: str) -> dict[str, Any]:
    """Ask for something. Raises `ChannelError`."""
    asked = f"{address}?{urlencode(query)}" if query else address
    try:
        answer = http.get(asked, headers=account.headers, seconds=SECONDS, max_bytes=ANSWER_BYTES)
    except http.HttpError as error:
        raise ChannelError(UNREACHABLE, permanent=False) from error
    return _understood(answer)


def download(account: Account, address: str) -> File:
    """Fetch a file, from Twilio's own hosts only; its credentials go to the API alone."""
    for _hop in range(REDIRECTS):
        if not is_twilios(address):
            raise ChannelError(FOREIGN_HOST, permanent=True)
        headers = account.headers if address.startswith(f"{settings.TWILIO_API}{VERSION}/") else {}
        answer = _fetched(address, headers)
        if answer.status == 200:
            return File("", answer.content_type or "application/octet-stream", answer.body)
        target = answer.headers.get("location", "")
        if answer.status not in http.REDIRECTS or not target:
            raise _file_refused(answer)
        address = urljoin(address, target)
    raise ChannelError(FILE_GONE, permanent=True)


def is_twilios(address: str) -> bool:
    """Whether a file may be fetched from an address."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    is_api = address.startswith(f"{settings.TWILIO_API}/")
    return is_api or (parts.scheme == "https" and host in FILE_HOSTS)


def _fetched(address: str, headers: dict[str, str]) -> http.Response:
    try:
        return http.get(address, headers=headers, seconds=FILE_SECONDS, max_bytes=MAX_FILE)
    except http.TooLarge as error:
        raise ChannelError(TOO_LARGE, permanent=True) from error
    except http.HttpError as error:
        raise ChannelError(FILE_LATER, permanent=False) from error


def _file_refused(answer: http.Response) -> ChannelError:
    if answer.status in {404, 410}:
        return ChannelError(FILE_GONE, permanent=True)
    if answer.status >= 500 or answer.status == 429:
        return ChannelError(FILE_LATER, permanent=False, wait=_asked(answer))
    return _refused(answer, _json(answer))


def _post(account: Account, address: str, data: Pairs | dict[str, Any]) -> http.Response:
    is_json = isinstance(data, dict)
    kind = "application/json" if is_json else "application/x-www-form-urlencoded"
    return http.request(
        "POST",
        address,
        body=(json.dumps(data) if is_json else urlencode(data)).encode(),
        headers={**account.headers, "Content-Type": kind},
        seconds=SECONDS,
        max_bytes=ANSWER_BYTES,
    )


def _understood(answer: http.Response) -> dict[str, Any]:
    said = _json(answer)
    if answer.status >= 500:
        raise ChannelError(errors.BUSY, permanent=False)
    if answer.status >= 300:
        raise _refused(answer, said)
    return said


def _json(answer: http.Response) -> dict[str, Any]:
    try:
        return values.mapping(json.loads(answer.body))
    except (ValueError, RecursionError):
        return {}


def _refused(answer: http.Response, said: dict[str, Any]) -> ChannelError:
    code = values.number(said.get("code"))
    words = values.text(said.get("message"), 200)
    found = errors.refusal(code if isinstance(code, int) else None, words, answer.status)
    if found.wait is not None:
        found.wait = _asked(answer) or found.wait
    return found


def _asked(answer: http.Response) -> float | None:
    """How long Twilio asks us to wait, within a day."""
    seconds = values.number(answer.headers.get("retry-after"))
    return min(max(float(seconds), 1.0), 86_400.0) if seconds else None
