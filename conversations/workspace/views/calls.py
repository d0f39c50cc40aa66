"""Writing down a phone call or a visit at the counter."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conversations import queries
from conversations.actions.calls import log_call
from conversations.workspace.call_forms import CallForm
from crm import queries as crm
from tenants.decorators import requires
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.scoping import uuid7
from tenants.urls_tools import burl


@requires(Permission.CONVERSATIONS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: BusinessRequest, customer_id: UUID | None = None) -> HttpResponse:
    """A call or a visit of a known customer, or of whoever has the number that is entered."""
    customer = crm.customer_or_404(customer_id, request.actor) if customer_id else None
    now = timezone.localtime().replace(second=0, microsecond=0)
    initial = {"client_id": uuid7(), "started_at": now, "kind": request.GET.get("kind")}
    form = CallForm(request.POST or None, initial=initial, asks_who=customer is None)
    if request.method == "POST" and form.is_valid():
        try:
            message, _new = log_call(
                call=form.call(),
                by=request.actor,
                customer=customer,
                phone=form.cleaned_data.get("phone", ""),
                name=form.cleaned_data.get("name", ""),
                is_open=form.cleaned_data["leave_open"],
            )
        except Refused as error:
            form.add_error("phone" if "phone" in form.fields else None, str(error))
        else:
            messages.success(request, _("Written down."))
            seen = queries.visible_to(request.actor).filter(pk=message.conversation_id).exists()
            where = ("conversations:thread", message.conversation_id) if seen else ("conversations:inbox",)
            return redirect(burl(request, *where))
    context = {"form": form, "customer": customer}
    return render(request, "conversations/call.html", context, status=422 if form.is_bound else 200)
