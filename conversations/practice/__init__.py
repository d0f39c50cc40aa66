"""Practising with customers who do not exist: pure rules, and nothing of it reaches real conversations."""
