"""Telling customers what happens to their appointments, orders and payments, and reading what they answer."""
