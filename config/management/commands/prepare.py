"""Everything between an installed checkout and a running one; harmless when run again."""

import contextlib
import hashlib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from celery import current_app
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections
from kombu.exceptions import OperationalError

from config import simulator
from config.env import Environment
from conversations.actions import restored


class Command(BaseCommand):
    help = "Compile translations, migrate, collect static files, and load the demo where it is wanted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--banner", type=Path, help="file for the addresses and log-ins to show")

    def handle(self, banner: Path | None, **options: Any) -> None:
        call_command("compiletranslations")
        call_command("migrate", database="owner", interactive=False, verbosity=1)
        self.collect_static()
        self.notice_backup()
        ring_worker()
        lines = [*addresses(), *self.demo()]
        if banner:
            banner.write_text("\n".join(lines))

    def notice_backup(self) -> None:
        """Hold back what may have been sent already, before a worker starts on a restored database."""
        count = restored.look()
        if count is not None:
            self.stdout.write(f"A backup was restored: automatic messages are held in {count} businesses.")

    def demo(self) -> list[str]:
        """Load the demo business where it is wanted and nobody else lives; returns its log-ins."""
        if not Environment().bool("PUENTE_DEMO") or only_real_businesses():
            return []
        said = StringIO()
        call_command("demo", stdout=said)
        simulator.connect()
        return said.getvalue().splitlines()

    def collect_static(self) -> None:
        """Collect and compress only when a file changed: it takes seconds."""
        marker = settings.STATIC_ROOT / "fingerprint"
        fingerprint = static_fingerprint()
        if not settings.DEBUG and (not marker.exists() or marker.read_text() != fingerprint):
            call_command("collectstatic", interactive=False, verbosity=1, clear=True)
            marker.write_text(fingerprint)


def only_real_businesses() -> bool:
    """Whether businesses live here and none of them is the demo. Looks across businesses, hence as ops."""
    with connections["ops"].cursor() as cursor:
        cursor.execute("SELECT count(*) > 0 AND NOT coalesce(bool_or(is_demo), false) FROM tenants_tenant")
        return bool(cursor.fetchone()[0])


def ring_worker() -> None:
    """Let the worker show itself as soon as it is up, not when beat first thinks of it."""
    with contextlib.suppress(OperationalError):
        current_app.send_task("tenants.tasks.heartbeat", queue="replies", retry=False, ignore_result=True)


def static_fingerprint() -> str:
    """Changes when any static file does."""
    digest = hashlib.sha256()
    for line in sorted(static_files()):
        digest.update(line.encode())
    return digest.hexdigest()


def static_files() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            yield f"{name} {storage.size(name)} {storage.get_modified_time(name).timestamp()}\n"


def addresses() -> list[str]:
    """Where to look, for the person at the terminal."""
    pages = {"Puente": "/", "Log in": "/login/", "Sign up": "/signup/", "API": "/api/v1/docs/"}
    if not settings.EMAIL_URL:
        pages["Mailbox"] = "/dev/mailbox/"
    if settings.SIMULATOR:
        pages["Simulator"] = "/dev/simulator/"
    return [f"{name:<12} {settings.BASE_URL}{path}" for name, path in pages.items()]
