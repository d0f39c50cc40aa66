"""Run the kill tests:  python -m tests.chaos [--only name,…] [--seed 1] [--output results.json]"""

import argparse
import json
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from bench.stack import say
from tests.chaos.scenarios import SCENARIOS, UNKNOWN_IS_MEANT, Outcome
from tests.chaos.world import CONFIRMATIONS, Broken, World
from tests.vendors.ledger.server import Vendor
from tests.vendors.mail import MailServer
from tests.vendors.town import Town

OUTPUT = Path(__file__).with_name("results.json")


def run(names: list[str], seed: int, confirmations: int) -> tuple[list[dict[str, object]], list[str]]:
    """The results, and what broke."""
    rows, broken = [], []
    folder = tempfile.TemporaryDirectory(prefix="puente-chaos-", ignore_cleanup_errors=True)
    with folder as path, Vendor(seed) as vendor, MailServer() as mail, ExitStack() as stack:
        world = World(Path(path), seed, vendor, mail, Town(stack))
        world.confirmations = confirmations
        try:
            world.start()
            for name in names:
                row, failure = _one(world, name)
                rows += row
                broken += failure
        finally:
            world.stack.stop()
            if broken:
                say(world.last_words())
    return rows, broken


def _one(world: World, name: str) -> tuple[list[dict[str, object]], list[str]]:
    started = time.monotonic()
    world.chance.seed(f"{world.seed} {name}")  # the same attacks, whichever scenarios run
    try:
        world.settle_down()
        outcome = SCENARIOS[name](world)
    except (Broken, TimeoutError, AssertionError) as error:
        say(f"{name}: {error}")
        return [], [f"{name}: {error}"]
    say(f"{name}: {outcome} after {time.monotonic() - started:.0f} s")
    row = {"name": name, **asdict(outcome), "recovery_s": round(outcome.recovery_s, 2)}
    return [row], [f"{name}: {complaint}" for complaint in _complaints(name, outcome)]


def _complaints(name: str, outcome: Outcome) -> list[str]:
    unknown = 0 if name in UNKNOWN_IS_MEANT else outcome.unknown
    wrong = {"lost": outcome.lost, "doubled": outcome.doubled, "unknown": unknown}
    return [f"{count} {what}" for what, count in wrong.items() if count]


def table(rows: list[dict[str, object]]) -> str:
    """The results for a person."""
    columns = ["accepted", "lost", "doubled", "unknown", "recovery_s"]
    lines = [f"{'name':<32}" + "".join(f"{column:>11}" for column in columns)]
    lines += [f"{row['name']:<32}" + "".join(f"{row[column]!s:>11}" for column in columns) for row in rows]
    return "\n".join(lines)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.chaos", description="Kill tests of Puente.")
    parser.add_argument("--only", default="", help=f"comma-separated: {', '.join(SCENARIOS)}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--confirmations", type=int, default=CONFIRMATIONS, help="how many go out")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    options.only = [name.strip() for name in options.only.split(",") if name.strip()] or list(SCENARIOS)
    unknown = sorted(set(options.only) - set(SCENARIOS))
    if unknown:
        sys.exit(f"puente: no kill test is called {', '.join(unknown)}: known are {', '.join(SCENARIOS)}.")
    return options


def main() -> None:
    options = parse()
    started = time.monotonic()
    rows, broken = run(options.only, options.seed, options.confirmations)
    options.output.write_text(json.dumps(rows, indent=1) + "\n")
    print(table(rows))
    print(f"seed {options.seed}, {time.monotonic() - started:.0f} s")
    if broken:
        sys.exit("\n".join(f"puente: {line}" for line in broken))


if __name__ == "__main__":
    main()
