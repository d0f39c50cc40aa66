"""`make run`: everything Puente needs on one machine, from one command.

    python -m config.supervisor --port 8000

Starts PostgreSQL and Valkey (unless DATABASE_URL and VALKEY_URL name others), prepares the database,
starts web, live, worker, beat and the front door, and keeps them running until Ctrl-C or SIGTERM.
"""

import argparse
import asyncio
import errno
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from config import local_environment
from config.embedded import EmbeddedError, Postgres, Server, Valkey, bootstrap, make_folder, short_folder
from config.env import Environment, fail
from config.front import caddy, write_caddyfile
from config.leash import leash
from config.processes import Child, describe, python, say, stop_all

ROOT = Path(__file__).resolve().parent.parent
STAND_INS = ROOT / "tests" / "vendors" / "serve.py"  # not there where only the product is installed
SERVER_START_LIMIT = 60  # seconds
READY_LIMIT = 60  # seconds after which the addresses are printed all the same

GRANIAN = "--http 1 --no-ws --uds-permissions 600 --workers-kill-timeout 5 --log-level warning --workers 1"
WEB = "--interface wsgi --blocking-threads 4 config.wsgi:application"
LIVE = "--interface asginl --backlog 4096 config.asgi:application"
WORKER = (
    "-m celery --quiet -A config worker -c 2 -Q replies,inbound,bulk,automatic,slow"
    " --without-gossip --without-mingle --without-heartbeat"
)
BEAT = "-m celery --quiet -A config.beat beat --pidfile="


@dataclass
class Plan:
    """What was asked for, checked."""

    host: str
    port: int
    folder: Path
    with_simulator: bool = False

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def hosts(self) -> list[str]:
        """Addresses to listen on: this machine alone, unless told otherwise."""
        return loopbacks() if self.host == "localhost" else [self.host]


