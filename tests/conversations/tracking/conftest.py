"""A mail server of campaigns' tests, for what becomes of their mails."""

from tests.conversations.campaigns.conftest import sink

__all__ = ["sink"]
