"""A whole installation in a folder of its own: embedded servers with normal durability, and processes."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bench.client import Connection, request_bytes
from config.embedded import EmbeddedError, Postgres, Server, Valkey, bootstrap, short_folder
from config.leash import leash
from config.processes import python
from config.supervisor import BEAT, LIVE, ROOT, WEB, WORKER, granian

FOREIGN = ("DATABASE_", "VALKEY_URL", "EMAIL_URL", "SECRET_KEY", "PUENTE_", "TEST_", "DJANGO_", "PYTEST_")
SERVER_ATTEMPTS = 40  # a killed PostgreSQL's children hold its memory for a moment
BASE_URL = "http://localhost"


def own_environment() -> dict[str, str]:
    """Our environment without anything that leads to another installation."""
    return {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}


class Process:
    """A program of ours, in a process group of its own; its output goes to a file."""

    def __init__(self, name: str, command: list[str], env: Mapping[str, str], log: Path) -> None:
        self.name, self.command, self.env, self.log = name, command, env, log
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Run it. It dies with us."""
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=leash(signal.SIGQUIT),  # noqa: PLW1509 -- one system call, no locks
            )

    @property
    def pid(self) -> int:
        assert self.running is not None
        return self.running.pid

    @property
    def is_alive(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Send a signal to it and all its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """`kill -9`, children included."""
        self.send(signal.SIGKILL)
        if self.running:
            self.running.wait()

    def stop(self, patience: float = 15) -> None:
        """Ask it to end, and make it end."""
        if not self.is_alive or self.running is None:
            return
        self.running.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.running.wait(patience)
        self.kill()


class Installation:
    """Servers and processes in `folder`, as `make run` has them, under settings of our choice."""

    def __init__(self, folder: Path, settings: str, **variables: str) -> None:
        self.folder = folder
        self.postgres, self.valkey = Postgres(folder / "postgres"), Valkey(folder / "valkey")
        self.processes: dict[str, Process] = {}
        sockets = short_folder(folder, "live.sock")
        self.web_socket, self.live_socket = sockets / "web.sock", sockets / "live.sock"
        roles = {"DATABASE_URL": "app", "DATABASE_OWNER_URL": "owner", "DATABASE_OPS_URL": "ops"}
        self.env = {
            **own_environment(),
            **{name: self.postgres.url_for(f"puente_{role}") for name, role in roles.items()},
            "VALKEY_URL": self.valkey.url,
            "PUENTE_DATA": str(folder),
            "PUENTE_BASE_URL": BASE_URL,
            "PUENTE_TRUST_PROXY": "1",
            "PUENTE_DEMO": "0",
            "SECRET_KEY": "of an installation that lives for minutes",
            "DJANGO_SETTINGS_MODULE": settings,
            "PYTHONUNBUFFERED": "1",
            **variables,
        }

    def prepare(self) -> None:
        """Start the servers and bring the database to the present schema. Raises EmbeddedError."""
        for server in (self.postgres, self.valkey):
            start_server(server)
        bootstrap(self.postgres.superuser_url)
        with (self.folder / "prepare.log").open("ab") as log:
            subprocess.run(
                python("manage.py", "prepare"), cwd=ROOT, env=self.env, check=True, stdout=log, stderr=log
            )

    @property
    def superuser_url(self) -> str:
        """The superuser in our database: past row-level security."""
        return self.postgres.url_for("postgres", "puente")

    def run(self, name: str, command: list[str]) -> Process:
        """Start a process under a name."""
        process = Process(name, command, self.env, self.folder / f"{name}.log")
        self.processes[name] = process
        process.start()
        return process

    def web(self, application: str = "config.wsgi") -> Process:
        """The pages' server, and wait until it answers."""
        command = granian(self.web_socket, WEB.replace("config.wsgi", application))
        return self._serving("web", command, self.web_socket)

    def live(self) -> Process:
        """The streams' server, and wait until it answers."""
        return self._serving("live", granian(self.live_socket, LIVE), self.live_socket)

    def worker(self, name: str = "worker", options: str = "") -> Process:
        """One of all queues, as `make run` has it, or with other `options`, the last of which count."""
        return self.run(name, python(*WORKER.split(), *options.split(), "-n", f"{name}@puente"))

    def beat(self, name: str = "beat") -> Process:
        return self.run(name, python(*BEAT.split(), "-s", str(self.folder / f"{name}-schedule")))

    def _serving(self, name: str, command: list[str], socket: Path) -> Process:
        socket.unlink(missing_ok=True)
        process = self.run(name, command)
        wait_for(lambda: answers(socket), 60, f"{name} to answer")
        return process

    def stop(self) -> None:
        """End everything, the servers last."""
        for process in reversed(self.processes.values()):
            process.send(signal.SIGCONT)
            process.stop()
        for server in (self.valkey, self.postgres):
            server.stop()


def answers(path: Path) -> bool:
    """Whether an HTTP server on a socket says anything."""
    connection = Connection(path, timeout=5)
    try:
        connection.send(request_bytes("GET", "/healthz"))
    except OSError:
        return False
    finally:
        connection.close()
    return True


def start_server(server: Server) -> None:
    """Start an embedded server, again after it was killed. Raises EmbeddedError."""
    for attempt in range(SERVER_ATTEMPTS):
        try:
            server.start()
            return
        except EmbeddedError:
            if attempt == SERVER_ATTEMPTS - 1:
                raise
            time.sleep(0.25)


def wait_for_worker(limit: float) -> None:
    """Until a worker hears the clock; `limit` is seconds. Raises `TimeoutError`."""
    from tenants.kit import valkey  # noqa: PLC0415 -- needs the settings
    from tenants.tasks import WORKER_SEEN_KEY, heartbeat  # noqa: PLC0415

    def heard() -> bool:
        with contextlib.suppress(Exception):
            heartbeat.apply_async(retry=False)
            return bool(valkey.client().get(WORKER_SEEN_KEY))
        return False

    with contextlib.suppress(Exception):
        valkey.client().delete(WORKER_SEEN_KEY)
    wait_for(heard, limit, "a worker")


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> float:
    """Wait until something holds; returns how long it took. Raises TimeoutError that names it."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > seconds:
            raise TimeoutError(f"waited {seconds:g} s for {what}")
        time.sleep(0.05)
    return time.monotonic() - started


def say(text: str) -> None:
    """A line for the person at the terminal."""
    print(text, file=sys.stderr, flush=True)
