"""The protocol of OpenAI's chat completions, as far as it is needed: one request, one whole answer, no tools.

Whatever the server does, `complete` comes back in time, with a text or with `NotSaid`.
"""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from conversations.models import ModelCall
from tenants.kit import http
from tenants.kit.text import clean, one_line

PATH = "/chat/completions"
MOST_BYTES = 500_000
LONGEST_PAUSE = 3_600  # seconds
MOST_TOKENS = 10_000_000
LONGEST_TEXT = 20_000
LIMIT_NAMES = ("max_tokens", "max_completion_tokens")
"""Older and other servers know the first; some newer models refuse it and take the second."""

Outcome = ModelCall.Outcome
REFUSALS = {
    401: Outcome.KEY,
    402: Outcome.QUOTA,
    403: Outcome.KEY,
    404: Outcome.UNKNOWN,
    405: Outcome.UNKNOWN,
    410: Outcome.UNKNOWN,
    429: Outcome.QUOTA,
}
Message = dict[str, str]


@dataclass(frozen=True, slots=True)
class Server:
    """Where to ask, and as whom."""

    base_url: str
    model: str
    key: str = field(repr=False, default="")
    limit_name: str = LIMIT_NAMES[0]


@dataclass(frozen=True, slots=True)
class Said:
    """What the model wrote, and what it took."""

    text: str
    read: int | None
    """Tokens, as the server counts them; None where it does not tell."""
    written: int | None
    is_cut: bool
    limit_name: str


class NotSaid(Exception):
    """Nothing to use came back. `outcome` says why, `said` how the server puts it."""

    def __init__(self, outcome: Outcome, said: str = "", *, wait: float = 0, is_paid: bool = False) -> None:
        super().__init__(said or outcome.value)
        self.outcome, self.said, self.wait, self.is_paid = outcome, said, wait, is_paid


def complete(server: Server, messages: Sequence[Message], *, most: int, seconds: float) -> Said:
    """Ask once, and again under the other name of the limit if the server wants that one."""
    try:
        return _asked(server, messages, server.limit_name, most, seconds)
    except NotSaid as refused:
        other = next(name for name in LIMIT_NAMES if name != server.limit_name)
        if refused.outcome is not Outcome.REJECTED or server.limit_name not in refused.said:
            raise
        return _asked(server, messages, other, most, seconds)


def _asked(server: Server, messages: Sequence[Message], limit_name: str, most: int, seconds: float) -> Said:
    body = {"model": server.model, "messages": list(messages), limit_name: most, "stream": False}
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if server.key:
        headers["Authorization"] = f"Bearer {server.key}"
    response = _answer(server.base_url + PATH, json.dumps(body).encode(), headers, seconds)
    if response.status != 200:
        raise _refusal(response, server)
    return _read(response.body, limit_name)


def _answer(url: str, body: bytes, headers: dict[str, str], seconds: float) -> http.Response:
    """The answer within so many seconds: looking the name up and reading the headers count, too."""
    done: list[http.Response | http.HttpError] = []

    def call() -> None:
        try:
            done.append(
                http.request("POST", url, body=body, headers=headers, seconds=seconds, max_bytes=MOST_BYTES)
            )
        except http.HttpError as error:
            done.append(error)
        except Exception as error:  # noqa: BLE001 -- nothing that a server says may end a worker
            done.append(http.HttpError(type(error).__name__))

    caller = threading.Thread(target=call, daemon=True)
    caller.start()
    caller.join(seconds)
    found = done[0] if done else http.TooSlow("It did not answer in time.")
    match found:
        case http.Response():
            return found
        case http.AddressRefused():
            raise NotSaid(Outcome.REFUSED, str(found))
        case http.NotReached():
            raise NotSaid(Outcome.UNREACHED, str(found))
        case http.TooSlow():
            raise NotSaid(Outcome.SLOW, str(found), is_paid=True)
        case http.TooLarge():
            raise NotSaid(Outcome.NONSENSE, str(found), is_paid=True)
    raise NotSaid(Outcome.BROKEN, str(found), is_paid=True)


def _refusal(response: http.Response, server: Server) -> NotSaid:
    said, code = _error(response.body)
    if server.key:
        said = said.replace(server.key, "…")
    said = one_line(f"{response.status} {said}", 250).strip()
    wait = response.headers.get("retry-after", "")
    if response.status == 429 and "insufficient_quota" not in f"{code} {said}":
        return NotSaid(Outcome.THROTTLED, said, wait=_wait(wait))
    if response.status >= 500:
        return NotSaid(Outcome.BROKEN, said, wait=_wait(wait, usual=0))
    return NotSaid(REFUSALS.get(response.status, Outcome.REJECTED), said)


def _error(body: bytes) -> tuple[str, str]:
    """What a refusal says, and its code: `{"error": {"message", "type", "code"}}`, or nearly so."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return "", ""
    error = said.get("error", said) if isinstance(said, dict) else said
    if isinstance(error, str):
        return clean(error), ""
    if not isinstance(error, dict):
        return "", ""
    message = error.get("message") or error.get("detail") or ""
    codes = [error.get("code"), error.get("type")]
    return clean(message) if isinstance(message, str) else "", " ".join(
        code for code in codes if isinstance(code, str)
    )


def _wait(header: str, usual: float = 20) -> float:
    """Seconds of a Retry-After: a number or a date (RFC 9110 §10.2.3)."""
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return usual
    return min(max(seconds, 1), LONGEST_PAUSE) if seconds == seconds else usual  # noqa: PLR0124 -- not NaN


def _read(body: bytes, limit_name: str) -> Said:
    nonsense = NotSaid(Outcome.NONSENSE, is_paid=True)
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise nonsense from None
    choices = said.get("choices") if isinstance(said, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    if not isinstance(first, dict) or not isinstance(message, dict):
        raise nonsense
    why = first.get("finish_reason")
    if message.get("refusal") or why == "content_filter":
        raise NotSaid(Outcome.DECLINED, is_paid=True)
    text = _text(message.get("content"))
    if text is None:
        raise nonsense
    usage = said.get("usage")
    return Said(
        text=text,
        read=_tokens(usage, "prompt_tokens"),
        written=_tokens(usage, "completion_tokens"),
        is_cut=why == "length",
        limit_name=limit_name,
    )


def _text(content: Any) -> str | None:
    """A string, or its parts; without what a model that thinks aloud puts before its answer."""
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        content = "".join(part for part in parts if isinstance(part, str))
    if not isinstance(content, str):
        return None
    text = clean(content, LONGEST_TEXT).strip()
    if text.startswith("<think>"):
        text = text.partition("</think>")[2].strip()
    return text


def _tokens(usage: Any, name: str) -> int | None:
    count = usage.get(name) if isinstance(usage, dict) else None
    is_count = isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= MOST_TOKENS
    return count if is_count else None
