"""The allowlists themselves: an excuse needs a subject that needs it, and a reason."""

from tests.guards.rules import Violation, unexcused

WRONG = Violation("crm_secret", "no row-level security")


def test_violation_without_excuse_is_told() -> None:
    assert unexcused([WRONG], {}) == ["crm_secret: no row-level security"]


def test_excused_violation_is_not_told() -> None:
    assert unexcused([WRONG], {"crm_secret": "holds nothing"}) == []


def test_stale_excuse_is_told() -> None:
    assert unexcused([], {"crm_secret": "holds nothing"}) == ["crm_secret: its excuse is stale, remove it"]


def test_excuse_without_reason_is_told() -> None:
    assert unexcused([WRONG], {"crm_secret": " "}) == ["crm_secret: its excuse gives no reason"]
