"""What the installation weighs: memory at rest, the widget's size, the start of a fresh clone."""

import gzip
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

from bench.report import Entry
from bench.stack import Process, own_environment, wait_for
from config.processes import python
from config.slim import slim
from config.supervisor import ROOT

READY_LIMIT = 300  # seconds
REST = 20  # seconds after which nothing more happens by itself
PAGES = ("/", "/login/", "/api/v1/schema/")


def idle_memory_mb() -> Entry:
    """The sum of every process's proportional share (proc(5), smaps_rollup), a while after the start."""
    with tempfile.TemporaryDirectory(prefix="puente-idle-") as name:
        folder, port = Path(name), _free_port()
        env = {**own_environment(), "PUENTE_DATA": str(folder), "PUENTE_DEMO": "0"}
        command = python("-m", "config.supervisor", "--port", str(port))
        process = Process("supervisor", command, env, folder / "supervisor.log")
        process.start()
        try:
            _wait_until_ready(port, process)
            for page in PAGES:
                _get(port, page)
            time.sleep(REST)
            family = _family(process.pid)
            total = sum(_proportional_set(pid) for pid in family) / 1024
        finally:
            process.stop(patience=60)
    what = f"everything `make run` starts, at rest: {len(family)} processes, proportional set size"
    return Entry("idle_memory_mb", total, None, "lower", "MB", what)


def widget_gzip_kb() -> Entry:
    """The one script a visitor loads."""
    served = slim()
    size = len(gzip.compress(served, 9)) / 1000
    return Entry("widget_gzip_kb", size, None, "lower", "kB", f"widget.js, {len(served) / 1000:.1f} kB plain")


def fresh_start_s() -> Entry:
    """`git clone` into an empty folder, then `make run` until /readyz answers 200."""
    with tempfile.TemporaryDirectory(prefix="puente-fresh-") as name:
        folder, port = Path(name), _free_port()
        started = time.monotonic()
        git = shutil.which("git") or "git"
        subprocess.run([git, "clone", "--quiet", str(ROOT), str(folder / "clone")], check=True)
        command = ["make", "-C", str(folder / "clone"), "run", f"PORT={port}"]
        process = Process("make", command, own_environment(), folder / "make.log")
        process.start()
        try:
            _wait_until_ready(port, process)
            seconds = time.monotonic() - started
        finally:
            process.stop(patience=60)
    return Entry("fresh_start_s", seconds, None, "lower", "s", "clone, install, migrate, demo, ready")


def _wait_until_ready(port: int, process: Process) -> None:
    def ready() -> bool:
        if not process.is_alive:
            raise ChildProcessError(process.log.read_text()[-2_000:])
        return _get(port, "/readyz") == 200

    wait_for(ready, READY_LIMIT, "/readyz")


def _get(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=10) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _family(pid: int) -> list[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        found.append(one := waiting.pop())
        waiting += children.get(one, [])
    return found


def _proportional_set(pid: int) -> int:
    """Kilobytes; 0 for a process that has just gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)
    return int(found[1]) if found else 0
