"""The one client for outbound HTTP. It calls public addresses only, and the very address it checked.

A name is resolved once, every address it gives is judged, and the connection goes to the judged
address: a second answer of the name server cannot lead inside. Each redirect is judged anew.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings

USER_AGENT = "Puente"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CHUNK = 65_536
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last four bytes are an IPv4 address

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class HttpError(Exception):
    """The call did not come to an answer; the text says why."""


class NotReached(HttpError):
    """The call did not begin: nobody there heard of it."""


class AddressRefused(NotReached):
    """The address is none that we call: not on the public internet, or not HTTP."""


class TooLarge(HttpError):
    """The answer is longer than the caller takes."""


class TooSlow(HttpError):
    """The answer took longer than the caller waits."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, whole. Header names are in lower case."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def request(
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = 10,
    max_bytes: int = 1_000_000,
    redirects: int = 0,
) -> Response:
    """Call a public address and return its answer, whatever its status.

    `seconds` bounds the whole call, `max_bytes` the body; up to `redirects` redirects are followed,
    only for GET. Raises `AddressRefused`, `NotReached`, `TooLarge`, `TooSlow`, `HttpError`.
    """
    deadline = time.monotonic() + seconds
    for _hop in range(redirects + 1):
        response = _call(method, url, body, headers or {}, deadline, max_bytes)
        target = response.headers.get("location", "")
        if method != "GET" or response.status not in REDIRECTS or not target or not redirects:
            return response
        url = urljoin(url, target)
    raise HttpError("It redirects too often.")


def get(url: str, **limits: Any) -> Response:
    """`request("GET", …)`."""
    return request("GET", url, **limits)


def _call(
    method: str, url: str, body: bytes | None, headers: Mapping[str, str], deadline: float, max_bytes: int
) -> Response:
    parts = _parse(url)
    address = _public_address(parts)
    connection = _Pinned(parts, address, deadline)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, target, body=body, headers={"User-Agent": USER_AGENT, **headers})
        answer = connection.getresponse()
        content = _read(answer, connection, deadline, max_bytes)
        names = {name.lower(): value for name, value in answer.getheaders()}
        return Response(answer.status, content, names)
    except HttpError:
        raise
    except TimeoutError as error:
        raise TooSlow("It did not answer in time.") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise HttpError(f"It did not answer: {type(error).__name__}.") from error
    finally:
        connection.close()


def _parse(url: str) -> SplitResult:
    """The parts of an address we may call."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
        if host:
            host.encode("idna")
    except (ValueError, UnicodeError) as error:
        raise AddressRefused("This is no address.") from error
    if (
        parts.scheme not in {"http", "https"}
        or not host
        or port == 0
        or not url.isascii()
        or not url.isprintable()
    ):
        raise AddressRefused("Only http and https addresses are called.")
    if any(char.isspace() for char in url) or parts.username is not None:
        raise AddressRefused("This address holds what we do not send.")
    return parts


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _public_address(parts: SplitResult) -> str:
    """The address to connect to. Refuses the name when any of its addresses is private."""
    try:
        found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotReached("Its name is unknown.") from error
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses or not all(is_allowed(address) for address in addresses):
        raise AddressRefused("This address is not on the public internet.")
    return str(addresses[0])


def is_allowed(address: Address) -> bool:
    """Whether an address is public, or the installation named its network in PUENTE_OUTBOUND_ALLOWED."""
    if any(address in ipaddress.ip_network(network) for network in settings.OUTBOUND_ALLOWED):
        return True
    if isinstance(address, ipaddress.IPv6Address):
        hidden = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in _NAT64:
            hidden = ipaddress.IPv4Address(address.packed[-4:])
        if hidden and not is_allowed(hidden):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, under the name that was asked for."""

    def __init__(self, parts: SplitResult, address: str, deadline: float) -> None:
        assert parts.hostname
        super().__init__(parts.hostname, _port(parts))
        self.secure = parts.scheme == "https"
        self.default_port = 443 if self.secure else 80
        self.address = address
        self.deadline = deadline

    def connect(self) -> None:
        try:
            self.sock = socket.create_connection((self.address, self.port), timeout=left(self.deadline))
        except ConnectionRefusedError as error:
            raise NotReached("Nobody answers there.") from error
        if self.secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def left(deadline: float) -> float:
    """Seconds until the deadline. Raises `TooSlow` after it."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TooSlow("It did not answer in time.")
    return seconds


def _read(answer: http.client.HTTPResponse, connection: _Pinned, deadline: float, max_bytes: int) -> bytes:
    """The body, read piece by piece: neither a slow trickle nor an endless one gets through."""
    pieces: list[bytes] = []
    size = 0
    while True:
        if connection.sock is not None:
            connection.sock.settimeout(left(deadline))
        piece = answer.read1(min(CHUNK, max_bytes + 1))
        if not piece:
            return b"".join(pieces)
        size += len(piece)
        if size > max_bytes:
            raise TooLarge("Its answer is too large.")
        pieces.append(piece)
        left(deadline)
