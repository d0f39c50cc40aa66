"""What one adds to a customer, takes from him, or settles: each a POST."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm import forms, queries
from crm.actions import cases as case_actions
from crm.actions import customers as actions
from crm.actions import follow_ups as follow_up_actions
from crm.views.acts import act, back
from tenants.decorators import get_or_404, requires
from tenants.permissions import Permission
from tenants.requests import BusinessRequest

WRITE = Permission.CUSTOMERS_WRITE


@requires(WRITE)
@require_POST
def identities(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """One address more."""
    customer = queries.customer_or_404(customer_id, request.actor)
    return act(
        request,
        customer,
        forms.IdentityForm(request.POST),
        lambda data: actions.add_identity(
            customer=customer, kind=data["kind"], raw=data["value"], by=request.actor
        ),
        said=_("Address added."),
        name="identity_form",
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
def attributes(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """Something to remember, or to forget."""
    customer = queries.customer_or_404(customer_id, request.actor)
    return act(
        request,
        customer,
        forms.AttributeForm(request.POST),
        lambda data: actions.update_customer(
            customer=customer, attributes={data["key"]: data["value"]}, by=request.actor
        ),
        said=_("Saved."),
        name="attribute_form",
    )


@requires(WRITE)
@require_POST
def labels(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """Exactly the labels that are ticked."""
    customer = queries.customer_or_404(customer_id, request.actor)
    return act(
        request,
        customer,
        forms.LabelsForm(request.POST),
        lambda data: actions.set_labels(customer=customer, labels=data["label"], by=request.actor),
        said=_("Saved."),
    )


@requires(WRITE)
@require_POST
def notes(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """One note more."""
    customer = queries.customer_or_404(customer_id, request.actor)
    return act(
        request,
        customer,
        forms.NoteForm(request.POST),
        lambda data: actions.add_note(customer=customer, body=data["body"], by=request.actor),
        said=_("Note added."),
        name="note_form",
    )


@requires(WRITE)
@require_POST
def cases(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """Open a case."""
    customer = queries.customer_or_404(customer_id, request.actor)
    return act(
        request,
        customer,
        forms.CaseForm(request.POST),
        lambda data: case_actions.open_case(customer=customer, **data, by=request.actor),
        said=_("Case opened."),
        name="case_form",
    )


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
def follow_ups(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """Something to do about him."""
    customer = queries.customer_or_404(customer_id, request.actor)
    return act(
        request,
        customer,
        forms.FollowUpForm(request.POST),
        lambda data: follow_up_actions.open_follow_up(customer=customer, **data, by=request.actor),
        said=_("Follow-up added."),
        name="follow_up_form",
    )
