"""Figures of the reading of answers to confirmations; of the kept half only sums leave this module."""

from datetime import datetime
from typing import Any

from conversations.confirmations.answers import PLAIN, Answer, Kind, read
from quality.report import LANGUAGES, Figure
from quality.train import sources

ANSWERS = sources.DATA / "answers"
NOW, APPOINTMENT = "2026-11-24T10:00", "2026-11-26T16:00"
TO_A_PERSON = 0.2


def read_row(row: dict[str, Any], language: str) -> Answer:
    """What a labelled line is read as, at its moment."""
    return read(
        row["text"],
        language=language,
        appointment_local=datetime.fromisoformat(row.get("appointment", APPOINTMENT)),
        now_local=datetime.fromisoformat(row.get("now", NOW)),
    )


def figures(half: str) -> dict[str, tuple[Figure, ...]]:
    """By language: wrong confirmations and cancellations, what people have to read, moments asked for."""
    return {
        language: _figures(half, language)
        for language in LANGUAGES
        if (ANSWERS / half / f"{language}.jsonl").exists()
    }


def show(half: str) -> list[str]:
    """Print the figures of a half; the names of those that miss their aim."""
    by_language = figures(half)
    print(
        f"\n{half}, answers to confirmations\n  {'':36}{'':>12}"
        + "".join(f"{code:>16}" for code in by_language)
    )
    missed = []
    for row in zip(*by_language.values(), strict=True):
        parts = "".join(f"{f'{one.share:.3f} ({one.hits:.0f}/{one.of:.0f})':>16}" for one in row)
        aim = "" if row[0].aim is None else f"≤ {row[0].aim:.2f}"
        if not all(one.met for one in row):
            missed.append(row[0].name)
        print(f"  {row[0].name:36}{aim:>12}{parts}{'  missed' if row[0].name in missed else ''}")
    return missed


def _figures(half: str, language: str) -> tuple[Figure, ...]:
    rows = sources.read_jsonl(ANSWERS / half / f"{language}.jsonl")
    both = [(row, read_row(row, language)) for row in rows]
    plain = [seen.kind for row, seen in both if row["kind"] in PLAIN]
    wishes = [
        (_moment(row.get("when")), seen.when)
        for row, seen in both
        if row["kind"] == seen.kind == Kind.RESCHEDULE
    ]
    return (
        _wrong("confirmed by itself, wrongly", both, Kind.CONFIRM, 0.0),
        _wrong("cancelled by itself, wrongly", both, Kind.DECLINE, 0.0),
        _wrong("other times offered, wrongly", both, Kind.RESCHEDULE),
        Figure(
            "sent to a person", sum(kind not in PLAIN for kind in plain), len(plain), TO_A_PERSON, below=True
        ),
        Figure("the moment asked for, rightly read", sum(was == seen for was, seen in wishes), len(wishes)),
    )


def _wrong(
    name: str, both: list[tuple[dict[str, Any], Answer]], kind: Kind, aim: float | None = None
) -> Figure:
    """Of the answers that do not say this, how many were read as if they did."""
    others = [seen.kind for row, seen in both if row["kind"] != kind]
    return Figure(name, sum(seen == kind for seen in others), len(others), aim, below=True)


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
