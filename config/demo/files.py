"""Small files that people attach: a picture of a bent wheel and a receipt, drawn here."""

import math
import struct
import zlib

from conversations.channels.base import File

WIDTH, HEIGHT = 320, 240
WALL, RIM, SPOKE, TYRE, FLOOR = (
    (226, 219, 206),
    (150, 154, 160),
    (190, 192, 196),
    (44, 44, 48),
    (168, 150, 128),
)


def wheel(name: str, bend: float = 0.0) -> File:
    """A PNG (ISO/IEC 15948) of a wheel against a wall; `bend` says how far it is out of true."""
    rows = [b"\0" + b"".join(bytes(_pixel(x, y, bend)) for x in range(WIDTH)) for y in range(HEIGHT)]
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b"")]
    return File(name, "image/png", b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks))


def _pixel(x: int, y: int, bend: float) -> tuple[int, int, int]:
    across, down = x - WIDTH / 2, y - HEIGHT / 2 + 6
    angle = math.atan2(down, across)
    distance = math.hypot(across, down) + bend * math.sin(2 * angle) * 9
    if distance < 5 or 86 < distance < 92:
        return RIM
    if 92 <= distance < 104:
        return TYRE
    if distance <= 86 and abs(math.sin(angle * 12)) * distance < 1.4:
        return SPOKE
    return FLOOR if y > HEIGHT - 30 else WALL


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def receipt(name: str, *lines: str) -> File:
    """A PDF (ISO 32000-1) of one page with a few lines of text."""
    text = b"".join(b"(%s) Tj T*\n" % _escaped(line) for line in lines)
    stream = b"BT /F1 13 Tf 22 TL 48 250 Td\n%sET" % text
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 298] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    content, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(bodies) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return File(name, "application/pdf", content + end % (count, table, count, len(content)))


def _escaped(line: str) -> bytes:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252", "replace")
