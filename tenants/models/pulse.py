from django.db import models


class Pulse(models.Model):
    """The installation's heartbeat, one row: how often it beat, when, and in which tables.

    A backup carries it along. `tenants/pulse.py` reads by it whether the database is a restored one.
    """

    number = models.BigIntegerField(help_text="Only ever grows, also from one installation to the next.")
    home = models.CharField(max_length=100, help_text="Names the server, the database and this very table.")
    at = models.DateTimeField()

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.number} {self.at}"
