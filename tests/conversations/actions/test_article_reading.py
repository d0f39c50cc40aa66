"""Drafts out of pages, documents and text, word for word and never published by themselves."""

import io
import zipfile
from contextlib import suppress

import pytest

from conversations.actions import article_reading as reading
from conversations.actions.article_reading import Draft
from conversations.actions.pdf_reading import Unreadable

PAGE = """<!doctype html><html><head><title>Tienda</title><script>alert("¿hola?")</script></head><body>
<nav><a>¿Ayuda?</a></nav><h1>Preguntas</h1><h2>¿Hacen env&iacute;os?</h2><p>S&iacute;, a todo
el país.</p><ul><li>Estándar $149</li><li>Exprés $249</li></ul>
<dl><dt>Garantía</dt><dd>Dos años.</dd></dl>
<details><summary>¿Facturan?</summary>Claro.</details><footer>¿Dudas? Escríbenos</footer></body></html>"""


def test_page_is_cut_at_headings_terms_and_summaries() -> None:
    assert reading.drafts(reading.of_html(PAGE)) == [
        Draft("¿Hacen envíos?", "Sí, a todo el país.\n\n• Estándar $149\n\n• Exprés $249"),
        Draft("Garantía", "Dos años."),
        Draft("¿Facturan?", "Claro."),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "# Envíos\n\nA todo el país.\nGratis desde $1,500.",
            [("Envíos", "A todo el país.\nGratis desde $1,500.")],
        ),
        (
            "¿Abren hoy?\nSí.\n\n1. ¿Y mañana?\nNo, descansamos.",
            [("¿Abren hoy?", "Sí."), ("¿Y mañana?", "No, descansamos.")],
        ),
        (
            "P: Tienen wifi\nR: Sí, gratis.\nP: Perros\nR: Bienvenidos.",
            [("Tienen wifi", "Sí, gratis."), ("Perros", "Bienvenidos.")],
        ),
        ("Cambios\n-------\n15 días con tu nota.", [("Cambios", "15 días con tu nota.")]),
        ("**¿Pagan con Pix?**\nSim.", [("¿Pagan con Pix?", "Sim.")]),
        ("Solo un párrafo sin nada que pregunte.", []),
        ("¿Repetida?\nUno.\n¿Repetida?\nDos dos.", [("¿Repetida?", "Uno.")]),
        ("", []),
    ],
)
def test_text_is_cut_at_headings_and_questions(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.question, one.answer) for one in reading.drafts(reading.of_text(text))] == found


def word(body: str, before: str = "") -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "word/document.xml",
            f'{before}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>',
        )
    return kept.getvalue()


def test_word_document_is_cut_at_its_headings() -> None:
    body = (
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Horario</w:t></w:r></w:p>'
        "<w:p><w:r><w:t>De 10 </w:t></w:r><w:r><w:t>a 19.</w:t></w:r></w:p>"
    )
    assert reading.drafts(reading.of_file("a.docx", word(body))) == [Draft("Horario", "De 10 a 19.")]


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 and no more",
        b"PK\x03\x04nothing",
        b"\xd0\xcf\x11\xe0",
        b"x" * (reading.LARGEST + 1),
        word("<w:p>"),
    ],
    ids=["pdf", "broken zip", "old word", "large", "broken xml"],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(Unreadable):
        reading.of_file("a.docx", content)


@pytest.mark.parametrize(
    "content",
    [
        word(f"<!--{'x' * reading.UNPACKED}-->"),
        word("<w:p>&a;</w:p>", before=f"<!--{'x' * 3_000}--><!DOCTYPE a [<!ENTITY a 'aaaa'>]>"),
    ],
    ids=["unpacks large", "entities"],
)
def test_document_that_grows_without_end_is_refused(content: bytes) -> None:
    assert len(content) < reading.LARGEST
    with pytest.raises(Unreadable):
        reading.of_file("a.docx", content)


@pytest.mark.parametrize("content", ["<!--", "<a ", "</", "<![CDATA[", "<?", "# a" + " " * 390_000 + "x"])
def test_text_that_is_slow_to_read_is_given_up_on(content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "READING_TIME", 0.2)
    text = (content * (reading.LARGEST // len(content)))[: reading.LARGEST]
    with suppress(Unreadable):
        assert reading.drafts(reading.of_file("a.html", text.encode())) == []
        assert reading.drafts(reading.of_file("a.txt", text.encode())) == []


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "http://169.254.169.254/latest/", "ftp://example.com/", "http://[::1]/"]
)
def test_private_addresses_are_not_called(address: str) -> None:
    with pytest.raises(Unreadable):
        reading.of_page(address)
