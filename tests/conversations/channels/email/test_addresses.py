import pytest

from conversations.channels.email.addresses import Address, display_name, normalise, parse


@pytest.mark.parametrize(
    ("written", "identity"),
    [
        ("Ana@Example.COM", "ana@example.com"),
        (" <ana@example.com>. ", "ana@example.com"),
        ("ana@ñandú.mx", "ana@xn--and-6ma2c.mx"),
        ("ana@xn--and-6ma2c.mx", "ana@xn--and-6ma2c.mx"),
        ("ñ@b.mx", "ñ@b.mx"),
        ('"a b"@b.mx', '"a b"@b.mx'),
        ("ana@[192.0.2.1]", "ana@[192.0.2.1]"),
        ("a@b@c.mx", ""),
        ("ana", ""),
        ("ana@", ""),
        ("@b.mx", ""),
        ("ana@b..mx", ""),
        ("ana@-b.mx", ""),
        ("a na@b.mx", ""),
        ("a" * 300 + "@b.mx", ""),
        ("a@" + "ñ" * 5000, ""),
        ("ana@b.mx\0", "ana@b.mx"),
    ],
)
def test_normalise(written: str, identity: str) -> None:
    assert normalise(written) == identity


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("Ana <ana@b.mx>, beto@b.mx", [("Ana", "ana@b.mx"), ("", "beto@b.mx")]),
        ('"García, Ana" <ana@b.mx>', [("García, Ana", "ana@b.mx")]),
        ("ana@b.mx (Ana García)", [("Ana García", "ana@b.mx")]),
        ("=?utf-8?q?Ana=2C_x=40y?= <ana@b.mx>", [("Ana, x@y", "ana@b.mx")]),
        ("=?utf-8?q?ana=40b=2Emx?=", [("", "ana@b.mx")]),
        (
            "Equipo: ana@b.mx, Beto <beto@b.mx>; eva@b.mx",
            [
                ("", "ana@b.mx"),
                ("Beto", "beto@b.mx"),
                ("", "eva@b.mx"),
            ],
        ),
        ("undisclosed-recipients:;", []),
        ("Ana <<ana@b.mx>>", [("Ana", "ana@b.mx")]),
        ("Ana <ana@b.mx", [("Ana", "ana@b.mx")]),
        ("Ana ana@b.mx", [("", "ana@b.mx")]),
        ("<@ruta.mx:ana@b.mx>", [("", "ana@b.mx")]),
        ('"ana@b.mx" <beto@b.mx>', [("ana@b.mx", "beto@b.mx")]),
        ("ana@b.mx; beto@b.mx", [("", "ana@b.mx"), ("", "beto@b.mx")]),
        ('"sin cerrar <ana@b.mx>', [("", "ana@b.mx")]),
        ("=?utf-8?q?Ana:_b,c?= <ana@b.mx>", [("Ana: b,c", "ana@b.mx")]),
        ("", []),
        ("<>", []),
    ],
)
def test_parse_reads_what_programs_write(header: str, found: list[tuple[str, str]]) -> None:
    assert parse(header) == [Address(name, address) for name, address in found]


def test_display_name_is_kept_without_an_address() -> None:
    assert display_name('"Ana" <roto>') == "Ana"
    assert display_name("") == ""


@pytest.mark.parametrize("piece", ['"', "(", "<", "a@b.mx,", "\\", "a:", ";", "a@"])
def test_parse_is_linear(piece: str) -> None:
    assert len(parse(piece * 1_000_000)) <= 200