@dataclass
class Supervisor:
    """The children in the order they start."""

    plan: Plan
    servers: list[Child] = field(default_factory=list)
    services: list[Child] = field(default_factory=list)
    doors: list[Child] = field(default_factory=list)

    async def run(self) -> None:
        """Bring everything up and stay until told to stop. Raises EmbeddedError."""
        told = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, told.set)
        work = asyncio.create_task(self.bring_up())
        waiting = asyncio.create_task(told.wait())
        try:
            await asyncio.wait({work, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if not told.is_set():
                work.result()  # raises what went wrong
                await waiting
        finally:
            work.cancel()
            await self.shut_down()

    async def bring_up(self) -> None:
        started = time.monotonic()
        variables = await self.start_servers()
        env = {**os.environ, **variables}
        local_environment.remember(self.plan.folder, variables)
        banner = await self.prepare(env)
        self.start_services(env)
        missing = await self.wait_until_ready()
        if missing:
            say("puente", f"not ready yet: {missing}")
        say("puente", f"up after {time.monotonic() - started:.1f} s")
        for line in banner:
            say("puente", line)

    async def start_servers(self) -> dict[str, str]:
        """Start the embedded servers that are wanted; returns the variables by which children find them."""
        folder = self.plan.folder
        variables = {
            "PUENTE_BASE_URL": self.plan.url,
            "PUENTE_TRUST_PROXY": "1",  # the front door is ours and writes X-Forwarded-For anew
        }
        if not given("DATABASE_URL"):
            postgres = Postgres(folder / "postgres")
            await self.start_server("postgres", postgres)
            bootstrap(postgres.superuser_url)
            roles = {"DATABASE_URL": "app", "DATABASE_OWNER_URL": "owner", "DATABASE_OPS_URL": "ops"}
            variables |= {name: postgres.url_for(f"puente_{role}") for name, role in roles.items()}
            variables["PUENTE_DEMO"] = "1"
        if not given("VALKEY_URL"):
            valkey = Valkey(folder / "valkey")
            await self.start_server("valkey", valkey)
            variables["VALKEY_URL"] = valkey.url
        if self.plan.with_simulator and STAND_INS.exists():
            variables |= await self.start_stand_ins(variables)
        wanted = {name: value for name, value in variables.items() if not given(name)}
        return {"PUENTE_DATA": str(folder), "PYTHONUNBUFFERED": "1", **wanted}

    async def start_stand_ins(self, variables: dict[str, str]) -> dict[str, str]:
        """Start the vendors' stand-ins of the simulator; returns the variables that lead to them."""
        announced = self.plan.folder / "run" / "vendors.json"
        announced.unlink(missing_ok=True)
        command = python("-m", "tests.vendors.serve", "--announce", str(announced))
        env = {**os.environ, **variables, "PUENTE_DATA": str(self.plan.folder)}
        child = Child("vendors", command, env=env)
        self.servers.append(child)
        child.start()
        for _ in range(SERVER_START_LIMIT * 10):
            if announced.exists():
                found: dict[str, str] = json.loads(announced.read_text())["env"]
                return found
            await asyncio.sleep(0.1)
        say("puente", "the simulator did not start; see its lines above")
        return {}

    async def start_server(self, name: str, server: Server) -> None:
        child = Child(
            name,
            server.command(),
            env=os.environ,
            stop_signal=server.stop_signal,
            user=server.user,
            stop_limit=15,
        )
        self.servers.append(child)
        child.start()
        for _ in range(SERVER_START_LIMIT * 10):
            if server.answers():
                return
            await asyncio.sleep(0.1)
        raise EmbeddedError(
            f"{server.name} did not start within {SERVER_START_LIMIT} s; see its lines above."
        )

    async def prepare(self, env: dict[str, str]) -> list[str]:
        """Migrations, static files, demo; returns what to tell the person at the terminal."""
        banner_path = self.plan.folder / "run" / "banner.txt"
        banner_path.unlink(missing_ok=True)
        command = python("manage.py", "prepare", f"--banner={banner_path}")
        code = await Child("prepare", command, env=env).run_once()
        if code:
            raise EmbeddedError(f"preparing the database failed ({describe(code)}); see the lines above.")
        return banner_path.read_text().splitlines()

    def start_services(self, env: dict[str, str]) -> None:
        run = self.plan.folder / "run"
        sockets = short_folder(run, "live.sock")
        web, live = sockets / "web.sock", sockets / "live.sock"
        caddyfile = write_caddyfile(run, hosts=self.plan.hosts, port=self.plan.port, web=web, live=live)
        home = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(run))
        self.services += [
            Child("web", granian(web, WEB), env=env, leftovers=[web]),
            # With PostgreSQL gone there is nothing to finish: dying alone, it leaves at once.
            Child("worker", python(*WORKER.split()), env=env, death_signal=signal.SIGQUIT),
            Child("beat", python(*BEAT.split()), env=env),
            Child("mail", python("manage.py", "listen_to_mail"), env=env),
        ]
        self.doors += [
            Child("live", granian(live, LIVE), env=env, leftovers=[live]),
            Child("front", caddy(caddyfile), env={**env, **home}),
        ]
        for child in (*self.services, *self.doors):
            child.start()

    async def wait_until_ready(self) -> str:
        """Wait for /readyz; returns what is missing when patience ends."""
        missing = "no answer"
        for _ in range(READY_LIMIT * 4):
            status, missing = await fetch(self.plan.hosts[0], self.plan.port, "/readyz")
            if status == 200:
                return ""
            await asyncio.sleep(0.25)
        return missing

    async def shut_down(self) -> None:
        """Stop in the reverse order, so that nothing loses what it stands on. Bounded by the stop limits."""
        say("puente", "stopping")
        await stop_all(self.doors)  # both wait a little for open streams, so let them wait together
        await stop_all(self.services)
        await stop_all(self.servers)
        local_environment.forget(self.plan.folder)
        say("puente", "stopped")


def granian(path: Path, options: str) -> list[str]:
    """The application server on a Unix socket that only its owner may open."""
    return python(*f"-m granian {GRANIAN} {options} --uds".split(), str(path))


async def fetch(host: str, port: int, path: str) -> tuple[int, str]:
    """Status and body of a GET; 0 and the reason when nobody answers."""
    try:
        async with asyncio.timeout(10):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(f"GET {path} HTTP/1.0\r\nHost: localhost:{port}\r\n\r\n".encode())
            head, _, body = (await reader.read()).decode(errors="replace").partition("\r\n\r\n")
            writer.close()
            return int(head.split()[1]), body
    except (OSError, TimeoutError, IndexError, ValueError) as error:
        return 0, str(error)


def given(name: str) -> bool:
    """Whether the environment names it, itself or as a file."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def loopbacks() -> list[str]:
    """127.0.0.1, and [::1] where the machine has it: browsers try either for `localhost`."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return ["127.0.0.1"]
    return ["127.0.0.1", "[::1]"]


def check_port(plan: Plan) -> None:
    """Stop with a sentence when we could not listen there."""
    for host in plan.hosts:
        bare = host.strip("[]")
        try:
            with socket.socket(socket.AF_INET6 if ":" in bare else socket.AF_INET) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((bare, plan.port))
                probe.listen()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                fail(
                    f"port {plan.port} is in use: stop what listens there, or choose another with PORT=8001."
                )
            fail(f"cannot listen on {host} port {plan.port} ({error.strerror}): choose other PORT or HOST.")


def parse(arguments: list[str]) -> Plan:
    """The command line, checked. Stops with a sentence on anything odd."""
    parser = argparse.ArgumentParser("python -m config.supervisor", description="Run all of Puente here.")
    parser.add_argument("--port", default="8000", help="port of the front door (8000)")
    parser.add_argument("--host", default="localhost", help="address to listen on (localhost)")
    parser.add_argument("--leashed", action="store_true", help="stop when the parent process dies")
    parser.add_argument("--simulator", action="store_true", help="run the vendors' stand-ins, too")
    options = parser.parse_args(arguments)
    if not (options.port.isascii() and options.port.isdigit() and 0 < int(options.port) < 65536):
        fail(f"PORT is malformed: {options.port!r} is not a number from 1 to 65535.")
    if options.leashed:
        leash(signal.SIGTERM, parent=os.getppid())()
    missing = [name for name in sorted(local_environment.DATABASE_NAMES) if not given(name)]
    if 0 < len(missing) < len(local_environment.DATABASE_NAMES):
        fail(f"set {' and '.join(missing)} as well: the three DATABASE_… URLs belong together.")
    folder = Path(Environment().str("PUENTE_DATA", str(ROOT / ".data")))
    return Plan(options.host, int(options.port), folder.resolve(), options.simulator)


def check_settings() -> None:
    """Let the settings refuse odd values before anything starts; they say why themselves."""
    if subprocess.run(python("-c", "import config.settings"), check=False).returncode:
        sys.exit(1)


def lock(folder: Path) -> IO[str]:
    """Take the data folder for ourselves until this process ends. Stops with a sentence when it is taken."""
    file = (folder / "supervisor.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        fail(
            f"another Puente (process {holder}) runs on the data folder {folder}: "
            "stop it, or give this one a folder of its own with PUENTE_DATA."
        )
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def main(arguments: list[str]) -> None:
    """Run until stopped; exits with 1 and one sentence when that is not possible."""
    plan = parse(arguments)
    os.chdir(ROOT)
    check_settings()
    try:
        make_folder(plan.folder)
        make_folder(plan.folder / "run")
        with lock(plan.folder):
            check_port(plan)
            asyncio.run(Supervisor(plan).run())
    except EmbeddedError as error:
        fail(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
