"""Benchmarks against floors measured in the same run: `make bench` (docs/benchmarks.md)."""
