"""The demo business, loaded into an empty database:

manage.py demo
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from config.demo import load, people
from config.management.commands.prepare import only_real_businesses
from config.shop import demo_door

READERS = 5_000


class Command(BaseCommand):
    help = (
        "Load the demo business into an empty database and print its log-ins; loaded once, it is left alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--readers", type=int, default=READERS, help="to whom a campaign goes out at once"
        )

    def handle(self, **options: Any) -> None:
        if demo_door() is None:
            if only_real_businesses():
                self.stdout.write("The demo is only loaded into an empty database, and businesses live here.")
                return
            load.load(timezone.now(), options["readers"])
        else:
            self.say("Demo", "is here already and was left as it is")
        self.log_ins()

    def log_ins(self) -> None:
        """Where to look and who can enter."""
        door = demo_door()
        assert door is not None
        self.say("Demo", f"{settings.BASE_URL}/b/{door.label}/inbox/")
        self.say("Demo's shop", f"{settings.BASE_URL}/demo/shop/")
        for colleague in people.COLLEAGUES:
            self.say(f"  {colleague.role}", f"{colleague.email:<24} {people.PASSWORD}")

    def say(self, name: str, value: str) -> None:
        self.stdout.write(f"{name:<12} {value}")
