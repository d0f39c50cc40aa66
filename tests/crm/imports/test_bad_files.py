"""Files as people send them: a clear sentence each, and what is good of them imported."""

import codecs
import io
import zipfile

import pytest

from crm.imports import files, limits, sheets
from crm.imports.cells import escaped
from crm.imports.files import NoTable
from crm.imports.problems import file_sentence, sentence
from crm.models import Customer, ImportChunk
from tenants.scoping import tenant_scope
from tests.crm.imports.helpers import bring_in, check, sheet, take
from tests.factories.tenants import Business

HEAD = "Nombre,Teléfono,Correo"


def bomb() -> bytes:
    """A few kilobytes that say they unpack to more than anybody wants."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<x/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 5_000_000)
    return out.getvalue()


NO_TABLES: list[tuple[bytes, str]] = [
    (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "not_table"),
    (b"%PDF-1.7 hola", "not_table"),
    (b"\xd0\xcf\x11\xe0 old", "old_excel"),
    (b"PK\x03\x04 broken", "not_table"),
    (bytes(range(256)) * 40, "not_table"),
    (b"\x00\x00\r\n ", "empty"),
    (HEAD.encode(), "no_rows"),
    (f'{HEAD}\nAna,331,"abierta\nx,y,z'.encode(), "broken_quotes"),
    ((",".join(f"c{n}" for n in range(300)) + "\n" + ",".join("x" * 300)).encode(), "too_many_columns"),
]


def test_what_is_no_table_is_told(business: Business) -> None:
    for content, code in NO_TABLES:
        job = take(business, content)
        if code == "broken_quotes":
            assert job.reason == "broken_quotes:2", (content, code)
        assert (job.state, job.reason.partition(":")[0]) == ("failed", code), (content, code)
        assert file_sentence(job.reason), (content, code)


def test_a_quotation_mark_that_another_closes_refuses_its_row(business: Business) -> None:
    content = f"""{HEAD},Nota
