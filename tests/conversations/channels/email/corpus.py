"""The collected mails: where they lie and how they are read."""

from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"


def paths(folder: str) -> list[Path]:
    """Return the files of a folder, in order; one or two are no mails at all, which is welcome."""
    found = (path for path in (FIXTURES / folder).rglob("*") if path.is_file())
    return sorted(path for path in found if path.name != "LICENSE")


def raw(path: Path) -> bytes:
    """Return a file as a mail; the replies are only bodies and get a few headers."""
    content = path.read_bytes()
    if path.parent.name != "replies":
        return content
    head = f"From: Ana <ana@example.com>\nTo: tienda@example.mx\nSubject: {path.stem}\n"
    return head.encode() + b"Content-Type: text/plain; charset=utf-8\n\n" + content
