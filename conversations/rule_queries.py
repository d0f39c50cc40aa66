"""Reading what rules did: only of conversations that the reader may see."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from conversations.automation import conditions
from conversations.automation.definitions import when_sentence
from conversations.automation.names import Names
from conversations.models import Conversation, RuleRun
from tenants.actors import Actor
from tenants.kit import cursors
from tenants.kit.cursors import Page
from tenants.permissions import Sees

AT_ONCE = 50
NEWEST = ("-id",)


def runs_visible_to(actor: Actor) -> QuerySet[RuleRun]:
    """What rules did, narrowed to what the actor sees."""
    rows: QuerySet[RuleRun] = RuleRun.objects.select_related("rule", "event", "conversation__customer")
    if actor.sees != Sees.ALL:
        rows = rows.filter(conversation_id__in=Conversation.objects.visible_to(actor).values("pk"))
    return rows


def runs(actor: Actor, *, rule_id: UUID | None = None, outcome: str = "", cursor: str = "") -> Page:
    """A page of the log, the newest first. Raises `BadCursor`."""
    rows = runs_visible_to(actor)
    if rule_id:
        rows = rows.filter(rule_id=rule_id)
    if outcome:
        rows = rows.filter(outcome=outcome)
    return cursors.page(rows, ordering=NEWEST, limit=AT_ONCE, cursor=cursor)


def told(run: RuleRun, names: Names) -> dict[str, Any]:
    """A line of the log in words: what set it off, what was done, or why not."""
    return {
        "when": when_sentence(run.rule.definition),
        "done": run.data.get("done", []),
        "why": _why(run, names),
    }


def _why(run: RuleRun, names: Names) -> str:
    if "stopped" in run.data:
        return _("“%(name)s” ended the round before it.") % {"name": run.data["stopped"]}
    if "why" in run.data:
        return str(run.data["why"])
    if run.outcome == RuleRun.Outcome.BROKEN:
        return _("It names something that was deleted.")
    if "condition" not in run.data:
        return ""
    asked = run.rule.definition["if"]
    if run.rule_version != run.rule.version or run.data["condition"] >= len(asked):
        return _("A condition did not hold (the rule was changed since).")
    condition = conditions.sentence(asked[run.data["condition"]], names)
    return _("It did not hold that %(condition)s.") % {"condition": condition}
