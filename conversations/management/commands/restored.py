"""Says that a backup was restored: what may have gone out since it was made waits for a person."""

from typing import Any

from django.core.management.base import BaseCommand

from conversations.actions import restored


class Command(BaseCommand):
    """`manage.py restored`; harmless when run again."""

    help = "After restoring a backup: hold back what may have been sent since it was made."

    def handle(self, *args: Any, **options: Any) -> None:
        """Hold everything back, and say in how many businesses."""
        count = restored.look(is_certain=True)
        if count is None:
            self.stdout.write("Another process is doing it.")
        else:
            self.stdout.write(f"Held back in {count} businesses. Each finds it under Campaigns.")
