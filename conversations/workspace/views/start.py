"""Writing first, and going anywhere by a few typed letters."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conversations.actions.outbound import start_conversation
from conversations.models import Channel
from conversations.workspace.forms import StartForm
from crm import queries as crm
from crm.models import Identity
from tenants.decorators import requires
from tenants.kit.text import one_line
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.scoping import uuid7
from tenants.urls_tools import burl

MOST_CUSTOMERS = 8


@requires(Permission.CONVERSATIONS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """A first e-mail to a customer."""
    customer = crm.customer_or_404(customer_id, request.actor)
    form = StartForm(
        request.POST or None,
        initial={"client_id": uuid7()},
        channels=Channel.objects.active().filter(kind="email"),
        addresses=Identity.objects.filter(customer=customer, kind=Identity.Kind.EMAIL),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            conversation = start_conversation(
                channel=data["channel"],
                identity=data["to"],
                subject=data["subject"],
                text=data["text"],
                by=request.actor,
                client_id=data["client_id"],
            )
        except Refused as error:
            form.add_error(None, str(error))
        else:
            return redirect(burl(request, "conversations:thread", conversation.pk))
    context = {"form": form, "customer": customer, "reaches": form.fields["to"].queryset.exists()}  # type: ignore[attr-defined]
    return render(request, "conversations/start.html", context, status=422 if form.is_bound else 200)


@requires(Permission.CUSTOMERS_READ)
@require_safe
def palette(request: BusinessRequest) -> HttpResponse:
    """Customers for the command palette."""
    q = one_line(request.GET.get("q", ""), 100)
    found = crm.search_customers(q, request.actor, MOST_CUSTOMERS) if len(q) > 1 else []
    return render(
        request, "conversations/palette_customers.html", {"customers": found, "q": q, "group": _("Customers")}
    )
