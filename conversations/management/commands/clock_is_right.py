"""Says that the clock is right after all: it was wrong before, and automatic messages wait since."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tenants import pulse


class Command(BaseCommand):
    """`manage.py clock_is_right`."""

    help = "Let automatic messages go out by the clock as it is now."

    def handle(self, *args: Any, **options: Any) -> None:
        """Forget what the clock was before."""
        found = pulse.standstill()
        if found and found.why == pulse.Why.RESTORED:
            raise CommandError(found.words)
        pulse.settle()
        self.stdout.write(f"It is {timezone.now():%Y-%m-%d %H:%M} UTC.")
