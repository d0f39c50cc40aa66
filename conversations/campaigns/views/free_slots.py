"""Free times for whoever wants another one: whether they are offered, who takes appointments, and when."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conversations.actions import free_slots as acts
from conversations.campaigns.free_slot_forms import AgendaForm, SlotPolicyForm
from conversations.confirmations import slots
from conversations.models import Agenda
from tenants.decorators import get_or_404, requires
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

READ, WRITE = Permission.CAMPAIGNS_READ, Permission.SETTINGS_WRITE


@requires(READ)
@require_http_methods(["GET", "HEAD"])
def free_slots(request: BusinessRequest) -> HttpResponse:
    """What holds, and who takes appointments."""
    return _page(request)


@requires(WRITE)
@require_POST
def policy(request: BusinessRequest) -> HttpResponse:
    """Offer free times or not, and between when and when."""
    form = SlotPolicyForm(request.POST, instance=slots.policy())
    if not form.is_valid():
        return _page(request, policy_form=form)
    acts.save_slot_policy(by=request.actor, **form.cleaned_data)
    return _saved(request)


@requires(WRITE)
@require_POST
def agenda_new(request: BusinessRequest) -> HttpResponse:
    """One more who takes appointments."""
    return _save(request, None)


@requires(WRITE)
@require_POST
def agenda(request: BusinessRequest, agenda_id: UUID) -> HttpResponse:
    """One changed."""
    return _save(request, get_or_404(Agenda.objects.all(), agenda_id))


@requires(WRITE)
@require_POST
def agenda_deletion(request: BusinessRequest, agenda_id: UUID) -> HttpResponse:
    """One who takes no more."""
    acts.delete_agenda(agenda=get_or_404(Agenda.objects.all(), agenda_id), by=request.actor)
    messages.success(request, _("Deleted."))
    return redirect(burl(request, "conversations:free-slots"))


def _save(request: BusinessRequest, found: Agenda | None) -> HttpResponse:
    form = AgendaForm(request.POST, instance=found)
    if form.is_valid():
        try:
            acts.save_agenda(by=request.actor, agenda=found, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            return _saved(request)
    return _page(request, agenda_form=form)


def _saved(request: BusinessRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(burl(request, "conversations:free-slots"))


def _page(
    request: BusinessRequest,
    *,
    policy_form: SlotPolicyForm | None = None,
    agenda_form: AgendaForm | None = None,
) -> HttpResponse:
    """The page; with the form that was not right as it was filled in."""
    wrong = agenda_form.instance.pk if agenda_form else None
    agendas = [
        agenda_form if agenda_form and one.pk == wrong else AgendaForm(instance=one)
        for one in Agenda.objects.order_by("name", "pk")
    ]
    form = policy_form or SlotPolicyForm(instance=slots.policy())
    context = {
        "form": form,
        "agendas": agendas,
        "new": agenda_form if agenda_form and agenda_form not in agendas else AgendaForm(instance=Agenda()),
        "may_change": request.actor.can(WRITE),
    }
    if not context["may_change"]:
        for one in (form, *agendas):
            one.fields.pop("calendar_url", None)  # whoever knows it can read the calendar
            for field in one.fields.values():
                field.disabled = True
    status = 422 if policy_form or agenda_form else 200
    return render(request, "campaigns/free_slots.html", context, status=status)
