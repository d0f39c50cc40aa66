"""What a file is by its first bytes; what it is called changes nothing."""

from io import BytesIO

import pytest
from PIL import Image

from tenants.kit.filetypes import HEAD, SHOWN, UNKNOWN, kind_of, settled


def picture(kind: str) -> bytes:
    content = BytesIO()
    Image.new("RGB", (4, 3), "red").save(content, kind)
    return content.getvalue()


def box(brand: bytes, *more: bytes) -> bytes:
    return (16 + 4 * len(more)).to_bytes(4) + b"ftyp" + brand + bytes(4) + b"".join(more) + b"\0\0\0\x08mdat"


def ogg(stream: bytes) -> bytes:
    return b"OggS\0\x02" + bytes(20) + b"\x01\x13" + stream


WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        *[(picture(name), f"image/{name.lower()}") for name in ("PNG", "JPEG", "GIF", "WEBP", "AVIF")],
        (box(b"heic", b"mif1", b"heic"), "image/heic"),
        (box(b"mif1", b"avif"), "image/avif"),
        (box(b"isom", b"iso2", b"avc1"), "video/mp4"),
        (box(b"XXXX", b"mp42"), "video/mp4"),
        (box(b"M4A ", b"mp42"), "audio/mp4"),
        (box(b"qt  "), "video/quicktime"),
        (box(b"3gp4", b"isom"), "video/3gpp"),
        (ogg(b"OpusHead\x01"), "audio/ogg"),
        (ogg(b"\x01vorbis"), "audio/ogg"),
        (ogg(b"\x80theora"), "video/ogg"),
        (WEBM + bytes(90) + b"\x86\x86A_OPUS", "audio/webm"),
        (WEBM + bytes(90) + b"\x86\x85V_VP9 \x86\x86A_OPUS", "video/webm"),
        (b"ID3\x03\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"#!AMR\n\x3c", "audio/amr"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"", ""),
        (b"\xff", ""),
        (b"RIFF", ""),
        (b"OggS", ""),
        (b"\0\0\0\x08ftyp", ""),
        (b"\xff\xff\xff\xffftyp" + bytes(40), ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", ""),
        (b"<!DOCTYPE html><script>", ""),
        (b" GIF89a", ""),
        (b"MZ\x90\0", ""),
        (b"PK\x03\x04", ""),
    ],
)
def test_kinds(content: bytes, kind: str) -> None:
    assert kind_of(content[:HEAD]) == kind


@pytest.mark.parametrize(
    ("declared", "content", "kept"),
    [
        ("image/png", b"<script>alert(1)</script>", UNKNOWN),
        ("audio/ogg; codecs=opus", b"nothing of the kind", UNKNOWN),
        ("text/csv", b"a;b", "text/csv"),
        ("", b"a;b", UNKNOWN),
        ("text/html", picture("PNG"), "image/png"),
        ("Audio/OGG; codecs=opus", ogg(b"OpusHead"), "audio/ogg"),
        ("x" * 300, b"", "x" * 100),
    ],
)
def test_the_content_decides_and_what_it_does_not_say_is_never_shown(
    declared: str, content: bytes, kept: str
) -> None:
    assert settled(declared, content) == kept


def test_nothing_that_runs_scripts_is_ever_shown() -> None:
    assert not {kind for kind in SHOWN if "svg" in kind or "xml" in kind or kind.startswith("text/")}
    assert "application/pdf" not in SHOWN
