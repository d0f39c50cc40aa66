"""Members who see less, and integrators."""

from tests.api.conftest import api, stranger
from tests.conversations.workspace.conftest import narrow, narrow_client

__all__ = ["api", "narrow", "narrow_client", "stranger"]
