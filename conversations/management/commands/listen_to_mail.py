"""Listens to mailboxes whose servers tell of new mail:  manage.py listen_to_mail"""

import signal
import threading
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import OperationalError, connections

from conversations.actions.listening import Ears

log = structlog.get_logger("puente.mailboxes")
EVERY = 15.0  # seconds between two looks at which mailboxes there are


class Command(BaseCommand):
    requires_system_checks = ()  # they would load every page's address: half of what this process holds
    help = "Listen to mailboxes (IMAP IDLE) until told to stop; one process is enough."

    def handle(self, *args: Any, **options: Any) -> None:
        over = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: over.set())
        ears = Ears()
        while not over.is_set():
            try:
                ears.look_round()
            except OperationalError as error:
                log.warning("mailboxes not found", error=str(error))
            finally:
                connections.close_all()
            over.wait(EVERY)
        ears.stop()
