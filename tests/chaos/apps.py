"""Shortens what the product measures in minutes; the order of the durations stays."""

from datetime import timedelta

from django.apps import AppConfig


class InAHurry(AppConfig):
    name = "tests.chaos"
    label = "chaos"

    def ready(self) -> None:
        from django.conf import settings

        from conversations.actions import deliveries, inbound
        from conversations.actions.campaigns import braking, claiming, running, sending
        from conversations.confirmations import sending as confirming
        from tenants.kit import tasks
        from tests.chaos import points

        deliveries.LEASE = timedelta(seconds=4)
        deliveries.RETRY_BASE = timedelta(seconds=1)
        deliveries.LOOK_UP_AGAIN = timedelta(seconds=2)
        inbound.LEASE = timedelta(seconds=4)
        inbound.RETRY_BASE = timedelta(seconds=1)
        claiming.LEASE = timedelta(seconds=6)
        claiming.MAX_ATTEMPTS = 30  # of the same batch: so often nobody dies elsewhere
        sending.PATIENCE = 2.0
        sending.RETRY_BASE = timedelta(seconds=1)
        sending.UNREACHABLE_WAIT = timedelta(seconds=1)
        braking.CANARY_WAIT = timedelta(seconds=2)
        running.LATER = running.SOON = timedelta(seconds=1)
        confirming.AGAIN = timedelta(seconds=1)
        tasks.UNHEARD = 4
        points.arm(settings.DATA_DIR)
