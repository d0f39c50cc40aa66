"""The kill tests, a few of them; `make chaos` runs all."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.stack import ROOT, own_environment

pytestmark = pytest.mark.slow
NAMES = ["killed_before_mark", "killed_after_vendor_took", "mail_killed_while_handed_over", "valkey_killed"]


def test_nothing_is_lost_and_nothing_doubled(tmp_path: Path) -> None:
    output = tmp_path / "results.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos", "--only", ",".join(NAMES), "--output", str(output)],
        cwd=ROOT,
        check=False,
        env=own_environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    rows = {row["name"]: row for row in json.loads(output.read_text())}
    assert list(rows) == NAMES
    assert all(row["accepted"] > 0 for row in rows.values())
    assert [(row["lost"], row["doubled"], row["unknown"]) for row in rows.values()] == [
        (0, 0, 0),
        (0, 0, 0),
        (0, 0, 2),  # two mails were being handed over: a person resends them
        (0, 0, 0),
    ]
