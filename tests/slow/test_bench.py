"""The benchmark runner on little data: that it measures, and that what it fills in holds together."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.stack import ROOT, own_environment

pytestmark = pytest.mark.slow
NAMES = ["queue_page", "conversation_open", "api_create", "inbound_widget", "message_to_stream"]
FIELDS = {"name", "ours", "floor", "ratio", "better", "unit", "what"}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=ROOT,
        check=False,
        env=own_environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_bench_measures_each_against_its_floor(tmp_path: Path) -> None:
    output = tmp_path / "results.json"
    done = run("--only", ",".join(NAMES), "--scale", "0.01", "--output", str(output))
    assert done.returncode == 0, done.stderr[-3_000:]
    rows = json.loads(output.read_text())
    assert [row["name"] for row in rows] == NAMES
    assert all(set(row) == FIELDS for row in rows)
    assert [row["better"] for row in rows] == ["lower", "lower", "lower", "higher", "lower"]
    assert [row["floor"] is None for row in rows] == [False, False, False, False, True]
    assert all(row["ours"] > 0 for row in rows)


def test_unknown_benchmark_is_refused_in_one_sentence() -> None:
    done = run("--only", "queue_pages")
    assert done.returncode == 1
    assert done.stderr.startswith("puente: no benchmark is called queue_pages: known are queue_page, ")
