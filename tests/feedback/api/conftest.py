"""An integrator, and customers who gave ratings."""

from tests.api.conftest import api, limited, stranger

__all__ = ["api", "limited", "stranger"]
