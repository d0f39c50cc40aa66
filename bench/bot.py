"""What a decision of the bot costs: a fresh process on one core, a business of five hundred answers.

It is all that a message of a customer makes the bot do but writing: reading what is published, the business's
own words, rules and balance, the customer's orders and appointments, what is sold, the hours of the day.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

from bench.report import Entry
from bench.stack import Installation
from config.supervisor import ROOT

ANSWERS = 500


def bot_decision() -> Entry:
    """95 of 100 messages are decided within this."""
    held = _measured()
    what = (
        f"deciding on {held['messages']:.0f} messages beside {held['answers']:.0f} answers of their language "
        f"on one core, with words, rules and live facts, p95; {held['work']:.1f} ms of it its own work, the "
        f"rest waits for the database"
    )
    return Entry("bot_decision", held["p95"], None, "lower", "ms", what)


def bot_rules() -> Entry:
    """99 of 100 messages are known within this to ask for a person, or not: before any model is asked."""
    what = "the wish for a person and the escalation words of a message, p99, with the business's own words"
    return Entry("bot_rules", _measured()["rules"], None, "lower", "ms", what)


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
    with tempfile.TemporaryDirectory(prefix="puente-bot-", ignore_cleanup_errors=True) as folder:
        stack = Installation(Path(folder), "config.settings", PUENTE_LOG_LEVEL="warning")
        stack.prepare()
        try:
            env = {**stack.env, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
            done = subprocess.run(
                [sys.executable, "-m", "bench.bot"], env=env, stdout=subprocess.PIPE, check=True, cwd=ROOT
            )
        finally:
            stack.stop()
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

    encoder.shared()
    fitted.heads()
    fitted.topics()
    fitted.turn()
    held = {"start": time.perf_counter() - began, "memory": _resident_mb() - before}
    print(json.dumps(held | _decide()))


def _decide() -> dict[str, float]:
    import django  # noqa: PLC0415 - what the models add is measured without it

    django.setup()
    from bench.bot_business import LANGUAGES, make  # noqa: PLC0415 -- models need django.setup()
    from conversations.actions.trying import try_out  # noqa: PLC0415
    from conversations.bot.understand import Context, rules  # noqa: PLC0415
    from conversations.models import Bot, Conversation  # noqa: PLC0415
    from quality.train import samples, sources  # noqa: PLC0415
    from tenants.scoping import tenant_scope  # noqa: PLC0415

    trades = sorted(path.name.split(".")[:2] for path in (sources.DATA / "knowledge").glob("*.jsonl"))
    of_all = [(language, entry) for trade, language in trades for entry in samples.entries(trade, language)]
    known = {
        one: [entry for language, entry in of_all if language == one] or [entry for _of, entry in of_all]
        for one in LANGUAGES
    }
    tenant_id, conversation_id = make(known, ANSWERS)

    def decide(text: str) -> None:
        with tenant_scope(tenant_id):
            found = Conversation.objects.select_related("customer", "channel").get(pk=conversation_id)
            try_out(text, conversation=found)

    for text in ("hola, ¿a qué hora abren?", "oi, que horas abre?", "hi, what time do you open?"):
        decide(text)  # what is published is read once, and kept
    with tenant_scope(tenant_id):
        words = tuple(Bot.objects.get().words)
    times, work, first = [], [], []
    for language in LANGUAGES:
        context = Context(language, ("MX",), words)
        for text in [row["text"] for row in sources.labelled(language)]:
            began = time.perf_counter()
            rules(text, context)
            first.append((time.perf_counter() - began) * 1000)
            began, busy = time.perf_counter(), time.process_time()
            decide(text)
            work.append((time.process_time() - busy) * 1000)
            times.append((time.perf_counter() - began) * 1000)
    return {
        "p95": _at(times, 0.95),
        "work": _at(work, 0.95),
        "p50": _at(times, 0.5),
        "rules": _at(first, 0.99),
        "answers": ANSWERS,
        "messages": len(times),
    }


def _at(times: list[float], share: float) -> float:
    return sorted(times)[int(len(times) * share)]


if __name__ == "__main__":
    main()
