"""What a benchmark says, as a table and as JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `floor` is None where there is nothing to compare with."""

    name: str
    ours: float
    floor: float | None
    better: str
    unit: str
    what: str

    @property
    def ratio(self) -> float | None:
        return self.ours / self.floor if self.floor else None


def milliseconds(value: float) -> str:
    return f"{value:.1f}"


def write(path: Path, entries: list[Entry]) -> None:
    """The results as the contract has them (ARCHITECTURE.md §1)."""
    rows = [
        {
            "name": entry.name,
            "ours": round(entry.ours, 4),
            "floor": None if entry.floor is None else round(entry.floor, 4),
            "ratio": None if entry.ratio is None else round(entry.ratio, 3),
            **{key: value for key, value in asdict(entry).items() if key in {"better", "unit", "what"}},
        }
        for entry in entries
    ]
    path.write_text(json.dumps(rows, indent=1) + "\n")


def table(entries: list[Entry]) -> str:
    """The results for a person."""
    lines = [f"{'name':<18} {'ours':>9} {'floor':>9} {'ratio':>6}  unit"]
    for entry in entries:
        floor = "" if entry.floor is None else f"{entry.floor:9.2f}"
        ratio = "" if entry.ratio is None else f"{entry.ratio:6.2f}"
        lines.append(
            f"{entry.name:<18} {entry.ours:9.2f} {floor:>9} {ratio:>6}  {entry.unit:<12} {entry.what}"
        )
    return "\n".join(lines)
