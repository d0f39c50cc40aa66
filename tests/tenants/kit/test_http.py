"""The outbound client against a real server, and against addresses it must not call."""

import ipaddress
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tenants.kit import http


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        match self.path:
            case "/slow":
                self.send_response(200)
                self.end_headers()
                for _tick in range(50):
                    self.wfile.write(b".")
                    self.wfile.flush()
                    time.sleep(0.1)
            case "/large":
                self._answer(b"x" * 5_000)
            case "/inside":
                self._redirect("http://169.254.169.254/latest/meta-data/")
            case "/round":
                self._redirect("/round")
            case "/moved":
                self._redirect("/picture")
            case _:
                self._answer(self.headers["Host"].encode())

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "image/png; charset=x")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _redirect(self, to: str) -> None:
        self.send_response(302)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Tests need no access log."""


class QuietServer(ThreadingHTTPServer):
    def handle_error(self, *args: object) -> None:
        """The client hangs up on purpose."""


@pytest.fixture
def server(settings: object) -> Iterator[str]:
    settings.OUTBOUND_ALLOWED = ["127.0.0.1/32"]  # type: ignore[attr-defined]
    running = QuietServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def test_get_returns_status_type_and_body(server: str) -> None:
    response = http.get(f"{server}/picture")
    assert (response.status, response.content_type) == (200, "image/png")
    assert response.body == server.removeprefix("http://").encode()


def test_post_sends_the_body(server: str) -> None:
    assert http.request("POST", f"{server}/", body=b"hola").body == b"hola"


def test_redirects_are_followed_only_when_asked(server: str) -> None:
    assert http.get(f"{server}/moved").status == 302
    assert http.get(f"{server}/moved", redirects=1).status == 200


def test_redirect_to_a_private_address_is_refused(server: str) -> None:
    with pytest.raises(http.AddressRefused):
        http.get(f"{server}/inside", redirects=3)


def test_endless_redirects_end(server: str) -> None:
    with pytest.raises(http.HttpError, match="too often"):
        http.get(f"{server}/round", redirects=3)


def test_large_answers_are_cut_off(server: str) -> None:
    with pytest.raises(http.TooLarge):
        http.get(f"{server}/large", max_bytes=1_000)
    assert len(http.get(f"{server}/large", max_bytes=5_000).body) == 5_000


def test_a_trickle_ends_at_the_deadline(server: str) -> None:
    started = time.monotonic()
    with pytest.raises(http.TooSlow):
        http.get(f"{server}/slow", seconds=0.4)
    assert time.monotonic() - started < 2


def test_nobody_there_is_an_error_of_ours(settings: object) -> None:
    settings.OUTBOUND_ALLOWED = ["127.0.0.1/32"]  # type: ignore[attr-defined]
    with pytest.raises(http.HttpError):
        http.get("http://127.0.0.1:9/", seconds=1)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://0.0.0.0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://224.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "https://user:secret@127.0.0.1/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "http:///nohost",
        "http://example.com:99999/",
        "http://exa mple.com/",
        "http://[::1/",
        "//example.com/",
        "",
    ],
)
def test_addresses_that_are_never_called(url: str) -> None:
    with pytest.raises(http.AddressRefused):
        http.get(url, seconds=1)


def test_public_addresses_are_allowed() -> None:
    assert http.is_allowed(ipaddress.ip_address("93.184.216.34"))
    assert http.is_allowed(ipaddress.ip_address("2606:2800:220:1:248:1893:25c8:1946"))
