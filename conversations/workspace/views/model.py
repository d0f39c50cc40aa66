"""The language model of a business: its settings, its test, what it cost, and texts for agents."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import model_usage, queries
from conversations.actions import model_endpoint as acts
from conversations.actions import model_writing
from conversations.actions.model_writing import Written
from conversations.models import ModelCall, ModelEndpoint
from conversations.workspace.model_forms import FAULTS, REMEDIES, SHAPE, EndpointForm
from conversations.workspace.views import panes
from tenants.decorators import requires
from tenants.kit.cursors import BadCursor
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

Outcome = ModelCall.Outcome


@requires(Permission.SETTINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def model(request: BusinessRequest) -> HttpResponse:
    """The model: what it is, whether it works, what it cost this month."""
    found = acts.endpoint()
    form = EndpointForm(
        request.POST if request.method == "POST" else None,
        instance=found or ModelEndpoint(currency=request.tenant.currency, uses=["draft", "rephrase"]),
    )
    if request.method == "POST" and form.is_valid():
        try:
            acts.save_endpoint(by=request.actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Saved. Test it below."))
            return redirect(burl(request, "conversations:model") + "#check")
    if form.errors:
        found = acts.endpoint()
    month = model_usage.this_month(found)
    context = {
        "form": form,
        "endpoint": found,
        "month": month,
        "usage": [(row, model_usage.NAMES.get(row.use, row.use)) for row in month.rows],
        **(_checking(found) if found else {}),
    }
    return render(request, "conversations/model.html", context, status=422 if form.errors else 200)


def _checking(found: ModelEndpoint) -> dict[str, Any]:
    state = model_usage.state(found)
    outcome = found.check_outcome
    return {
        "endpoint": found,
        "is_checking": acts.is_checking(found),
        "works": outcome == Outcome.USED,
        "found": dict(Outcome.choices).get(outcome, outcome),
        "remedy": REMEDIES.get(outcome, ""),
        "state": state,
        "state_label": state.label if state else "",
    }


@requires(Permission.SETTINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: BusinessRequest) -> HttpResponse:
    """Test the connection (POST), and what came of it."""
    found = acts.request_check(by=request.actor) if request.method == "POST" else acts.endpoint()
    if found is None:
        raise Http404
    if not request.htmx:
        return redirect(burl(request, "conversations:model") + "#check")
    return render(request, "conversations/model_check.html", _checking(found))


@requires(Permission.SETTINGS_WRITE)
@require_POST
def removal(request: BusinessRequest) -> HttpResponse:
    """Take it out, key and all."""
    acts.remove_endpoint(by=request.actor)
    messages.success(request, _("Taken out. Its key is forgotten."))
    return redirect(burl(request, "conversations:model"))


@requires(Permission.SETTINGS_WRITE)
@require_safe
def calls(request: BusinessRequest) -> HttpResponse:
    """Every call, the latest first."""
    try:
        page = model_usage.calls(request.GET.get("cursor", ""))
    except BadCursor:
        return redirect(burl(request, "conversations:model-calls"))
    rows = [
        {
            "call": call,
            "use": model_usage.NAMES.get(call.use, call.use),
            "is_lost": model_usage.is_lost(call),
            "took": f"{call.milliseconds} ms",
            "is_good": call.outcome == Outcome.USED,
            "faults": ", ".join(str(FAULTS.get(kind) or SHAPE.get(kind) or kind) for kind in call.faults),
        }
        for call in page.items
    ]
    return render(request, "conversations/model_calls.html", {"rows": rows, "page": page})


# --- texts for agents ---


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def texts(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """Ask for a text: a worker writes it. Answers 202 with the address at which it will be."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    try:
        call = model_writing.request_text(
            conversation=conversation,
            use=request.POST.get("use", ""),
            text=request.POST.get("text", ""),
            by=request.actor,
        )
    except Refused as refusal:
        if request.htmx:
            return HttpResponse(str(refusal), status=refusal.status, content_type="text/plain; charset=utf-8")
        messages.error(request, str(refusal))
        return panes.back_to(request, conversation)
    url = burl(request, "conversations:model-text", conversation.pk, call.pk)
    if not request.htmx:
        return redirect(url)
    return HttpResponse(url, status=202, content_type="text/plain; charset=utf-8")


@requires(Permission.CONVERSATIONS_WRITE)
@require_safe
def text(request: BusinessRequest, conversation_id: UUID, model_call_id: UUID) -> HttpResponse:
    """What the model wrote, for whom it asked; 202 while it writes."""
    call = model_writing.call_of(model_call_id, request.actor)
    if call is None or call.conversation_id != conversation_id:
        raise Http404
    said = None if call.is_open else model_writing.written(call)
    context = {
        "call": call,
        "is_open": call.is_open and not model_usage.is_lost(call),
        "said": said,
        "pieces": pieces(said) if said else [],
        "warnings": warnings(said) if said else [],
        "why": "" if said else _why(call),
        "is_note": call.use == "summary",
        "conversation_id": conversation_id,
    }
    status = 202 if context["is_open"] and request.htmx else 200
    name = "conversations/model_text.html" if request.htmx else "conversations/model_text_page.html"
    return render(request, name, context, status=status)


def pieces(said: Written) -> list[tuple[str, str]]:
    """The text in pieces, each with what is wrong with it or ""."""
    made: list[tuple[str, str]] = []
    at = 0
    for fault in said.faults:
        if fault.end <= at or fault.kind not in FAULTS:
            continue
        start = max(fault.start, at)
        made += [(said.text[at:start], ""), (said.text[start : fault.end], str(FAULTS[fault.kind]))]
        at = fault.end
    return [piece for piece in (*made, (said.text[at:], "")) if piece[0]]


def warnings(said: Written) -> list[str]:
    """What to look at before it is sent, in sentences."""
    found = []
    kinds = list(dict.fromkeys(fault.kind for fault in said.faults))
    if unknown := [str(FAULTS[kind]) for kind in kinds if kind in FAULTS]:
        found.append(
            _("Not in your answers or in the customer's data: %(what)s.") % {"what": ", ".join(unknown)}
        )
    return [*found, *(str(SHAPE[kind]) for kind in kinds if kind in SHAPE)]


def _why(call: ModelCall) -> str:
    """Why there is no text, in a sentence."""
    if call.outcome in (Outcome.USED, Outcome.WARNED):
        return _("This text is not kept any longer. Ask again.")
    if call.is_open:
        return _("The model did not answer. Ask again, or write yourself.")
    return f"{call.get_outcome_display()}."
