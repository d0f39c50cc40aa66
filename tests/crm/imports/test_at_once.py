"""Files that are read while somebody waits: small ones only, however well they pack."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from crm.imports import at_once
from crm.imports.at_once import InvalidImport

COLUMNS = {"name": ("name", "nombre"), "price": ("price", "precio")}
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def read(content: bytes) -> list[dict[str, str]]:
    return at_once.rows_of_table(content, COLUMNS, ("name",), "no name")


def workbook(sheet: str = "") -> bytes:
    """A spreadsheet, with another sheet inside when one is given."""
    book, made = Workbook(), io.BytesIO()
    for row in (["Nombre", "Precio"], ["Casco", 1150], [None, None], ["Cámara", None]):
        book.worksheets[0].append(row)
    book.save(made)
    if not sheet:
        return made.getvalue()
    packed = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            is_sheet = part.filename == "xl/worksheets/sheet1.xml"
            new.writestr(part, sheet if is_sheet else old.read(part), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def test_spreadsheet_is_read_by_the_names_of_its_columns() -> None:
    assert read(workbook()) == [{"name": "Casco", "price": "1150"}, {"name": "Cámara"}]


@pytest.mark.parametrize(
    "content",
    [
        workbook(f"<worksheet {SHEET}><sheetData>{'<row/>' * 400_000}</sheetData></worksheet>"),
        workbook(f"<worksheet {SHEET}><!--{' ' * at_once.LARGEST_UNPACKED}--><sheetData/></worksheet>"),
        b"nombre\n" + b"Casco\n" * (at_once.MOST_ROWS + 1),
        b"nombre\n" + b"x" * at_once.LARGEST,
        b"nombre\n" + b'"' + b"\n" * 1_000_000,
    ],
    ids=["many tags", "unpacks large", "many rows", "large", "open quote"],
)
def test_what_would_take_long_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidImport) as refusal:
        read(content)
    assert refusal.value.field == "file"
