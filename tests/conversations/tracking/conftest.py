"""A mail server of campaigns' tests, and integrators, for what becomes of mails."""

from tests.api.conftest import api, stranger
from tests.conversations.campaigns.conftest import sink

__all__ = ["api", "sink", "stranger"]
