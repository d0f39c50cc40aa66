"""The collected mails: where they lie and how they are read."""

from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"
_NO_MAILS = {"LICENSE", ".gitattributes"}


def paths(folder: str) -> list[Path]:
    """Return the files of a folder that stand for mails, in order."""
    found = (path for path in (FIXTURES / folder).rglob("*") if path.is_file())
    return sorted(path for path in found if path.name not in _NO_MAILS)


def raw(path: Path) -> bytes:
    """Return a file as a mail; the replies are only bodies and get a few headers."""
    content = path.read_bytes()
    if path.parent.name != "replies":
        return content
    head = f"From: Ana <ana@example.com>\nTo: tienda@example.mx\nSubject: {path.stem}\n"
    return head.encode() + b"Content-Type: text/plain; charset=utf-8\n\n" + content
