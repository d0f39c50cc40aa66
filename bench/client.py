"""A frugal HTTP/1.1 client on a Unix socket: it shares two cores with what it measures."""

import json
import socket
from pathlib import Path
from typing import Any

LARGEST_READ = 1 << 18  # bytes


def request_bytes(
    method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
) -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")


class Connection:
    """One kept-alive connection. Reads answers that state their length or come in chunks."""

    def __init__(self, path: Path, timeout: float = 30) -> None:
        self.path, self.timeout = path, timeout
        self.socket: socket.socket | None = None

    def send(self, request: bytes) -> tuple[int, bytes]:
        """Status and body. Raises OSError when the server is gone."""
        try:
            return self._exchange(request)
        except OSError:
            self.close()
            raise

    def json(self, method: str, path: str, headers: dict[str, str], data: Any = None) -> tuple[int, Any]:
        """A call with JSON both ways; the body is None when it is no JSON."""
        body = None if data is None else json.dumps(data).encode()
        given = headers if data is None else {"Content-Type": "application/json", **headers}
        status, answer = self.send(request_bytes(method, path, given, body))
        try:
            return status, json.loads(answer)
        except ValueError:
            return status, None

    def close(self) -> None:
        if self.socket:
            self.socket.close()
            self.socket = None

    def _exchange(self, request: bytes) -> tuple[int, bytes]:
        if self.socket is None:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(self.timeout)
            self.socket.connect(str(self.path))
        self.socket.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        status = int(head[9:12])
        fields = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:])
        if b"content-length" in fields:
            return status, self._exactly(body, int(fields[b"content-length"]))
        if fields.get(b"transfer-encoding") == b"chunked":
            return status, self._chunked(body)
        return status, b""

    def _exactly(self, body: bytes, length: int) -> bytes:
        parts, missing = [body], length - len(body)
        while missing > 0:
            parts.append(self._more())
            missing -= len(parts[-1])
        return b"".join(parts)

    def _chunked(self, rest: bytes) -> bytes:
        whole = b""
        while True:
            while b"\r\n" not in rest:
                rest += self._more()
            size, _, rest = rest.partition(b"\r\n")
            length = int(size, 16)
            while len(rest) < length + 2:
                rest += self._more()
            whole += rest[:length]
            rest = rest[length + 2 :]
            if length == 0:
                return whole

    def _more(self) -> bytes:
        assert self.socket is not None
        received = self.socket.recv(LARGEST_READ)
        if not received:
            raise ConnectionResetError("the server closed the connection")
        return received
