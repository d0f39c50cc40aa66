import base64
from datetime import UTC, datetime

import pytest

from conversations.channels.email.addresses import Address
from conversations.channels.email.mime import MAX_ATTACHMENT_BYTES, MAX_TEXT_CHARS, message_ids, parse

SIMPLE = (
    b"Message-ID: <1@tienda.mx>\r\n"
    b"In-Reply-To: <0@tienda.mx>\r\n"
    b"References: <a@tienda.mx>\r\n <0@tienda.mx>\r\n"
    b"From: =?utf-8?q?Ana_Garc=C3=ADa?= <Ana@Example.COM>\r\n"
    b'Reply-To: "Ana, casa" <ana.casa@example.com>\r\n'
    b"To: Soporte <soporte@tienda.mx>, otra@tienda.mx\r\n"
    b"Cc: jefe@tienda.mx\r\n"
    b"Delivered-To: buzon@tienda.mx\r\n"
    b"Subject: =?iso-8859-1?Q?Devoluci=F3n?= de la =?utf-8?b?YmljaQ==?=\r\n"
    b"Date: Tue, 4 Mar 2025 10:30:00 -0600\r\n"
    b"Content-Type: text/plain; charset=iso-8859-1\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n"
    b"\r\n"
    b"Se rompi=F3 la cadena.\r\nGracias\r\n"
)


def with_type(content_type: str, body: bytes, encoding: str = "8bit") -> bytes:
    head = f"From: a@b.mx\nContent-Type: {content_type}\nContent-Transfer-Encoding: {encoding}\n\n"
    return head.encode() + body


def test_parse_reads_a_simple_mail() -> None:
    mail = parse(SIMPLE)
    assert mail.message_id == "1@tienda.mx"
    assert mail.in_reply_to == "0@tienda.mx"
    assert mail.references == ("a@tienda.mx", "0@tienda.mx")
    assert (mail.from_name, mail.from_address) == ("Ana García", "ana@example.com")
    assert mail.reply_to == (Address("Ana, casa", "ana.casa@example.com"),)
    assert mail.to == (Address("Soporte", "soporte@tienda.mx"), Address("", "otra@tienda.mx"))
    assert mail.cc == (Address("", "jefe@tienda.mx"),)
    assert mail.recipients == ("soporte@tienda.mx", "otra@tienda.mx", "jefe@tienda.mx", "buzon@tienda.mx")
    assert mail.subject == "Devolución de la bici"
    assert mail.date == datetime(2025, 3, 4, 16, 30, tzinfo=UTC)
    assert mail.text == "Se rompió la cadena.\nGracias"
    assert (mail.html, mail.attachments, mail.defects) == ("", (), ())


def test_body_digest_ignores_what_transport_changes() -> None:
    other_route = b"Received: from mx1\nX-Spam: no\n" + SIMPLE.replace(b"\r\n", b"\n") + b"\n\n"
    assert parse(other_route).body_digest == parse(SIMPLE).body_digest
    assert parse(SIMPLE.replace(b"cadena", b"llanta")).body_digest != parse(SIMPLE).body_digest


def test_html_alone_is_also_read_as_text() -> None:
    mail = parse(with_type("text/html; charset=utf-8", "<p>Hola <b>ñ</b></p><ul><li>uno</ul>".encode()))
    assert mail.text == "Hola ñ\n\n  - uno"
    assert mail.html == "<p>Hola <b>ñ</b></p><ul><li>uno</li></ul>"


def test_alternatives_are_one_text() -> None:
    body = b"--x\nContent-Type: text/plain\n\nhola\n--x\nContent-Type: text/html\n\n<p>hola</p>\n--x--\n"
    mail = parse(with_type("multipart/alternative; boundary=x", body))
    assert (mail.text, mail.html) == ("hola", "<p>hola</p>")


def test_text_around_a_picture_stays_in_order() -> None:
    body = (
        b"--x\nContent-Type: text/plain\n\nantes <1>\n"
        b"--x\nContent-Type: image/png\nContent-Disposition: inline; filename=a.png\n\nPNG\n"
        b"--x\nContent-Type: text/html\n\n<b>luego</b>\n--x--"
    )
    mail = parse(with_type("multipart/mixed; boundary=x", body))
    assert mail.text == "antes <1>\n\nluego"
    assert mail.html == "<div>antes &lt;1&gt;</div>\n<b>luego</b>"
    assert [item.filename for item in mail.attachments] == ["a.png"]


def test_a_picture_the_html_shows_is_inline() -> None:
    body = (
        b'--x\nContent-Type: text/html\n\n<img src="cid:foto%40b">\n'
        b"--x\nContent-Type: image/png\nContent-ID: <foto@b>\nContent-Transfer-Encoding: base64\n\n"
        + base64.b64encode(b"PNG")
        + b"\n--x\nContent-Type: application/pdf; name=factura.pdf\n\n%PDF\n--x--"
    )
    mail = parse(with_type('multipart/related; boundary="x"', body))
    found = [(item.filename, item.content, item.content_id, item.inline) for item in mail.attachments]
    assert found == [
        ("attachment-1.png", b"PNG", "foto@b", True),
        ("factura.pdf", b"%PDF", "", False),
    ]


def test_attached_text_is_a_file() -> None:
    body = (
        b"--x\n\nhola\n"
        b"--x\nContent-Type: text/plain\nContent-Disposition: attachment; filename=nota.txt\n\nnota\n--x--"
    )
    mail = parse(with_type("multipart/mixed; boundary=x", body))
    assert (mail.text, [item.filename for item in mail.attachments]) == ("hola", ["nota.txt"])


