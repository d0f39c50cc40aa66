"""Rules and macros, made through their actions."""

from typing import Any

from conversations.actions import rules
from conversations.actions.macros import save_macro
from conversations.models import Macro, Rule
from tests.factories.tenants import Business


def definition(when: str = "received", then: list[Any] | None = None, **parts: Any) -> dict[str, Any]:
    """A rule's definition; `minutes`, `conditions` and `stop` as parts."""
    minutes = {"minutes": parts["minutes"]} if "minutes" in parts else {}
    return {
        "version": 1,
        "when": {"is": when, **minutes},
        "if": parts.get("conditions", []),
        "then": then or [{"do": "priority", "to": 2}],
        "stop": parts.get("stop", False),
    }


def make_rule(business: Business, name: str = "Regla", **parts: Any) -> Rule:
    """A rule that is on, in the business in scope."""
    return rules.save_rule(by=business.actor(), name=name, definition=definition(**parts))


def make_macro(business: Business, name: str = "Macro", *, shared: bool = True, **given: Any) -> Macro:
    """A macro, in the business in scope."""
    actions = given.get("actions") or [{"do": "priority", "to": 3}]
    return save_macro(by=given.get("by") or business.actor(), name=name, actions=actions, shared=shared)


def run_rules(business: Business) -> None:
    """What the rules' worker does, in the test's own process."""
    while rules.run_due(business.tenant.id):
        pass
