"""What the collected mails become; `python -m tests.conversations.channels.email.census` prints it."""

from collections import Counter

from conversations.channels.email.classify import classify
from conversations.channels.email.mime import parse
from conversations.channels.email.verdict import Kind
from tests.conversations.channels.email import corpus
from tests.conversations.channels.email.expected import EXPECTED, recognised

FOLDERS = ("mime", "replies", "bounces", "bounces-not")


def table() -> str:
    """The counts of every folder as a Markdown table."""
    kinds = list(Kind)
    lines = [f"| folder | mails | {' | '.join(kinds)} |", "|---" * (len(kinds) + 2) + "|"]
    for folder in FOLDERS:
        paths = corpus.paths(folder)
        counts = Counter(classify(parse(corpus.raw(path))).kind for path in paths)
        cells = [str(counts[kind]) for kind in kinds]
        lines.append(f"| {folder} | {len(paths)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def agreement() -> str:
    """How many of the returned mails are recognised as a reader had written them down, as a table."""
    lines = [
        "| kind | mails | kind right | and address | and hard or soft, and why |",
        "|---|---|---|---|---|",
    ]
    found = {name: recognised(name) for name in EXPECTED}
    for kind in dict.fromkeys(row.kind for row in EXPECTED.values()):
        rows = [(row, found[name]) for name, row in EXPECTED.items() if row.kind == kind]
        kinds = [(row, got) for row, got in rows if got.kind == kind]
        named = [(row, got) for row, got in kinds if got.addresses == row.addresses]
        whole = sum(got == row for row, got in named)
        lines.append(f"| {kind} | {len(rows)} | {len(kinds)} | {len(named)} | {whole} |")
    return "\n".join(lines)


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(table(), agreement(), sep="\n\n")
