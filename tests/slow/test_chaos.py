"""The kill tests, a few of them; `make chaos` runs all."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.stack import ROOT, own_environment

pytestmark = pytest.mark.slow
NAMES = ["killed_before_mark", "killed_after_vendor_took", "mail_killed_while_handed_over", "valkey_killed"]


def results_of(
    names: list[str], output: Path, limit: int = 300, options: tuple[str, ...] = ()
) -> dict[str, dict[str, int]]:
    """The rows of some kill tests, by their names."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos", "--only", ",".join(names), "--output", str(output), *options],
        cwd=ROOT,
        check=False,
        env=own_environment(),
        capture_output=True,
        text=True,
        timeout=limit,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    return {row["name"]: row for row in json.loads(output.read_text())}


def test_campaign_reaches_everybody_once_whoever_dies(tmp_path: Path) -> None:
    [row] = results_of(["campaign_killed"], tmp_path / "results.json", 900).values()
    assert (row["accepted"], row["lost"], row["doubled"]) == (10_000, 0, 0)
    assert row["unknown"] < 1_000  # forty of each death at most


def test_reminders_and_bookings_reach_everybody_once_whoever_dies(tmp_path: Path) -> None:
    few = ("--confirmations", "300")  # 100 reminders, and 200 that are booked meanwhile
    [row] = results_of(["confirmations_killed"], tmp_path / "results.json", 600, few).values()
    assert (row["accepted"], row["lost"], row["doubled"]) == (300, 0, 0)
    assert row["unknown"] < 60


def test_nothing_is_said_twice_by_two_clocks_and_two_workers(tmp_path: Path) -> None:
    [row] = results_of(["everything_twice"], tmp_path / "results.json").values()
    assert row["accepted"] > 80  # of a campaign, of reminders and of a journey alone
    assert (row["lost"], row["doubled"], row["unknown"]) == (0, 0, 0)


def test_nothing_is_lost_and_nothing_doubled(tmp_path: Path) -> None:
    rows = results_of(NAMES, tmp_path / "results.json")
    assert list(rows) == NAMES
    assert all(row["accepted"] > 0 for row in rows.values())
    assert [(row["lost"], row["doubled"], row["unknown"]) for row in rows.values()] == [
        (0, 0, 0),
        (0, 0, 0),
        (0, 0, 2),  # two mails were being handed over: a person resends them
        (0, 0, 0),
    ]
