"""Writing first, and going anywhere by a few typed letters."""

from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conversations.actions import filling
from conversations.actions.outbound import Way, start_conversation, ways_to
from conversations.actions.templates import look_again
from conversations.channels.registry import adapter_for
from conversations.models import Draft
from conversations.workspace.composing import values_in
from conversations.workspace.forms import StartForm, files_of, uuid_or_none
from conversations.workspace.views import composer
from crm import queries as crm
from crm.models import Customer, Identity
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
    """The first word to a customer, on a channel that reaches him; `?to=` or `?identity=` propose where."""
    customer = crm.customer_or_404(customer_id, request.actor)
    ways = ways_to(customer)
    asked = uuid_or_none(request.GET.get("identity"))
    keys = [way.key for way in ways]
    wanted = request.GET.get("to", "")
    proposed = wanted if wanted in keys else next((way.key for way in ways if way.identity.pk == asked), None)
    initial = {"client_id": uuid7(), "to": proposed, "text": _brought(request)}
    form = StartForm(request.POST or None, initial=initial, ways=ways)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            conversation = start_conversation(
                channel=data["to"].channel,
                identity=data["to"].identity,
                subject=data["subject"],
                text=data["text"],
                by=request.actor,
                client_id=data["client_id"],
            )
        except Refused as error:
            form.add_error(None, str(error))
        else:
            return redirect(burl(request, "conversations:thread", conversation.pk))
    unreached = customer.identities.filter(pk=asked).first() if asked and not proposed else None
    context = {
        "form": form,
        "customer": customer,
        "reaches": bool(ways),
        "unreached": unreached,
        "by_template": [way for way in ways if adapter_for(way.channel.kind).capabilities.templates],
    }
    return render(request, "conversations/start.html", context, status=422 if form.is_bound else 200)


def _way(request: BusinessRequest, customer: Customer) -> Way:
    """The way `?to=` names, on a channel with templates, or 404."""
    ways = {way.key: way for way in ways_to(customer)}
    way = ways.get(request.GET.get("to", ""))
    if way is None or not adapter_for(way.channel.kind).capabilities.templates:
        raise Http404
    return way


@requires(Permission.CONVERSATIONS_WRITE)
@require_safe
def start_templates(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """The templates by which one may write first on the channel of `?to=`."""
    customer = crm.customer_or_404(customer_id, request.actor)
    way = _way(request, customer)
    look_again(way.channel)

    def url(template_id: UUID) -> str:
        form = burl(request, "conversations:start-template", customer.pk, template_id)
        return f"{form}?to={way.key}"

    context = {
        "channel": way.channel,
        "choices": composer.choices_of(way.channel, url),
        "back_url": burl(request, "conversations:start", customer.pk),
        "whom": customer,
    }
    return composer.shown(request, "conversations/template_choices.html", context)


@requires(Permission.CONVERSATIONS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def start_template(request: BusinessRequest, customer_id: UUID, template_id: UUID) -> HttpResponse:
    """The first word by a template, filled in."""
    customer = crm.customer_or_404(customer_id, request.actor)
    way = _way(request, customer)
    template = composer.sendable_or_404(way.channel, template_id)
    values, problem = filling.proposed(template, customer, request.membership), ""
    if request.method == "POST":
        values = values_in(request.POST)
        try:
            conversation = start_conversation(
                channel=way.channel,
                identity=way.identity,
                subject="",
                text="",
                by=request.actor,
                client_id=uuid_or_none(request.POST.get("client_id")),
                files=files_of(request.FILES.getlist("files")),
                data={"template": {"id": template.pk, "values": values}},
            )
        except Refused as error:
            problem = str(error)
        else:
            return redirect(burl(request, "conversations:thread", conversation.pk))
    context = composer.form_of(template, values) | {
        "problem": problem,
        "send_url": request.get_full_path(),
        "choices_url": f"{burl(request, 'conversations:start-templates', customer.pk)}?to={way.key}",
        "back_url": burl(request, "conversations:start", customer.pk),
        "whom": customer,
    }
    response = composer.shown(request, "conversations/template_form.html", context)
    response.status_code = 422 if problem else 200
    return response


def _brought(request: BusinessRequest) -> str:
    """What was typed in another conversation, `?draft=`, to be said here instead."""
    conversation_id = uuid_or_none(request.GET.get("draft"))
    mine = Draft.objects.filter(conversation_id=conversation_id, membership=request.membership, is_note=False)
    found = mine.first() if conversation_id else None
    return found.body if found else ""


@requires(Permission.CONVERSATIONS_WRITE)
@require_safe
def new(request: BusinessRequest) -> HttpResponse:
    """Whom to write to: the latest contacts, or those whom a search means."""
    q = one_line(request.GET.get("q", ""), 100)
    if q:
        found = crm.search_customers(q, request.actor, MOST_CUSTOMERS)
    else:
        latest = crm.customers_visible_to(request.actor).order_by(*crm.NEWEST_CONTACT)
        found = list(latest[:MOST_CUSTOMERS])
    shown = Identity.objects.exclude(kind__in=[Identity.Kind.WEB, Identity.Kind.EXTERNAL]).order_by("id")
    prefetch_related_objects(found, Prefetch("identities", shown))
    part = "#found" if request.htmx else ""
    return render(request, f"conversations/new.html{part}", {"customers": found, "q": q})


@requires(Permission.CUSTOMERS_READ)
@require_safe
def palette(request: BusinessRequest) -> HttpResponse:
    """Customers for the command palette."""
    q = one_line(request.GET.get("q", ""), 100)
    found = crm.search_customers(q, request.actor, MOST_CUSTOMERS) if len(q) > 1 else []
    return render(
        request, "conversations/palette_customers.html", {"customers": found, "q": q, "group": _("Customers")}
    )
