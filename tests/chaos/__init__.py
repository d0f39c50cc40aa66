"""Kill tests with a ledger at both ends: `make chaos` (docs/chaos.md)."""
