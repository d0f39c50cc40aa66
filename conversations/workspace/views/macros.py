"""Macros: written in the settings, run in a conversation."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import queries
from conversations.actions import macros as acts
from conversations.automation import steps
from conversations.automation.names import names
from conversations.automation.performing import filler
from conversations.models import Macro
from conversations.workspace import builder
from conversations.workspace.builder import Draft
from conversations.workspace.views import panes
from conversations.workspace.views.sorting import changed, refused
from tenants.decorators import get_or_404, requires
from tenants.kit import undo
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl


@requires(Permission.CONVERSATIONS_READ)
@require_safe
def macros(request: BusinessRequest) -> HttpResponse:
    """Those of everybody, and mine."""
    known = names()
    rows = [
        {
            "macro": macro,
            "does": steps.sentences(macro.actions, known),
            "is_broken": steps.gone(macro.actions, known),
            "may_change": acts.may_change(macro, request.actor),
        }
        for macro in Macro.objects.usable_by(request.actor)
    ]
    return render(request, "conversations/macros.html", {"rows": rows})


@requires(Permission.CONVERSATIONS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def macro_new(request: BusinessRequest) -> HttpResponse:
    """A new one."""
    return _form(request, None, Draft(flag=request.actor.can(Permission.LABELS_WRITE)))


@requires(Permission.CONVERSATIONS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def macro(request: BusinessRequest, macro_id: UUID) -> HttpResponse:
    """Change one."""
    found = get_or_404(Macro.objects.usable_by(request.actor), macro_id)
    return _form(
        request, found, Draft(name=found.name, flag=found.owner_id is None, actions=list(found.actions))
    )


def _form(request: BusinessRequest, found: Macro | None, draft: Draft) -> HttpResponse:
    problem, status = "", 200
    if request.method == "POST":
        draft = builder.read(request.POST)
        if request.POST.get("op", "save") == "save":
            try:
                acts.save_macro(
                    macro=found, by=request.actor, name=draft.name, actions=draft.actions, shared=draft.flag
                )
            except Refused as refusal:
                problem, status = str(refusal), 422
            else:
                messages.success(request, _("Saved."))
                return redirect(burl(request, "conversations:macros"))
    known = names()
    context: dict[str, Any] = {
        "macro": found,
        "draft": draft,
        "problem": problem,
        "may_share": request.actor.can(Permission.LABELS_WRITE),
        "may_change": found is None or acts.may_change(found, request.actor),
        "steps": builder.step_rows(draft, known, rules=False),
        "step_kinds": builder.adders(steps.kinds(rules=False)),
        "text_names": builder.text_names(),
        "is_broken": found is not None and steps.gone(found.actions, known),
    }
    return render(request, "conversations/macro.html", context, status=status)


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def macro_removal(request: BusinessRequest, macro_id: UUID) -> HttpResponse:
    """Remove one; for a while it can be brought back."""
    found = get_or_404(Macro.objects.usable_by(request.actor), macro_id)
    response = redirect(burl(request, "conversations:macros"))
    try:
        kept = acts.delete_macro(macro=found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return response
    key = undo.keep("macro", kept)
    if not key:
        messages.success(request, _("Removed."))
        return response
    url = burl(request, "conversations:macro-restoration")
    return undo.offer(request, response, undo.Undo(_("Removed."), url, {"undo": key}))


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def macro_restoration(request: BusinessRequest) -> HttpResponse:
    """A macro that was removed a moment ago comes back."""
    response = redirect(burl(request, "conversations:macros"))
    return undo.bring_back(
        request, response, "macro", lambda kept: acts.restore_macro(kept=kept, by=request.actor)
    )


# --- in a conversation ---


@requires(Permission.CONVERSATIONS_WRITE)
@require_safe
def macro_choices(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """The macros with what each would do here, for the menu in a conversation."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    known, fill = names(), filler(conversation, request.membership, request.tenant)
    choices = [
        {
            "macro": one,
            "does": steps.sentences(one.actions, known, fill),
            "is_broken": steps.gone(one.actions, known),
        }
        for one in Macro.objects.usable_by(request.actor)
    ]
    context = {"choices": choices, "conversation": conversation, "query": request.GET.urlencode()}
    return render(request, "conversations/macro_choices.html", context)


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def macro_run(request: BusinessRequest, conversation_id: UUID, macro_id: UUID) -> HttpResponse:
    """Run one, all of it or nothing."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    found = get_or_404(Macro.objects.usable_by(request.actor), macro_id)
    try:
        kept = acts.run_macro(macro=found, conversation=conversation, by=request.actor)
    except Refused as refusal:
        return refused(request, conversation, str(refusal))
    text = _("Done: %(name)s.") % {"name": found.name}
    key = undo.keep("macro-run", kept) if kept["before"] else ""
    url = burl(request, "conversations:macro-undo", conversation.pk)
    taken_back = undo.Undo(text, url, {"undo": key}) if key else None
    return _done(request, conversation.pk, taken_back, text)


def _done(
    request: BusinessRequest, conversation_id: UUID, taken_back: undo.Undo | None, text: str
) -> HttpResponse:
    """The conversation as it is now, and what was done."""
    response = changed(request, conversation_id, taken_back)
    if taken_back is None and not request.htmx:
        messages.success(request, text)
    elif taken_back is None:
        response["HX-Trigger"] = json.dumps({"toast": {"text": text, "level": "success"}})
    return response


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def macro_undo(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """Take back what the macro changed and can be taken back; what was sent stays sent."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    kept = undo.take("macro-run", request.POST.get("undo", ""))
    if kept is None or kept["conversation"] != str(conversation.pk):
        return undo.too_late(request, panes.back_to(request, conversation))
    try:
        acts.undo_macro(kept=kept, conversation=conversation, by=request.actor)
    except Refused as refusal:
        return refused(request, conversation, str(refusal))
    return _done(request, conversation.pk, None, _("Undone."))