@pytest.mark.parametrize(
    ("parameter", "name"),
    [
        ('filename="../../etc/pass\\"wd"', "etc_pass_wd"),
        ("filename*=utf-8''a%C3%B1o%2F%00.pdf", "año_.pdf"),
        ('filename*0="fac"; filename*1="tura.pdf"', "factura.pdf"),
        ("filename*0*=utf-8'es'fac%C3%B3; filename*1*=n.pdf", "facón.pdf"),
        ('filename="=?utf-8?q?a=C3=B1o.pdf?="', "año.pdf"),
        ('filename="a\u202efdp.exe"', "a_fdp.exe"),
        ("filename=" + "x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("", "attachment-1.pdf"),
    ],
)
def test_filenames_are_safe(parameter: str, name: str) -> None:
    head = (
        f"From: a@b.mx\nContent-Type: application/pdf\nContent-Disposition: attachment; {parameter}\n\n%PDF"
    )
    assert [item.filename for item in parse(head.encode()).attachments] == [name]


@pytest.mark.parametrize(
    ("charset", "body", "text"),
    [
        ("iso-8859-1", b"a\xf1o", "año"),
        ("us-ascii", "año".encode(), "año"),
        ("iso-8859-1", "año".encode(), "año"),
        ("windows-1252", b"\x80 5", "€ 5"),
        ("x-unknown", b"a\xf1o", "año"),
        ("utf-8", b"a\xf1o", "año"),
        ("gb2312", "中文".encode("gb18030"), "中文"),
        ("utf-7", b"+APE-", "ñ"),
        ("punycode", b"hola-", "hola-"),
        ("unicode_escape", rb"\x00\q", r"\x00\q"),
        ("zlib", b"hola", "hola"),
        ("undefined", b"hola", "hola"),
        ("a\0b", b"hola", "hola"),
        ("utf-16", b"\x00\xd8a\x00", "\ufffda"),
    ],
)
def test_charsets_true_wrong_and_unknown(charset: str, body: bytes, text: str) -> None:
    assert parse(with_type(f'text/plain; charset="{charset}"', body)).text == text


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        ("base64", b"aG9s\n!!YQ", "hola"),
        ("base64", b"aG9sY", "hol"),
        ("BASE64 ", b"aG9sYQ==", "hola"),
        ("quoted-printable ", b"h=6Fla =ZZ=", "hola =ZZ"),
        ("x-uuencode", b"begin 644 a\n$:&]L80\n`\nend\n", "hola"),
        ("7-bit;", b"hola", "hola"),
    ],
)
def test_transfer_encodings_true_and_broken(encoding: str, body: bytes, text: str) -> None:
    assert parse(with_type("text/plain", body, encoding)).text == text


def test_flowed_text_is_joined() -> None:
    body = b"una frase \nlarga\n> una \n> cita\n-- \nAna\n"
    mail = parse(with_type("text/plain; format=flowed", body))
    assert mail.text == "una frase larga\n> una cita\n-- \nAna"


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("Tue, 4 Mar 2025 10:30:00 -0000", datetime(2025, 3, 4, 10, 30, tzinfo=UTC)),
        ("Tue, 4 Mar 2025 10:30:00", datetime(2025, 3, 4, 10, 30, tzinfo=UTC)),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
        ("Thu, 1 Jan 0001 00:00:00 +0000", datetime(2001, 1, 1, tzinfo=UTC)),  # as a year of two digits
        ("Thu, 1 Jan 1200 00:00:00 +0000", None),
        ("1 Jan 2025 10:00:00 +9999", None),
        ("32 Foo 2025 25:61:61", None),
        ("9" * 200, None),
        ("", None),
    ],
)
def test_dates_that_cannot_be_are_none(value: str, date: datetime | None) -> None:
    assert parse(f"From: a@b.mx\nDate: {value}\n\nx".encode()).date == date


def test_encoded_line_breaks_do_not_survive_in_headers() -> None:
    mail = parse(b"From: =?utf-8?q?Ana=0D=0ABcc:_x?= <a@b.mx>\nSubject: =?utf-8?q?a=0Ab=00?=\n\nx")
    assert (mail.from_name, mail.subject) == ("Ana Bcc: x", "a b")


@pytest.mark.parametrize(
    ("head", "sender"),
    [
        ("From: Ana <ana@>\nSender: <buzon@b.mx>", ("Ana", "buzon@b.mx")),
        ("Return-Path: <ana@b.mx>", ("", "ana@b.mx")),
        ("From: roto\nFrom: Ana <ana@b.mx>", ("Ana", "ana@b.mx")),
        ("Subject: x", ("", "")),
    ],
)
def test_sender_is_found_where_from_is_unusable(head: str, sender: tuple[str, str]) -> None:
    mail = parse(f"{head}\n\nx".encode())
    assert (mail.from_name, mail.from_address) == sender


def test_message_ids_are_found_with_and_without_brackets() -> None:
    assert message_ids("<a@b> junk <c@d><a@b>") == ["a@b", "c@d"]
    assert message_ids("a@b") == ["a@b"]
    assert message_ids("=?utf-8?q?=3Ca=40b=3E?=") == ["a@b"]
    assert message_ids("=?" + "x" * 300) == []


def test_text_is_cut_and_large_files_are_left_out() -> None:
    mail = parse(with_type("text/plain", b"a" * (MAX_TEXT_CHARS + 10)))
    assert (len(mail.text), mail.defects) == (MAX_TEXT_CHARS, ("text_cut", "no_usable_date"))
    mail = parse(with_type("application/zip", b"a" * (MAX_ATTACHMENT_BYTES + 1)))
    assert [(item.content, item.omitted) for item in mail.attachments] == [(b"", True)]
    assert mail.defects == ("no_usable_date", "attachment_omitted")
