"""Rules: the list that reads as sentences, the builder, the dry run and the log."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import rule_queries
from conversations.actions import rules as acts
from conversations.automation import conditions, definitions, past, steps
from conversations.automation.names import names
from conversations.models import Rule, RuleRun, Trigger
from conversations.workspace import builder
from conversations.workspace.builder import Draft
from conversations.workspace.forms import uuid_or_none
from tenants.decorators import get_or_404, requires
from tenants.kit import undo
from tenants.kit.cursors import BadCursor
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl


@requires(Permission.SETTINGS_WRITE)
@require_safe
def rules(request: BusinessRequest) -> HttpResponse:
    """All of them, in the order in which they run."""
    known = names()
    rows = [
        {
            "rule": rule,
            "sentence": definitions.sentence(rule.definition, known),
            "is_broken": definitions.is_broken(rule.definition, known),
        }
        for rule in Rule.objects.all()
    ]
    return render(request, "conversations/rules.html", {"rows": rows})


@requires(Permission.SETTINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def rule_new(request: BusinessRequest) -> HttpResponse:
    """A new one."""
    return _form(request, None, Draft())


@requires(Permission.SETTINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: BusinessRequest, rule_id: UUID) -> HttpResponse:
    """Change one."""
    found = get_or_404(Rule.objects.all(), rule_id)
    return _form(request, found, builder.of_definition(found.name, found.definition, flag=found.is_active))


def _form(request: BusinessRequest, found: Rule | None, draft: Draft) -> HttpResponse:
    """The builder. Every button posts all of it: to change a row, to try it on the past, to save it."""
    problem, status, op = "", 200, ""
    if request.method == "POST":
        draft = builder.read(request.POST)
        op = request.POST.get("op", "save")
        if op == "save":
            try:
                _save(request, found, draft)
            except Refused as refusal:
                problem, status = str(refusal), 422
            else:
                messages.success(request, _("Saved."))
                return redirect(burl(request, "conversations:rules"))
    context = _context(found, draft) | {"problem": problem}
    if op.startswith("try"):
        context |= _trial(request, draft, op.partition(":")[2])
    return render(request, "conversations/rule.html", context, status=status)


def _save(request: BusinessRequest, found: Rule | None, draft: Draft) -> None:
    acts.save_rule(
        rule=found, by=request.actor, name=draft.name, definition=draft.definition(), is_active=draft.flag
    )


def _context(found: Rule | None, draft: Draft) -> dict[str, Any]:
    known = names()
    try:
        sentence = definitions.sentence(definitions.checked(draft.definition(), known), known)
        missing = ""
    except Refused as refusal:
        sentence, missing = "", str(refusal)
    return {
        "rule": found,
        "draft": draft,
        "sentence": sentence,
        "missing": missing,
        "is_broken": found is not None and definitions.is_broken(found.definition, known),
        "triggers": Trigger.choices,
        "conditions": builder.condition_rows(draft, known),
        "condition_kinds": builder.adders(conditions.kinds(draft.trigger)),
        "steps": builder.step_rows(draft, known, rules=True),
        "step_kinds": builder.adders(steps.kinds(rules=True)),
        "text_names": builder.text_names(),
    }


def _trial(request: BusinessRequest, draft: Draft, cursor: str) -> dict[str, Any]:
    """What it would have done, or why nobody can tell yet."""
    known = names()
    try:
        definition = definitions.checked(draft.definition(), known)
        trial = past.try_out(definition, known, request.actor, cursor=cursor)
    except BadCursor:
        trial = past.try_out(definition, known, request.actor)
    except Refused as refusal:
        return {"tried": True, "trial_problem": str(refusal)}
    return {"tried": True, "trial": trial, "went_on": bool(cursor), "days": past.BACK.days}


@requires(Permission.SETTINGS_WRITE)
@require_POST
def rule_place(request: BusinessRequest, rule_id: UUID) -> HttpResponse:
    """Earlier or later in the order: `by` is -1 or 1."""
    found = get_or_404(Rule.objects.all(), rule_id)
    order = list(Rule.objects.values_list("pk", flat=True))
    by = {"-1": -1, "1": 1}.get(request.POST.get("by", ""), 0)
    acts.move_rule(rule=found, to=order.index(found.pk) + by, by=request.actor)
    return redirect(burl(request, "conversations:rules"))


@requires(Permission.SETTINGS_WRITE)
@require_POST
def rule_activity(request: BusinessRequest, rule_id: UUID) -> HttpResponse:
    """On or off."""
    found = get_or_404(Rule.objects.all(), rule_id)
    before = found.is_active
    acts.save_rule(rule=found, by=request.actor, is_active=request.POST.get("on") == "1")
    response = redirect(burl(request, "conversations:rules"))
    if found.is_active == before:
        return response
    text = _("The rule is on.") if found.is_active else _("The rule is off.")
    url = burl(request, "conversations:rule-activity", found.pk)
    return undo.offer(request, response, undo.Undo(text, url, {"on": "1" if before else ""}))


@requires(Permission.SETTINGS_WRITE)
@require_POST
def rule_removal(request: BusinessRequest, rule_id: UUID) -> HttpResponse:
    """Remove one with its log; for a while it can be brought back."""
    kept = acts.delete_rule(rule=get_or_404(Rule.objects.all(), rule_id), by=request.actor)
    key, response = undo.keep("rule", kept), redirect(burl(request, "conversations:rules"))
    if not key:
        messages.success(request, _("Removed."))
        return response
    url = burl(request, "conversations:rule-restoration")
    return undo.offer(request, response, undo.Undo(_("Removed."), url, {"undo": key}))


@requires(Permission.SETTINGS_WRITE)
@require_POST
def rule_restoration(request: BusinessRequest) -> HttpResponse:
    """A rule that was removed a moment ago comes back."""
    response = redirect(burl(request, "conversations:rules"))
    return undo.bring_back(
        request, response, "rule", lambda kept: acts.restore_rule(kept=kept, by=request.actor)
    )


@requires(Permission.SETTINGS_WRITE)
@require_safe
def rule_log(request: BusinessRequest) -> HttpResponse:
    """What rules did and why not, the newest first: of one rule with `?rule=`, one outcome with `?view=`."""
    chosen = uuid_or_none(request.GET.get("rule"))
    outcome = request.GET.get("view", "")
    outcome = outcome if outcome in RuleRun.Outcome else ""
    try:
        page = rule_queries.runs(
            request.actor, rule_id=chosen, outcome=outcome, cursor=request.GET.get("cursor", "")
        )
    except BadCursor:
        return redirect(burl(request, "conversations:rule-log"))
    known = names()
    context = {
        "runs": [{"run": run, **rule_queries.told(run, known)} for run in page.items],
        "next_cursor": page.next_cursor,
        "rules": list(Rule.objects.all()),
        "chosen": chosen,
        "view": outcome,
        "views": RuleRun.Outcome.choices,
    }
    return render(request, "conversations/rule_log.html", context)
