"""What the collected mails become: `python -m tests.conversations.channels.email.census` prints the table."""

from collections import Counter

from conversations.channels.email.classify import Kind, classify
from conversations.channels.email.mime import parse
from tests.conversations.channels.email import corpus

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


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(table())
