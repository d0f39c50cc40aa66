"""What one adds to a customer, takes from him, or settles: each a POST."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm import forms, queries
from crm.actions import cases as case_actions
from crm.actions import customers as actions
from crm.actions import follow_ups as follow_up_actions
from crm.models import Customer
from crm.views.acts import act, back
from tenants.actors import Actor
from tenants.decorators import get_or_404, requires
from tenants.kit import undo
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

WRITE = Permission.CUSTOMERS_WRITE
Do = Callable[..., object]


View = Callable[..., HttpResponse]


def part(form: type[Form], *, said: str | Promise, name: str = "") -> Callable[[Do], View]:
    """A view that does to a customer what a form asks for; with errors the form is shown again as `name`.

    The function gets the customer, the form's data and who asks.
    """

    def decorate(do: Do) -> View:
        @requires(WRITE)
        @require_POST
        def view(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
            customer = queries.customer_or_404(customer_id, request.actor)
            given = form(request.POST)
            return act(
                request,
                customer,
                given,
                lambda data: do(customer=customer, data=data, by=request.actor),
                said=str(said),
                name=name,
            )

        view.__name__, view.__doc__ = do.__name__, do.__doc__
        return view

    return decorate


@part(forms.IdentityForm, said=gettext_lazy("Address added."), name="identity_form")
def identities(*, customer: Customer, data: dict[str, Any], by: Actor) -> object:
    """One address more."""
    return actions.add_identity(customer=customer, kind=data["kind"], raw=data["value"], by=by)


@part(forms.LabelsForm, said=gettext_lazy("Saved."))
def labels(*, customer: Customer, data: dict[str, Any], by: Actor) -> object:
    """Exactly the labels that are ticked."""
    return actions.set_labels(customer=customer, labels=data["label"], by=by)


@part(forms.NoteForm, said=gettext_lazy("Note added."), name="note_form")
def notes(*, customer: Customer, data: dict[str, Any], by: Actor) -> object:
    """One note more."""
    return actions.add_note(customer=customer, body=data["body"], by=by)


@part(forms.CaseForm, said=gettext_lazy("Case opened."), name="case_form")
def cases(*, customer: Customer, data: dict[str, Any], by: Actor) -> object:
    """Open a case."""
    return case_actions.open_case(customer=customer, **data, by=by)


@part(forms.FollowUpForm, said=gettext_lazy("Follow-up added."), name="follow_up_form")
def follow_ups(*, customer: Customer, data: dict[str, Any], by: Actor) -> object:
    """Something to do about him."""
    return follow_up_actions.open_follow_up(customer=customer, **data, by=by)


@requires(WRITE)
@require_POST
def case_resolution(request: BusinessRequest, customer_id: UUID, case_id: UUID) -> HttpResponse:
    """Settle a case."""
    customer = queries.customer_or_404(customer_id, request.actor)
    case = get_or_404(queries.cases_visible_to(request.actor).filter(customer=customer), case_id)
    return act(
        request,
        customer,
        forms.ResolutionForm(request.POST),
        lambda data: case_actions.resolve_case(case=case, resolution=data["resolution"], by=request.actor),
        said=_("Case resolved."),
    )


@requires(WRITE)
@require_POST
def identity_removal(request: BusinessRequest, customer_id: UUID, identity_id: UUID) -> HttpResponse:
    """One address less."""
    customer = queries.customer_or_404(customer_id, request.actor)
    actions.remove_identity(identity=get_or_404(customer.identities.all(), identity_id), by=request.actor)
    return back(request, customer_id, _("Address removed."))


@requires(WRITE)
@require_POST
def note_removal(request: BusinessRequest, customer_id: UUID, note_id: UUID) -> HttpResponse:
    """One note less; for a while it can be brought back."""
    customer = queries.customer_or_404(customer_id, request.actor)
    note = get_or_404(customer.notes.select_related("customer"), note_id)
    key = undo.keep(_kept_note(customer_id), actions.remove_note(note=note, by=request.actor))
    url = burl(request, "crm:customer-note-restoration", customer_id)
    done = _("Note deleted.")
    return back(request, customer_id, undo.Undo(done, url, {"undo": key}) if key else done)


@requires(WRITE)
@require_POST
def note_restoration(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """A note that was deleted a moment ago comes back."""
    customer = queries.customer_or_404(customer_id, request.actor)
    kept = undo.take(_kept_note(customer_id), request.POST.get("undo", ""))
    if kept is None:
        return undo.too_late(request, redirect(burl(request, "crm:customer", customer_id)))
    actions.restore_note(customer=customer, kept=kept, by=request.actor)
    return back(request, customer_id, _("Undone."))


def _kept_note(customer_id: UUID) -> str:
    return f"note:{customer_id}"
