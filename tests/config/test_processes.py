"""Children of the supervisor: one stream, restarts with backoff, stops that end."""

import asyncio
import os
import signal
import time

import pytest

from config import processes
from config.processes import Child, describe, python

FORKS_AND_DIES = """
import subprocess, sys
print(subprocess.Popen(["sleep", "60"]).pid, flush=True)
sys.exit(3)
"""
IGNORES_TERM = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""


def child(code, **options):
    return Child("thing", python("-c", code), env=os.environ, **options)


def gone(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


async def until(condition, limit=5.0):
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        await asyncio.sleep(0.02)


@pytest.fixture
def lines(monkeypatch):
    said = []
    monkeypatch.setattr(processes, "say", lambda name, line: said.append((name, line)))
    return said


def test_output_comes_line_by_line_under_its_name(lines):
    assert asyncio.run(child("print('uno'); print('dos', end='')").run_once()) == 0
    assert lines == [("thing", "uno"), ("thing", "dos")]


def test_say_prefixes_with_the_name(capsys):
    processes.say("web", "hola")
    assert capsys.readouterr().out == "web      | hola\n"


def test_crashed_child_starts_again_ever_more_slowly(lines, monkeypatch):
    monkeypatch.setattr(processes, "FIRST_PAUSE", 0.01)

    async def scenario():
        crashing = child("import sys; sys.exit(3)")
        crashing.start()
        await until(lambda: len(lines) >= 3)
        await crashing.stop()

    asyncio.run(scenario())
    assert lines[:3] == [
        ("thing", "ended (exit code 3), starts again in 0.01 s"),
        ("thing", "ended (exit code 3), starts again in 0.02 s"),
        ("thing", "ended (exit code 3), starts again in 0.04 s"),
    ]


def test_killed_child_starts_again(lines, monkeypatch):
    monkeypatch.setattr(processes, "FIRST_PAUSE", 0.01)

    async def scenario():
        sleeper = child("import time; print('up', flush=True); time.sleep(60)")
        sleeper.start()
        await until(lambda: ("thing", "up") in lines)
        first = sleeper.process.pid
        os.kill(first, signal.SIGKILL)
        await until(lambda: lines.count(("thing", "up")) == 2)
        second = sleeper.process.pid
        await sleeper.stop()
        return first, second

    first, second = asyncio.run(scenario())
    assert first != second
    assert gone(second)
    assert lines[1] == ("thing", "ended (SIGKILL), starts again in 0.01 s")


def test_grandchildren_die_with_the_child(lines):
    async def scenario():
        code = await child(FORKS_AND_DIES).run_once()
        await until(lambda: gone(int(lines[0][1])))
        return code

    assert asyncio.run(scenario()) == 3


def test_stop_ends_even_a_deaf_child(lines):
    async def scenario():
        deaf = child(IGNORES_TERM, stop_limit=0.2)
        deaf.start()
        await until(lambda: ("thing", "deaf") in lines)
        await deaf.stop()
        return deaf.process.returncode

    assert asyncio.run(scenario()) == -signal.SIGKILL
    assert lines[-1] == ("thing", "did not stop within 0.2 s, killed")


def test_stop_during_the_pause_does_not_wait_for_it(lines):
    async def scenario():
        crashing = child("import sys; sys.exit(1)")
        crashing.start()
        await until(lambda: lines)
        started = time.monotonic()
        await crashing.stop()
        return time.monotonic() - started

    assert asyncio.run(scenario()) < processes.FIRST_PAUSE


def test_stale_sockets_are_removed_before_a_start(tmp_path, lines):
    stale = tmp_path / "web.sock"
    stale.write_text("")
    asyncio.run(child(f"import os; print(os.path.exists({str(stale)!r}))", leftovers=[stale]).run_once())
    assert lines == [("thing", "False")]


@pytest.mark.parametrize(("code", "words"), [(0, "exit code 0"), (3, "exit code 3"), (-9, "SIGKILL")])
def test_describe(code, words):
    assert describe(code) == words
