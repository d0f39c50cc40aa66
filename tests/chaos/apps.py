"""Shortens what the product measures in minutes; the order of the durations stays."""

from datetime import timedelta

from django.apps import AppConfig


class InAHurry(AppConfig):
    name = "tests.chaos"
    label = "chaos"

    def ready(self) -> None:
        from conversations.actions import deliveries, inbound

        deliveries.LEASE = timedelta(seconds=4)
        deliveries.RETRY_BASE = timedelta(seconds=1)
        deliveries.LOOK_UP_AGAIN = timedelta(seconds=2)
        inbound.LEASE = timedelta(seconds=4)
        inbound.RETRY_BASE = timedelta(seconds=1)
