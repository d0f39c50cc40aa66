"""What a decision of the bot costs: a fresh process on one core, a business of five hundred answers."""

import json
import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

from bench.report import Entry
from config.supervisor import ROOT

ANSWERS = 500
ROUNDS = 2


def bot_decision() -> Entry:
    """95 of 100 messages are understood within this."""
    held = _measured()
    what = (
        f"reading {held['messages']:.0f} messages beside {held['answers']:.0f} answers on one core, p95; "
        f"{held['work']:.1f} ms of it its own work"
    )
    return Entry("bot_decision", held["p95"], None, "lower", "ms", what)


def bot_memory_mb() -> Entry:
    """Memory the encoder adds to a process that has loaded nothing else of it."""
    return Entry(
        "bot_memory_mb", _measured()["memory"], None, "lower", "MB", "memory the models add to a process"
    )


def bot_start_s() -> Entry:
    """Time until the encoder has understood its first words."""
    return Entry("bot_start_s", _measured()["start"], None, "lower", "s", "start the models add to a process")


@cache
def _measured() -> dict[str, float]:
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "bench.bot"], env=env, capture_output=True, check=True, cwd=ROOT
    )
    held: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return held


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def main() -> None:
    """Measure this process and print one line of JSON."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    before, began = _resident_mb(), time.perf_counter()
    from conversations.bot import encoder, fitted  # noqa: PLC0415 - what it adds is what is measured

    shared = encoder.shared()
    fitted.heads()
    fitted.topics()
    fitted.turn()
    start, memory = time.perf_counter() - began, _resident_mb() - before
    from conversations.bot.retrieve import Entry as Answer  # noqa: PLC0415
    from conversations.bot.retrieve import Index  # noqa: PLC0415
    from conversations.bot.understand import understand  # noqa: PLC0415
    from quality.train import samples, sources  # noqa: PLC0415

    known = [
        entry
        for path in sorted((sources.DATA / "knowledge").glob("*.jsonl"))
        for entry in samples.entries(*path.name.split(".")[:2])
    ]
    many = [
        Answer(f"{n}", known[n % len(known)].phrasings, known[n % len(known)].answer) for n in range(ANSWERS)
    ]
    index = Index(many, shared)
    texts = [row["text"] for language in ("es", "pt", "en") for row in sources.labelled(language)] * ROUNDS
    understand("hola", index)
    times, work = [], []
    for text in texts:
        began, busy = time.perf_counter(), time.process_time()
        understand(text, index)
        work.append((time.process_time() - busy) * 1000)
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    print(
        json.dumps(
            {
                "p95": times[int(len(times) * 0.95)],
                "work": sorted(work)[int(len(work) * 0.95)],
                "p50": times[len(times) // 2],
                "memory": memory,
                "start": start,
                "answers": len(many),
                "messages": len(times),
            }
        )
    )


if __name__ == "__main__":
    main()
