"""The supervisor as people meet it: refusals in one sentence, and a whole stack that will not die alone."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import psutil
import psycopg
import pytest

from config import local_environment, supervisor
from config.embedded import bootstrap, start_postgres, start_valkey

ROOT = Path(supervisor.__file__).resolve().parent.parent
OURS = ("DATABASE_", "VALKEY_URL", "EMAIL_URL", "SECRET_KEY", "PUENTE_", "DJANGO_")
READY_LIMIT = 120  # seconds; the issue allows 180
SERVICES = {
    "web": "wsgi:application",
    "live": "asgi:application",
    "worker": " worker",
    "beat": " beat",
    "mail": "listen_to_mail",
}
SERVERS = {"postgres": "bin/postgres", "valkey": "valkey-server", "front": "caddy"}


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(data, **more):
    """This process's environment without what belongs to the test servers."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return kept | {"PUENTE_DATA": str(data)} | more


def command(port):
    return [sys.executable, "-m", "config.supervisor", "--leashed", "--port", str(port)]


def refusal(data, port="", **more):
    """What the supervisor says on standard error when it will not start."""
    run = subprocess.run(
        command(port or free_port()),
        check=False,
        cwd=ROOT,
        env=environment(data, **more),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 1
    assert "Traceback" not in run.stdout + run.stderr
    return run.stderr.strip().splitlines()


def test_malformed_port_is_refused(tmp_path):
    assert refusal(tmp_path, "nonsense") == [
        "puente: PORT is malformed: 'nonsense' is not a number from 1 to 65535."
    ]


@pytest.mark.parametrize("port", ["", "0", "65536", "-1", "8000.5", "٨٠٠٠"])
def test_no_other_port_is_taken(port):
    with pytest.raises(SystemExit, match="PORT is malformed"):
        supervisor.parse([f"--port={port}"])


def test_port_in_use_is_refused(tmp_path):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        sentence = (
            f"puente: port {port} is in use: stop what listens there, or choose another with PORT=8001."
        )
        assert refusal(tmp_path, port) == [sentence]


def test_unwritable_data_folder_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "data"
    assert refusal(folder) == [
        f"puente: the data folder {folder} cannot be written (Not a directory): "
        "make it writable, or point PUENTE_DATA at another folder."
    ]


def test_data_of_another_postgresql_is_refused(tmp_path):
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("16\n")
    assert refusal(tmp_path) == [
        f"puente: {folder} was made by PostgreSQL 16 and this is 18: carry the data over with pg_dump "
        "(docs/operations.md says how), or point PUENTE_DATA at a new folder."
    ]


def test_second_supervisor_on_the_same_folder_is_refused(tmp_path):
    with supervisor.lock(tmp_path):
        assert refusal(tmp_path) == [
            f"puente: another Puente (process {os.getpid()}) runs on the data folder {tmp_path}: "
            "stop it, or give this one a folder of its own with PUENTE_DATA."
        ]


def test_unknown_setting_is_refused(tmp_path):
    assert refusal(tmp_path, PUENTE_DEMOO="1") == [
        "puente: the environment variable PUENTE_DEMOO is unknown. Did you mean PUENTE_DEMO?"
    ]


def test_malformed_setting_is_refused_before_anything_starts(tmp_path):
    [sentence] = refusal(tmp_path, VALKEY_URL="http://nonsense")
    assert sentence == "puente: VALKEY_URL is malformed: it must begin with redis://, rediss:// or unix://"
    assert not (tmp_path / "postgres").exists()


def test_half_of_the_database_urls_is_refused(tmp_path):
    [sentence] = refusal(tmp_path, DATABASE_URL="postgres://puente_app@db/puente")
    assert sentence == (
        "puente: set DATABASE_OPS_URL and DATABASE_OWNER_URL as well: "
        "the three DATABASE_… URLs belong together."
    )


class Stack:
    """A running supervisor, what it said so far, and its processes."""

    def __init__(self, data, port, **more):
        self.port = port
        self.lines = []
        self.process = subprocess.Popen(
            command(port),
            cwd=ROOT,
            env=environment(data, **more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.reader = threading.Thread(
            target=lambda: self.lines.extend(iter(self.process.stdout.readline, ""))
        )
        self.reader.start()

    def get(self, path):
        """Status and body, or (0, "") when nobody answers."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            try:
                connection.request("GET", path, headers={"Host": f"localhost:{self.port}"})
                response = connection.getresponse()
                return response.status, response.read().decode()
            except OSError:
                return 0, ""

    def wait(self, condition, limit=READY_LIMIT):
        deadline = time.monotonic() + limit
        while not condition():
            assert self.process.poll() is None, "".join(self.lines)
            assert time.monotonic() < deadline, "".join(self.lines)
            time.sleep(0.2)

    def ready(self):
        return self.get("/readyz")[0] == 200

    def family(self):
        return psutil.Process(self.process.pid).children(recursive=True)

    def pid(self, name):
        """The process the supervisor started under that name."""
        mark = (SERVICES | SERVERS)[name]
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.Error):  # it went while we looked
                if mark in " ".join(child.cmdline()):
                    return child.pid
        return None

    def end(self):
        self.process.wait(60)
        self.reader.join(10)
        self.process.stdout.close()


@pytest.fixture
def start(tmp_path):
    stacks = []

    def start_one(**more):
        stacks.append(Stack(tmp_path / "data", free_port(), **more))
        stacks[-1].wait(lambda: any("Log in" in line for line in stacks[-1].lines))
        return stacks[-1]

    yield start_one
    for stack in stacks:
        if stack.process.poll() is None:
            stack.process.kill()
            stack.end()


@pytest.mark.slow
def test_stack_is_ready_and_says_where(start, tmp_path):
    stack = start()
    assert stack.get("/healthz") == (200, "ok\n")
    status, body = stack.get("/readyz")
    assert (status, json.loads(body)) == (
        200,
        {
            "ready": True,
            "parts": dict.fromkeys(("postgres", "migrations", "valkey", "worker", "clock"), "ok"),
        },
    )
    said = "".join(stack.lines)
    assert f"http://localhost:{stack.port}/login/" in said
    assert f"http://localhost:{stack.port}/dev/mailbox/" in said
    assert stack.get("/metrics")[0] == 404  # it came through the front door
    remembered = local_environment.recall(tmp_path / "data", {})
    assert remembered["PUENTE_BASE_URL"] == f"http://localhost:{stack.port}"
    with psycopg.connect(remembered["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("puente_app",)


@pytest.mark.slow
def test_second_start_keeps_the_data_after_a_clean_stop(start, tmp_path):
    first = start(PUENTE_DEMO="0")
    cluster = local_environment.recall(tmp_path / "data", {})["DATABASE_OWNER_URL"]
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    family = first.family()
    first.process.send_signal(signal.SIGTERM)
    first.end()
    assert first.process.returncode == 0
    assert [child for child in family if child.is_running()] == []
    assert first.lines[-1] == "puente   | stopped\n"

    second = start(PUENTE_DEMO="0")
    assert second.ready()
    with psycopg.connect(local_environment.recall(tmp_path / "data", {})["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


@pytest.mark.slow
def test_every_child_comes_back_after_kill(start):
    stack = start(PUENTE_DEMO="0")
    for name in (*SERVICES, *SERVERS):
        before = stack.pid(name)
        os.kill(before, signal.SIGKILL)
        stack.wait(lambda name=name, before=before: stack.pid(name) not in {None, before})
        stack.wait(stack.ready)
        assert any(line.startswith(f"{name:<8} | ended (SIGKILL)") for line in stack.lines)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["web", "live"])
def test_serving_process_comes_back_after_kill(start, name):
    stack = start(PUENTE_DEMO="0")
    [serving] = psutil.Process(stack.pid(name)).children()
    serving.kill()
    stack.wait(lambda: not serving.is_running() and stack.pid(name) is not None)
    path = {"web": "/healthz", "live": "/b/nobody/events/"}[name]
    stack.wait(lambda: stack.get(path)[0] not in {0, 502, 503}, limit=30)


@pytest.mark.slow
def test_children_die_when_the_supervisor_is_killed(start):
    stack = start(PUENTE_DEMO="0")
    family = stack.family()
    assert len(family) >= len(SERVICES) + len(SERVERS)
    stack.process.kill()
    stack.end()
    _, alive = psutil.wait_procs(family, timeout=30)
    assert [child.cmdline() for child in alive] == []


@pytest.mark.slow
def test_stop_during_the_start_leaves_nobody_behind(tmp_path):
    stack = Stack(tmp_path / "data", free_port())
    stack.wait(lambda: any(line.startswith("prepare") for line in stack.lines))
    family = stack.family()
    stack.process.send_signal(signal.SIGINT)
    stack.end()
    assert stack.process.returncode == 0
    assert [child for child in family if child.is_running()] == []


@pytest.mark.slow
def test_readyz_says_what_is_missing(start):
    stack = start(PUENTE_DEMO="0")
    os.kill(stack.pid("valkey"), signal.SIGSTOP)
    try:
        stack.wait(lambda: stack.get("/readyz")[0] == 503)
        parts = json.loads(stack.get("/readyz")[1])["parts"]
        assert parts["valkey"] == "Valkey does not answer"
        assert parts["postgres"] == "ok"
    finally:
        os.kill(stack.pid("valkey"), signal.SIGCONT)
    stack.wait(stack.ready)


@pytest.mark.slow
def test_brought_servers_are_used_and_get_no_demo(start, tmp_path):
    postgres = start_postgres(tmp_path / "own" / "postgres", fast=True)
    valkey = start_valkey(tmp_path / "own" / "valkey")
    try:
        bootstrap(postgres.superuser_url)
        stack = start(
            DATABASE_URL=postgres.url_for("puente_app"),
            DATABASE_OWNER_URL=postgres.url_for("puente_owner"),
            DATABASE_OPS_URL=postgres.url_for("puente_ops"),
            VALKEY_URL=valkey.url,
        )
        assert stack.ready()
        assert (stack.pid("postgres"), stack.pid("valkey")) == (None, None)
        assert not (tmp_path / "data" / "postgres").exists()
        with psycopg.connect(postgres.url_for("puente_ops")) as connection:
            assert connection.execute("SELECT count(*) FROM tenants_tenant").fetchone() == (0,)
        stack.process.send_signal(signal.SIGTERM)
        stack.end()
        assert postgres.answers()
    finally:
        valkey.stop()
        postgres.stop()
