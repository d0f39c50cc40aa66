"""Compiles the message catalogues without gettext installed."""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Compile every .po file that is newer than its .mo file."
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                if compile_catalogue(source):
                    self.stdout.write(f"compiled {source.relative_to(Path(folder).parent)}")


def compile_catalogue(source: Path) -> bool:
    """Write the .mo beside `source` unless it is up to date; says whether it did. Raises CommandError."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return False
    half_written = target.with_suffix(".mo.new")
    try:
        polib.pofile(str(source), encoding="utf-8").save_as_mofile(str(half_written))
    except OSError as error:  # what polib raises for a syntax error, too
        raise CommandError(f"{source} cannot be compiled: {error}") from error
    half_written.replace(target)
    return True