Ana,3312345678,,"Calle 5, int. 3
Col. ""Centro"", Guadalajara"
Beto,5587654321,,"nunca se cierra
Luz,3311112222,,
Eva,5587654322,,"otra nota"
Juan "El Güero",5512345678,,5" de rin
Inés,5511223344,,fin"""
    job = bring_in(business, content, mapping=["name", "phone", "email", "new:text"])
    assert (job.counts["created"], job.counts["refused"]) == (3, 1)
    with tenant_scope(business.tenant.id):
        ((number, problems),) = ImportChunk.objects.get(is_trial=False).problems
    assert (number, problems[0][0], problems[0][2]) == (4, "open_quote", "4")
    assert "4" in sentence(problems[0])


def test_what_unpacks_to_too_much_is_not_unpacked(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "LARGEST_UNPACKED", 1_000_000)
    job = take(business, bomb(), name="bomba.xlsx")
    assert (job.state, job.reason) == ("failed", "unpacks_too_large:0")


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", b""),
        ("cp1252", b""),
        ("latin-1", b""),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_told(encoding: str, mark: bytes, delimiter: str) -> None:
    lines = [
        ["Nombre", "Teléfono", "Correo"],
        ["María Muñoz", "3312345678", "maria@correo.mx"],
        ["Íñigo", "", "i@x.mx"],
    ]
    content = io.BytesIO(mark + "\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    form = files.guess_format(content)
    assert [row for _number, row in files.rows(content, form)] == [
        ["Nombre", "Teléfono", "Correo"],
        lines[1],
        lines[2],
    ]


def test_mixed_encodings_are_told_row_by_row(business: Business) -> None:
    rows = "".join(f"María {n},33{n:08d}\n" for n in range(50)).encode()
    job = bring_in(business, b"Nombre,Tel\n" + rows + "Muñoz,3399999999\n".encode("cp1252"))
    assert (job.counts["created"], job.counts["refused"]) == (50, 1)
    with tenant_scope(business.tenant.id):
        [chunk] = ImportChunk.objects.filter(job=job, is_trial=False)
        assert [problems[0][0] for _row, problems in chunk.problems] == ["mixed_encoding"]


def test_rows_tell_what_is_wrong_with_them(business: Business) -> None:
    content = "\n".join(
        [
            "Nombre;Teléfono;Correo;Idioma;Cumpleaños",
            "Rosa;5.2133E+11;;;",
            "Iván;;iván arroba correo;;",
            "Eva;3311111111;;klingon;",
            "Paz;3322222222;;;31/02/1990",
            "Sol;3333333333;;;;;sobra",
            "Luz;3344444444;;;12/03/1990",
        ]
    )
    job = check(business, take(business, content), ["name", "phone", "email", "language", "new:date"])
    with tenant_scope(business.tenant.id):
        [chunk] = ImportChunk.objects.filter(job=job)
    assert [(row, problems[0][0]) for row, problems in chunk.problems] == [
        (2, "rounded"),
        (3, "bad_email"),
        (4, "bad_language"),
        (5, "bad_fact"),
        (6, "too_many_cells"),
    ]
    assert job.checked["created"] == 1


def test_names_of_all_kinds_survive(business: Business) -> None:
    names = ["Zoë 🚲 «La Bici»", 'Ana "Nena" Pérez', "محمد علي", "דנה כהן", "O'Brien; y más", "李小龍"]
    content = sheet([["Nombre", "Celular"], *([name, 3310000000 + n] for n, name in enumerate(names))])
    bring_in(business, content, name="clientes.xlsx")
    with tenant_scope(business.tenant.id):
        assert sorted(Customer.objects.values_list("name", flat=True)) == sorted(names)


def test_nul_is_dropped_and_doubled_headers_are_told_apart(business: Business) -> None:
    job = bring_in(business, b"Tel,tel,Nombre\n3312345678,5587654321,A\x00na\n")
    assert job.columns == ["Tel", "tel (2)", "Nombre"]
    with tenant_scope(business.tenant.id):
        one = Customer.objects.get()
        assert (one.name, one.identities.count()) == ("Ana", 2)


def test_ten_thousand_repeated_rows_are_one_customer_or_refused(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = "Nombre,Correo\n" + "Ana,ana@correo.mx\n" * 10_000
    job = bring_in(business, content)
    assert job.counts == {"created": 1, "changed": 0, "same": 9_999, "refused": 0, "repeated": 9_999}
    job = check(business, take(business, content), repeated="refuse")
    assert job.checked == {"created": 0, "changed": 0, "same": 1, "refused": 9_999, "repeated": 0}


def test_cards_are_rows(business: Business) -> None:
    cards = (
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ana Pérez\r\nTEL;TYPE=cell;VALUE=uri:tel:+52-33-1234-5678\r\n"
        "EMAIL:ana@correo.mx\r\nCATEGORIES:VIP,Taller\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Ruiz;Luis;;;\r\nitem1.TEL:55 8765 4321\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\n"
    )
    job = bring_in(business, cards, name="contactos.vcf")
    assert job.counts["created"] == 2
    with tenant_scope(business.tenant.id):
        assert sorted(Customer.objects.values_list("name", flat=True)) == ["Ana Pérez", "Luis Ruiz"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@sum", "'@sum"),
        ("-2+3", "'-2+3"),
        ("+cmd", "'+cmd"),
        ("\tx", "'\tx"),
        ("'=x", "''=x"),
        ("+52 33 1234 5678", "+52 33 1234 5678"),
        ("-12.50", "-12.50"),
        ("Ana", "Ana"),
    ],
)
def test_formulas_are_kept_from_spreadsheets(text: str, written: str) -> None:
    assert escaped(text) == written


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 3)
    content = io.BytesIO(b"a,b\n" * 6)
    with pytest.raises(NoTable, match="too_many_rows"):
        list(files.rows(content, files.guess_format(content)))
    assert limits.MOST_ROWS == 1_000_000
