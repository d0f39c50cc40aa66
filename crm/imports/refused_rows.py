"""The rows of an import that were refused, as a file to correct and send again: same columns, and why."""

import csv
import io
import json
from collections.abc import Iterator
from typing import IO, Any

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from crm.imports.cells import escaped
from crm.imports.problems import sentence
from crm.models import Import, ImportChunk

BOM = "\ufeff"  # by which spreadsheets know UTF-8


def write_problems(job: Import, out: IO[bytes], *, is_trial: bool) -> None:
    """Write the refused rows as CSV: cells as they were read, the reason behind them."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    text.write(BOM)
    writer = csv.writer(text)
    writer.writerow([*job.columns, _("Reason"), _("Row")])
    for number, cells, problems in refused(job, is_trial=is_trial):
        padded = [*cells, *[""] * (len(job.columns) - len(cells))]
        reasons = " ".join(sentence(problem) for problem in problems)
        writer.writerow([*map(escaped, padded[: len(job.columns)]), escaped(reasons), number])
    text.detach()


def refused(job: Import, *, is_trial: bool) -> Iterator[tuple[int, list[str], list[Any]]]:
    """The refused rows: number, cells, problems."""
    wrong = _numbered(job, is_trial=is_trial)
    number, problems = next(wrong, (0, []))
    with default_storage.open(str(job.rows_file.name), "rb") as content:
        for line in content:
            if not problems:
                return
            if line.startswith(f"[{number},".encode()):
                _number, *cells = json.loads(line)
                yield number, cells, problems
                number, problems = next(wrong, (0, []))


def _numbered(job: Import, *, is_trial: bool) -> Iterator[tuple[int, list[Any]]]:
    chunks = ImportChunk.objects.filter(job=job, is_trial=is_trial).order_by("number")
    for number in chunks.values_list("number", flat=True):
        kept = chunks.filter(number=number).values_list("problems", flat=True)[0]
        yield from ((row, problems) for row, problems in kept)
