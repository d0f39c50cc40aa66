"""What people ask of their data: requests with their clock, until they are carried out or refused."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import identities, privacy_forms, queries
from crm.actions import privacy as acts
from crm.models import Customer, CustomerArchive, Identity, PrivacyRequest
from crm.views.saved_files import SAVED_FILE, saved
from tenants import live
from tenants.decorators import get_or_404, requires
from tenants.kit import cursors
from tenants.kit.cursors import BadCursor
from tenants.models import Membership
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

READ, WRITE = Permission.PRIVACY_READ, Permission.PRIVACY_WRITE
AT_ONCE = 50


@requires(READ)
@require_safe
def requests(request: BusinessRequest) -> HttpResponse:
    """Those whose clock runs, the most urgent first; or those that are over."""
    over = request.GET.get("view") == "over"
    found: Any = acts.requests_visible_to(request.actor).select_related("customer", "responsible__user")
    found, ordering = (
        (found.exclude(closed_at=None), ("-id",)) if over else (found.open(), ("answer_by", "id"))
    )
    since = live.last_id(request.tenant.pk)
    try:
        page = cursors.page(found, ordering=ordering, limit=AT_ONCE, cursor=request.GET.get("cursor", ""))
    except BadCursor:
        return redirect(burl(request, "crm:privacy"))
    for one in page.items:
        one.left = acts.days_left(one, request.tenant)
    context = {"page": page, "over": over, "since": since, "tab": "requests", "notice": acts.current_notice()}
    return render(request, "crm/privacy.html", context)


def _members() -> QuerySet[Membership]:
    return Membership.objects.filter(is_active=True).select_related("user").order_by("user__name")


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def request_new(request: BusinessRequest) -> HttpResponse:
    """A request that came by word of mouth, by letter or by mail; `?customer=` says whose it is."""
    seen = queries.customers_visible_to(request.actor)
    given = request.POST if request.method == "POST" else None
    form = privacy_forms.RequestForm(given, customers=seen, initial=_about(request, seen))
    if form.is_bound and form.is_valid():
        try:
            made = acts.receive_request(**form.cleaned_data, responsible=request.membership, by=request.actor)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Written down. The clock runs."))
            return redirect(burl(request, "crm:privacy-request", made.pk))
    context = {"form": form, "tab": "requests"}
    return render(request, "crm/privacy_request_new.html", context, status=422 if form.errors else 200)


def _about(request: BusinessRequest, seen: QuerySet[Customer]) -> dict[str, Any]:
    try:
        customer = seen.filter(pk=UUID(request.GET.get("customer", ""))).first()
    except ValueError:
        return {}
    if customer is None:
        return {}
    address = customer.identities.filter(kind__in=["email", "phone", "whatsapp"]).first()
    return {"customer": customer, "name": customer.name, "contact": address.display if address else ""}


def _request(request: BusinessRequest, privacy_request_id: UUID) -> PrivacyRequest:
    found = acts.requests_visible_to(request.actor).select_related("customer", "responsible__user")
    asked: PrivacyRequest = get_or_404(found, privacy_request_id)
    return asked


@requires(READ)
@require_safe
def request(request: BusinessRequest, privacy_request_id: UUID) -> HttpResponse:
    """One request: what is asked, how many days are left, and what to do next."""
    return _page(request, _request(request, privacy_request_id))


def _page(request: BusinessRequest, asked: PrivacyRequest, **forms: Any) -> HttpResponse:
    alike = _alike(request, asked)
    archive = CustomerArchive.objects.filter(customer=asked.customer_id).order_by("-id").first()
    context = {
        "asked": asked,
        "left": acts.days_left(asked, request.tenant),
        "clock": acts.clock_of(asked, request.tenant),
        "archive": archive if asked.customer_id else None,
        "tab": "requests",
        "now": timezone.now(),
        "identity_form": privacy_forms.IdentityForm(
            customers=alike,
            initial={"customer": asked.customer or _owner(asked, request.tenant.country, alike)},
        ),
        "answer_form": privacy_forms.AnswerForm(),
        "refusal_form": privacy_forms.RefusalForm(),
        "responsible_form": privacy_forms.ResponsibleForm(
            members=_members(), initial={"responsible": asked.responsible}
        ),
        **forms,
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "crm/privacy_request.html", context, status=status)


def _alike(request: BusinessRequest, asked: PrivacyRequest) -> QuerySet[Customer]:
    """Customers of whom it may be: by the address given, then by the name."""
    ids = [one.pk for words in (asked.contact, asked.name) for one in _found(words, request)]
    if asked.customer_id:
        ids.insert(0, asked.customer_id)
    return queries.customers_visible_to(request.actor).filter(pk__in=ids).order_by("name", "id")


def _owner(asked: PrivacyRequest, country: str, seen: QuerySet[Customer]) -> Customer | None:
    """Whose the very address is: nobody is proposed for a likeness alone."""
    for kind in (Identity.Kind.EMAIL, Identity.Kind.PHONE):
        try:
            found = identities.find_customer(kind, asked.contact, country)
        except identities.InvalidIdentity:
            continue
        if found is not None:
            return seen.filter(pk=found.pk).first()
    return None


def _found(words: str, request: BusinessRequest) -> list[Customer]:
    return queries.search_customers(words, request.actor, limit=5)


def _act(
    request: BusinessRequest, privacy_request_id: UUID, done: Callable[[PrivacyRequest], Any], said: str
) -> HttpResponse:
    """Do something to a request and come back to its page, with what hinders it if it cannot be done."""
    asked = _request(request, privacy_request_id)
    try:
        done(asked)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(burl(request, "crm:privacy-request", asked.pk))


@requires(WRITE)
@require_POST
def request_checking(request: BusinessRequest, privacy_request_id: UUID) -> HttpResponse:
    """The person is asked to show who they are."""
    return _act(
        request, privacy_request_id, lambda one: acts.ask_identity(request=one, by=request.actor), _("Saved.")
    )


@requires(WRITE)
@require_POST
def request_identity(request: BusinessRequest, privacy_request_id: UUID) -> HttpResponse:
    """The person is who they say, and whose data it is about."""
    asked = _request(request, privacy_request_id)
    form = privacy_forms.IdentityForm(request.POST, customers=_alike(request, asked))
    if not form.is_valid():
        return _page(request, asked, identity_form=form)
    return _act(
        request,
        privacy_request_id,
        lambda one: acts.confirm_identity(request=one, **form.cleaned_data, by=request.actor),
        _("Saved."),
    )


@requires(WRITE)
@require_POST
def request_responsible(request: BusinessRequest, privacy_request_id: UUID) -> HttpResponse:
    """Who answers for it."""
    asked = _request(request, privacy_request_id)
    form = privacy_forms.ResponsibleForm(request.POST, members=_members())
    if not form.is_valid():
        return _page(request, asked, responsible_form=form)
    return _act(
        request,
        privacy_request_id,
        lambda one: acts.hand_request(
            request=one, responsible=form.cleaned_data["responsible"], by=request.actor
        ),
        _("Saved."),
    )


@requires(WRITE)
@require_POST
def request_answer(request: BusinessRequest, privacy_request_id: UUID) -> HttpResponse:
    """What was answered, with a file or without."""
    asked = _request(request, privacy_request_id)
    form = privacy_forms.AnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, asked, answer_form=form)
    file = form.cleaned_data["file"]
    return _act(
        request,
        privacy_request_id,
        lambda one: acts.answer_request(
            request=one,
            answer=form.cleaned_data["answer"],
            file=file,
            file_name=file.name if file else "",
            by=request.actor,
        ),
        _("Answered. The request is closed."),
    )


@requires(WRITE)
@require_POST
def request_refusal(request: BusinessRequest, privacy_request_id: UUID) -> HttpResponse:
    """It is refused, for a reason that the law knows."""
    asked = _request(request, privacy_request_id)
    form = privacy_forms.RefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, refusal_form=form)
    return _act(
        request,
        privacy_request_id,
        lambda one: acts.refuse_request(request=one, **form.cleaned_data, by=request.actor),
        _("Refused. The request is closed."),
    )


@requires(WRITE)
@require_POST
def request_carrying_out(request: BusinessRequest, privacy_request_id: UUID) -> HttpResponse:
    """What was granted is done."""
    return _act(
        request,
        privacy_request_id,
        lambda one: acts.carry_out_request(request=one, by=request.actor),
        _("Saved."),
    )


@requires(READ)
@require_safe
@csp_override(SAVED_FILE)
def request_file(request: BusinessRequest, privacy_request_id: UUID) -> Any:
    """The file that went with the answer."""
    asked = _request(request, privacy_request_id)
    return saved(request, asked.answer_file, asked.answer_file_name or "answer", asked.pk.hex)
