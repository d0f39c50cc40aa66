"""The whole product as `make run` starts it, two businesses, and browsers in front of it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from config.embedded import Postgres, Valkey, start_postgres
from tests import servers
from tests.chromium import chromium

ROOT = Path(__file__).resolve().parents[2]
READY_LIMIT = 240  # seconds


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Stack:
    """A running installation: its address and the environment of its command line."""

    base: str
    environment: dict[str, str]
    data: Path
    lent: dict[str, tuple[str, str]] = field(default_factory=dict)
    """For each vendor the channel that has his address now: its path, and a key of its business."""

    def call(
        self,
        path: str,
        body: bytes | None = None,
        token: str = "",
        content_type: str = "application/json",
        method: str | None = None,
    ) -> tuple[int, Any]:
        """An HTTP call; returns the status and the JSON."""
        headers = {"Content-Type": content_type}
        request = urllib.request.Request(self.base + path, body, headers, method=method)
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return response.status, json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, None

    def business(self, name: str, email: str) -> dict[str, Any]:
        """A business made from the shell."""
        made = subprocess.run(
            [sys.executable, "manage.py", "create_business", name, email, "--country", "MX", "--json"],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return json.loads(made.stdout)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One installation for all journeys, with the vendors' stand-ins and without the demo."""
    data, port = tmp_path_factory.mktemp("stack"), free_port()
    migrate_quickly(data)
    ours = ("DATABASE_", "VALKEY_URL", "EMAIL_URL", "SECRET_KEY", "PUENTE_", "TEST_", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment = kept | {"PUENTE_DATA": str(data), "PUENTE_DEMO": "0"}
    with (data / "stack.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.supervisor", "--simulator", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            base = f"http://localhost:{port}"
            wait_until_ready(base, process, data / "stack.log")
            servers = embedded_urls(data, base)
            yield Stack(base, environment | servers, data)
        finally:
            process.terminate()
            process.wait(60)


def migrate_quickly(data: Path) -> None:
    """Begin with the migrated cluster that all tests begin with, where one is kept: it spares a minute."""
    if kept := servers._fitting(servers._made_from()):
        servers._copy(kept, data / "postgres")
        postgres = start_postgres(data / "postgres", fast=True)
        with psycopg.connect(postgres.superuser_url, autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {servers.TEMPLATE} RENAME TO puente")
        postgres.stop()


def embedded_urls(data: Path, base: str) -> dict[str, str]:
    """How the command line reaches the servers that the supervisor started."""
    postgres, valkey = Postgres(data / "postgres"), Valkey(data / "valkey")
    roles = {"DATABASE_URL": "app", "DATABASE_OWNER_URL": "owner", "DATABASE_OPS_URL": "ops"}
    urls = {name: postgres.url_for(f"puente_{role}") for name, role in roles.items()}
    return urls | {"VALKEY_URL": valkey.url, "PUENTE_BASE_URL": base}


def wait_until_ready(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_LIMIT
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-2_000:]
        try:
            with urllib.request.urlopen(f"{base}/readyz", timeout=5) as response:
                if response.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"not ready within {READY_LIMIT} s: {log.read_text()[-2_000:]}")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def new_context(browser: Browser, **options: Any) -> BrowserContext:
    context = browser.new_context(locale="es-MX", viewport={"width": 1440, "height": 900}, **options)
    context.set_default_timeout(15_000)
    return context


@pytest.fixture
def agent_page(browser: Browser) -> Iterator[Page]:
    context = new_context(browser)
    yield context.new_page()
    context.close()


@pytest.fixture
def visitor_page(browser: Browser) -> Iterator[Page]:
    context = new_context(browser)
    yield context.new_page()
    context.close()


@pytest.fixture
def stranger_page(browser: Browser) -> Iterator[Page]:
    context = new_context(browser)
    yield context.new_page()
    context.close()


def log_in(page: Page, login_url: str) -> None:
    """Through the one-time link of the shell."""
    page.goto(login_url)
    page.locator("form .button--primary").click()
    page.wait_for_url("**/b/**")


@pytest.fixture
def shop() -> Iterator[Any]:
    """Somebody's own web site; call it with the snippet's script address and channel."""
    html = {"page": ""}

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html["page"].encode())

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()

    def open_shop(base: str, channel: str) -> str:
        snippet = f'<script src="{base}/widget.js" data-channel="{channel}" async></script>'
        html["page"] = f'<!doctype html><html lang="es"><title>Tienda</title><h1>Tienda</h1>{snippet}</html>'
        return f"http://127.0.0.1:{server.server_port}/"

    yield open_shop
    server.shutdown()
    server.server_close()
