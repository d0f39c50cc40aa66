"""Run the benchmarks:  python -m bench [--only name,…] [--scale 1] [--output bench/results.json]"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import django

from bench import bot, footprint, report
from bench.report import Entry
from bench.stack import Installation, say, wait_for_worker
from tests.vendors.mail import free_port
from tests.vendors.whatsapp import WhatsApp

OUTPUT = Path(__file__).with_name("results.json")
PAGES = (
    "queue_page",
    "conversation_open",
    "customer_list",
    "customer_filtered",
    "customer_history",
    "search_customers",
    "search_messages",
    "search_filtered",
    "api_list",
    "api_get",
    "api_create",
)
RATES = ("inbound_email", "inbound_widget", "inbound_whatsapp")
STREAM = "message_to_stream"
WORKER_LIMIT = 60.0  # seconds until it listens
SEGMENTS = "segment_count"
MERGE = "merge_undo"
FOOTPRINT: dict[str, Callable[[], Entry]] = {
    "widget_gzip_kb": footprint.widget_gzip_kb,
    "idle_memory_mb": footprint.idle_memory_mb,
    "fresh_start_s": footprint.fresh_start_s,
    "bot_decision": bot.bot_decision,
    "bot_rules": bot.bot_rules,
    "bot_memory_mb": bot.bot_memory_mb,
    "bot_start_s": bot.bot_start_s,
}
IMPORTS = "import_rows"
REPLY = "reply_during_campaign"
CAMPAIGNS = ("audience_freeze", "campaign_email", "campaign_email_dkim", REPLY)
WITH_DATA = (*PAGES, *RATES, MERGE, IMPORTS, SEGMENTS, *CAMPAIGNS, STREAM)
KNOWN = (*WITH_DATA, *FOOTPRINT)
NOT_YET = (
    "board_open",
    "api_bulk",
)


def with_data(names: list[str], scale: float) -> list[Entry]:
    """Those that need a hundred businesses and a server."""
    with ExitStack() as ending:
        path = tempfile.TemporaryDirectory(prefix="puente-bench-", ignore_cleanup_errors=True)
        folder, vendor = Path(ending.enter_context(path)), ending.enter_context(WhatsApp())
        (folder / "plans").mkdir()
        stack = Installation(
            folder,
            "bench.settings",
            BENCH_PLANS=str(folder / "plans"),
            PUENTE_API_RATE="1000000",
            PUENTE_OUTBOUND_ALLOWED="127.0.0.1/32",
            PUENTE_META_API=vendor.url,
            EMAIL_URL=f"smtp://127.0.0.1:{free_port()}",
        )
        os.environ.clear()
        os.environ.update(stack.env | {"PUENTE_LOG_LEVEL": "warning"})  # the servers log as they always do
        ending.callback(stack.stop)
        stack.prepare()
        django.setup()
        return _measure(stack, vendor, names, scale)


def _measure(stack: Installation, vendor: WhatsApp, names: list[str], scale: float) -> list[Entry]:
    from bench import rates  # noqa: PLC0415 -- models need django.setup()
    from bench.fill import fill  # noqa: PLC0415
    from bench.importing import import_rows  # noqa: PLC0415
    from bench.merging import merge_undo  # noqa: PLC0415
    from bench.reads import Reader  # noqa: PLC0415
    from bench.stream import message_to_stream  # noqa: PLC0415

    if set(names) == {SEGMENTS}:
        return [_told(lambda: _segments(stack, scale))]
    if set(names) <= set(CAMPAIGNS):
        return _campaigns(stack, vendor, names, scale)
    started = time.monotonic()
    filled = fill(stack.superuser_url, scale, say)
    say(f"filled in {time.monotonic() - started:.0f} s")
    stack.web("bench.wsgi")
    reader = Reader(filled, stack.web_socket, stack.folder / "plans")
    makers: dict[str, Callable[[], Entry]] = {name: getattr(reader, name) for name in PAGES}
    for name in RATES:
        makers[name] = partial(getattr(rates, name), filled, stack.web_socket)
    makers[MERGE] = partial(merge_undo, filled)
    makers[IMPORTS] = partial(import_rows, filled)
    entries = [_told(makers[name]) for name in makers if name in names]
    if SEGMENTS in names:
        entries.append(_told(lambda: _segments(stack, scale)))
    if set(names) & set(CAMPAIGNS):
        forget_waiting(stack)
        entries += _campaigns(stack, vendor, names, scale)
    if STREAM in names:
        forget_waiting(stack)
        stack.live()
        stack.worker()
        wait_for_worker(WORKER_LIMIT)
        entries.append(_told(lambda: message_to_stream(filled, stack, reader.cookie)))
    return entries


def _segments(stack: Installation, scale: float) -> Entry:
    """Rules over a business of a million customers, who come for these alone."""
    from bench import segments  # noqa: PLC0415 -- models need django.setup()

    return segments.segment_count(segments.make(stack.superuser_url, scale, say), say)


def _campaigns(stack: Installation, vendor: WhatsApp, names: list[str], scale: float) -> list[Entry]:
    """A business of a million customers who get campaigns; they come for these alone."""
    from bench import campaigning, mailing  # noqa: PLC0415 -- models need django.setup()
    from bench.replying import reply_during_campaign  # noqa: PLC0415

    tenant_id = campaigning.make(stack.superuser_url, scale, say)
    port = int(stack.env["EMAIL_URL"].rpartition(":")[2])
    makers: dict[str, Callable[[], Entry]] = {
        "audience_freeze": lambda: campaigning.audience_freeze(tenant_id, stack.superuser_url),
        "campaign_email": lambda: mailing.campaign_email(tenant_id, port),
        "campaign_email_dkim": lambda: mailing.campaign_email_dkim(tenant_id, port),
        REPLY: lambda: reply_during_campaign(tenant_id, stack, vendor, port, say),
    }
    return [_told(make) for name, make in makers.items() if name in names]


def forget_waiting(stack: Installation) -> None:
    """Drop the events that were accepted with the workers at rest, and their bells."""
    import psycopg  # noqa: PLC0415
    import redis  # noqa: PLC0415

    redis.Redis.from_url(stack.valkey.url).flushdb()
    with psycopg.connect(stack.superuser_url, autocommit=True) as connection:
        connection.execute("DELETE FROM conversations_inboundevent WHERE outcome = 'pending'")
        connection.execute("VACUUM (ANALYZE) conversations_inboundevent")


def _told(make: Callable[[], Entry]) -> Entry:
    entry = make()
    ratio = "" if entry.ratio is None else f", {entry.ratio:.2f} of the floor"
    say(f"{entry.name}: {entry.ours:.2f} {entry.unit}{ratio}")
    return entry


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench", description="Benchmarks of Puente.")
    parser.add_argument("--only", default="", help=f"comma-separated: {', '.join(KNOWN)}")
    parser.add_argument("--scale", type=float, default=1.0, help="1 is a million messages")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    options.only = [name.strip() for name in options.only.split(",") if name.strip()]
    unknown = sorted(set(options.only) - set(KNOWN))
    if unknown:
        hint = "not yet" if set(unknown) <= set(NOT_YET) else f"known are {', '.join(KNOWN)}"
        sys.exit(f"puente: no benchmark is called {', '.join(unknown)}: {hint}.")
    return options


def main() -> None:
    options = parse()
    names = options.only or [name for name in KNOWN if name != "fresh_start_s"]
    entries = [_told(make) for name, make in FOOTPRINT.items() if name in names]
    if set(names) & set(WITH_DATA):
        entries = with_data(names, options.scale) + entries
    report.write(options.output, entries)
    print(report.table(entries))
    if not options.only:
        print(f"not yet: {', '.join(NOT_YET)}")


if __name__ == "__main__":
    main()
