"""Child processes: their output in one readable stream, restarts with backoff, an orderly stop."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence

from config.embedded import as_user
from config.leash import leash

FIRST_PAUSE = 0.5  # seconds before a crashed child starts again; doubles up to LONGEST_PAUSE
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0  # seconds of running after which a crash counts as the first again


def say(name: str, line: str) -> None:
    """One line of the stream, with the name of who says it. A closed terminal is no reason to die."""
    with contextlib.suppress(BrokenPipeError):
        print(f"{name:<8} | {line}", flush=True)


class Lines(asyncio.Protocol):
    """Cuts what a child writes into lines and says each."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rest = b""
        self.ended = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            say(self.name, line.decode(errors="replace"))

    def connection_lost(self, exc: Exception | None) -> None:
        if self.rest:
            say(self.name, self.rest.decode(errors="replace"))
        self.ended.set()


class Child:
    """A program under supervision. It leads a process group of its own, which dies with it."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        stop_signal: signal.Signals = signal.SIGTERM,
        death_signal: signal.Signals | None = None,
        user: int | None = None,
        stop_limit: float = 10,
        leftovers: Sequence[str | os.PathLike[str]] = (),
    ) -> None:
        """`death_signal` is what it gets when we are killed; `leftovers` are stale sockets to remove."""
        self.name = name
        self.command = command
        self.env = env
        self.stop_signal = stop_signal
        self.death_signal = death_signal or stop_signal
        self.user = user
        self.stop_limit = stop_limit  # seconds
        self.leftovers = leftovers
        self.process: asyncio.subprocess.Process | None = None
        self.stopping = asyncio.Event()
        self.keeper: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Run it, again and again, until `stop()`."""
        self.keeper = asyncio.create_task(self._keep_running())

    async def run_once(self) -> int:
        """Run it to its end; returns the exit code, negative for the signal that killed it."""
        for path in self.leftovers:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
        # A pipe of our own: asyncio would wait for grandchildren that still hold one of its pipes.
        reading, writing = os.pipe()
        try:
            self.process = await asyncio.create_subprocess_exec(
                *self.command,
                env=self.env,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                start_new_session=True,
                preexec_fn=leash(self.death_signal),
                **as_user(self.user),
            )
        finally:
            os.close(writing)
        lines = Lines(self.name)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(lambda: lines, os.fdopen(reading, "rb"))
        try:
            if self.stopping.is_set():  # told to stop while it was being born
                self._kill_group()
            code = await self.process.wait()
        finally:
            self._kill_group()
            with contextlib.suppress(TimeoutError):  # its last words
                await asyncio.wait_for(lines.ended.wait(), 1)
            transport.close()
        return code

    async def stop(self) -> None:
        """Ask it to stop, and after `stop_limit` seconds stop asking."""
        self.stopping.set()
        if self.process is not None and self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(self.stop_signal)
            try:
                await asyncio.wait_for(self.process.wait(), self.stop_limit)
            except TimeoutError:
                say(self.name, f"did not stop within {self.stop_limit:g} s, killed")
                self._kill_group()
        if self.keeper is not None:
            await self.keeper

    async def _keep_running(self) -> None:
        pause = FIRST_PAUSE
        while not self.stopping.is_set():
            started = time.monotonic()
            code = await self.run_once()
            if self.stopping.is_set():
                return
            if time.monotonic() - started > STEADY_AFTER:
                pause = FIRST_PAUSE
            say(self.name, f"ended ({describe(code)}), starts again in {pause:g} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _kill_group(self) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


async def stop_all(children: Sequence[Child]) -> None:
    """Stop several at once."""
    await asyncio.gather(*(child.stop() for child in children))


def describe(code: int) -> str:
    """An exit code in words."""
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def python(*arguments: str) -> list[str]:
    """A command run by the Python we run on."""
    return [sys.executable, *arguments]
