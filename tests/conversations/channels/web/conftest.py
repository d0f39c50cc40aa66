"""Keys of the API, for what the chat's settings do through both doors."""

from tests.api.conftest import api, limited, stranger

__all__ = ["api", "limited", "stranger"]
