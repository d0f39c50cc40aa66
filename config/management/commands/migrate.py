"""Django's `migrate`, quicker (config/quick_migrations.py)."""

from typing import Any

from django.core.management.commands import migrate

from config.quick_migrations import rendering_alone


class Command(migrate.Command):
    """Brings the database's tables up to date."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate."""
        with rendering_alone():
            super().handle(*args, **options)
