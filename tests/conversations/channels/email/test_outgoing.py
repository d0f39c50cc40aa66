import email.policy
from dataclasses import replace
from uuid import UUID

import pytest

from conversations.channels.email.mime import ParsedEmail, parse
from conversations.channels.email.outgoing import (
    MAX_REFERENCES,
    File,
    Outgoing,
    Person,
    UnusableAddress,
    as_html,
    build,
    loop_mark,
    message_id,
)

DELIVERY = UUID("01940000-0000-7000-8000-000000000001")
TENANT = UUID("01940000-0000-7000-8000-000000000002")
MAIL = Outgoing(
    delivery_id=DELIVERY,
    tenant_id=TENANT,
    sender=Person("Bicis Tapatías", "soporte@tienda.mx"),
    to=[Person("Ana García", "ana@b.mx")],
    subject="Re: Devolución",
    text="Hola <Ana>\n\nVer https://tienda.mx/a?b=1&c=2",
    reply_to="soporte+token@tienda.mx",
    in_reply_to="1@b.mx",
    references=["0@b.mx", "1@b.mx"],
    files=[File("año.pdf", b"%PDF", "application/pdf"), File("a.html", b"<b>\xff\r\n", "text/html")],
)
INJECTION = "x\r\nBcc: eva@b.mx\r\n\r\n<b>\0\ud800\u2028Bcc: leo@b.mx"


def sent(mail: Outgoing) -> tuple[bytes, ParsedEmail]:
    raw = build(mail).message(policy=email.policy.SMTP).as_bytes()
    return raw, parse(raw)


def test_a_mail_says_what_was_asked() -> None:
    _raw, mail = sent(MAIL)
    assert (mail.from_name, mail.from_address) == ("Bicis Tapatías", "soporte@tienda.mx")
    assert [(person.name, person.address) for person in mail.to] == [("Ana García", "ana@b.mx")]
    assert [person.address for person in mail.reply_to] == ["soporte+token@tienda.mx"]
    assert mail.subject == "Re: Devolución"
    assert mail.text == MAIL.text
    assert mail.message_id == f"{DELIVERY.hex}@tienda.mx" == message_id(DELIVERY, "soporte@tienda.mx")
    assert (mail.in_reply_to, mail.references) == ("1@b.mx", ("0@b.mx", "1@b.mx"))
    assert [(item.filename, item.content_type, item.content) for item in mail.attachments] == [
        ("año.pdf", "application/pdf", b"%PDF"),
        ("a.html", "application/octet-stream", b"<b>\xff\r\n"),
    ]
    assert mail.header("x-puente-loop") == loop_mark(TENANT)
    assert (mail.header("auto-submitted"), mail.header("x-auto-response-suppress")) == ("", "OOF, AutoReply")


def test_system_mail_declares_itself() -> None:
    _raw, mail = sent(replace(MAIL, automatic=True))
    assert mail.header("auto-submitted") == "auto-generated"
    assert mail.header("x-auto-response-suppress") == "All"


@pytest.mark.parametrize("field", ["subject", "text", "in_reply_to", "references", "sender", "to", "files"])
def test_no_value_adds_a_header(field: str) -> None:
    values = {
        "references": [INJECTION, f"<{INJECTION}>"],
        "sender": Person(INJECTION, "soporte@tienda.mx"),
        "to": [Person(INJECTION, "ana@b.mx")],
        "files": [File(INJECTION, b"x", INJECTION)],
    }
    raw, mail = sent(replace(MAIL, **{field: values.get(field, INJECTION)}))
    expected = {"mime-version", "content-type", "subject", "from", "to", "reply-to", "date", "message-id"}
    optional = {"x-auto-response-suppress", "in-reply-to", "references"}
    assert set(mail.root.headers) - optional == expected | {"x-puente-loop"}
    assert mail.recipients == ("ana@b.mx",)
    assert mail.from_address == "soporte@tienda.mx"
    assert b"\nBcc: eva" not in raw or field == "text"


@pytest.mark.parametrize("address", ["", "roto", "a@b.mx\r\nBcc: c@d.mx", "a@b.mx, c@d.mx", "ñ@b.mx"])
def test_what_is_no_address_is_refused(address: str) -> None:
    for change in ({"to": [Person("", address)]}, {"sender": Person("", address)}):
        with pytest.raises(UnusableAddress):
            build(replace(MAIL, **change))


def test_international_domains_are_written_in_ascii() -> None:
    _raw, mail = sent(replace(MAIL, to=[Person("", "ana@ñandú.mx")]))
    assert mail.recipients == ("ana@xn--and-6ma2c.mx",)


def test_references_stay_whole_and_bounded() -> None:
    references = [f"{'x' * 150}{number}@prod.outlook.com" for number in range(40)]
    raw, mail = sent(replace(MAIL, references=references, in_reply_to=references[-1]))
    assert mail.references == (references[0], *references[1 - MAX_REFERENCES :])
    assert mail.in_reply_to == references[-1]
    assert b"=?utf-8?" not in raw[raw.index(b"In-Reply-To") :].partition(b"\r\n\r\n")[0]
    assert max(map(len, raw.split(b"\r\n"))) < 998


def test_html_is_escaped_text_with_links() -> None:
    assert as_html("a <b>\nc\n\nhttps://x.mx/?a=1&b=2 \0") == (
        '<p>a &lt;b&gt;<br>c</p>\n\n<p><a href="https://x.mx/?a=1&amp;b=2" rel="nofollow">'
        "https://x.mx/?a=1&amp;b=2</a> </p>"
    )
