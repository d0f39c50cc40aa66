"""PDF documents: their headings and paragraphs, and a clear sentence where they say nothing."""

import io
from collections.abc import Iterator

import pytest
from django.utils import translation
from pypdf import PdfReader, PdfWriter

from conversations import pdf_child
from conversations.actions import article_reading, pdf_reading
from conversations.actions.article_reading import Draft
from conversations.actions.pdf_reading import Unreadable


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def pdf(*pages: list[tuple[str, int, str]]) -> bytes:
    """A document: on each page lines of a font (`F1`, or `F2`, which is bold), a size and words."""
    fonts = "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /MediaBox [0 0 612 792]"
    objects = {1: "<< /Type /Catalog /Pages 2 0 R >>"}
    for number, name in ((3, "Helvetica"), (4, "Helvetica-Bold")):
        objects[number] = f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"
    kids = []
    for place, lines in enumerate(pages):
        page, stream = 5 + 2 * place, 6 + 2 * place
        kids.append(f"{page} 0 R")
        objects[page] = f"<< /Type /Page /Parent 2 0 R {fonts} /Contents {stream} 0 R >>"
        drawn = "".join(
            f"BT /{font} {size} Tf 72 {720 - 24 * row} Td ({text}) Tj ET\n"
            for row, (font, size, text) in enumerate(lines)
        )
        objects[stream] = f"<< /Length {len(drawn.encode('cp1252'))} >>\nstream\n{drawn}endstream"
    objects[2] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    written, places = "%PDF-1.7\n", []
    for number in sorted(objects):
        places.append(len(written.encode("cp1252")))
        written += f"{number} 0 obj\n{objects[number]}\nendobj\n"
    start = len(written.encode("cp1252"))
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    written += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}"
    written += f"trailer << /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF"
    return written.encode("cp1252")


def test_document_is_cut_at_larger_and_bold_lines_and_questions() -> None:
    content = pdf(
        [
            ("F1", 18, "Envíos"), ("F1", 11, "Mandamos a todo el país con paquetería y llega"),
            ("F1", 11, "en tres días."), ("F2", 11, "Cambios"), ("F1", 11, "Quince días con tu nota."),
        ],
        [("F1", 11, "¿Facturan?"), ("F1", 11, "Sí, el mismo día.")],
    )  # fmt: skip
    assert article_reading.drafts(article_reading.of_file("a.pdf", content)) == [
        Draft("Envíos", "Mandamos a todo el país con paquetería y llega en tres días."),
        Draft("Cambios", "Quince días con tu nota."),
        Draft("¿Facturan?", "Sí, el mismo día."),
    ]


def locked() -> bytes:
    writer, kept = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([("F1", 11, "x")])))), io.BytesIO()
    writer.encrypt("secreto", algorithm="RC4-128")
    writer.write(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (pdf([]), "OCR"),
        (locked(), "password"),
        (pdf(*[[]] * (pdf_child.MOST_PAGES + 1)), "101 pages"),
        (b"%PDF-1.7 and nothing else", "damaged"),
        (b"%PDF" + b" " * pdf_reading.LARGEST, "too large"),
    ],
    ids=["no text", "locked", "pages", "broken", "large"],
)
def test_what_says_nothing_is_refused_in_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        pdf_reading.text_of(content)


def test_one_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_reading, "WAIT", 0.01)
    with pytest.raises(Unreadable, match="too long"):
        pdf_reading.text_of(pdf([("F1", 11, "x")]))
