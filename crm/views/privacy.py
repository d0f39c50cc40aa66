"""What the law asks for, in a business: requests with their clock, notices, retention, archives, erasure."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import holdings, identities, privacy_forms, queries
from crm.actions import privacy as acts
from crm.actions import privacy_archive, privacy_erasure, privacy_retention
from crm.models import Customer, CustomerArchive, Erasure, Identity, PrivacyNotice, PrivacyRequest
from tenants import live
from tenants.decorators import get_or_404, requires
from tenants.kit import cursors
from tenants.kit.cursors import BadCursor
from tenants.kit.serving import serve
from tenants.models import Membership
from tenants.permissions import Permission, Sees
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

READ, WRITE = Permission.PRIVACY_READ, Permission.PRIVACY_WRITE
AT_ONCE = 50
SAVED_FILE: dict[str, Any] = {"default-src": [CSP.NONE], "sandbox": True, "frame-ancestors": [CSP.NONE]}


# --- requests ---


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
    return _saved(request, asked.answer_file, asked.answer_file_name or "answer", asked.pk.hex)


def _saved(request: BusinessRequest, file: Any, name: str, etag: str) -> Any:
    if not file:
        raise Http404
    try:
        return serve(request, file, name=name, etag=etag, download=True)
    except FileNotFoundError:
        raise Http404 from None


# --- notices ---


@requires(READ)
@require_safe
def notices(request: BusinessRequest) -> HttpResponse:
    """Every version, and the draft of the next."""
    return _notices(request, _notice_form(request))


def _notice_form(request: BusinessRequest, given: Any = None) -> privacy_forms.NoticeForm:
    draft = PrivacyNotice.objects.filter(published_at=None).first()
    last = draft or acts.current_notice()
    initial = last.texts if last else acts.first_words(request.tenant)
    return privacy_forms.NoticeForm(given, own=request.tenant.language, initial=initial)


def _notices(request: BusinessRequest, form: privacy_forms.NoticeForm) -> HttpResponse:
    context = {
        "published": PrivacyNotice.objects.exclude(published_at=None).order_by("-version"),
        "draft": PrivacyNotice.objects.filter(published_at=None).first(),
        "form": form,
        "tab": "notices",
    }
    return render(request, "crm/privacy_notices.html", context, status=422 if form.errors else 200)


@requires(WRITE)
@require_POST
def notice_draft(request: BusinessRequest) -> HttpResponse:
    """Keep the words of the next version."""
    form = _notice_form(request, request.POST)
    if form.is_valid():
        try:
            acts.save_notice(texts=form.cleaned_data, by=request.actor)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Draft saved. Nobody sees it yet."))
            return redirect(burl(request, "crm:privacy-notices"))
    return _notices(request, form)


@requires(WRITE)
@require_POST
def notice_publication(request: BusinessRequest, privacy_notice_id: UUID) -> HttpResponse:
    """From now on it holds, and never changes."""
    found = get_or_404(PrivacyNotice.objects.all(), privacy_notice_id)
    try:
        acts.publish_notice(notice=found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Published. New consents are tied to this version."))
    return redirect(burl(request, "crm:privacy-notices"))


# --- how long things are kept ---


@requires(READ)
@require_safe
def retention(request: BusinessRequest) -> HttpResponse:
    """Each rule, and how much it would remove now."""
    return _retention(request)


def _retention(request: BusinessRequest, **bound: Any) -> HttpResponse:
    rules = [
        {
            "rule": rule,
            "form": bound.get(rule.kind)
            or privacy_forms.RetentionForm(
                initial={"is_on": rule.is_on, "days": rule.days}, prefix=rule.kind
            ),
            "concerned": privacy_retention.concerned(rule.kind, rule.days),
        }
        for rule in privacy_retention.rules()
    ]
    status = 422 if any(form.errors for form in bound.values()) else 200
    context = {"rules": rules, "tab": "retention"}
    return render(request, "crm/privacy_retention.html", context, status=status)


@requires(WRITE)
@require_POST
def retention_rule(request: BusinessRequest, kind: str) -> HttpResponse:
    """Switch a rule on or off, or change its days."""
    if kind not in {rule.kind for rule in privacy_retention.rules()}:
        raise Http404
    form = privacy_forms.RetentionForm(request.POST, prefix=kind)
    if not form.is_valid():
        return _retention(request, **{kind: form})
    privacy_retention.set_rule(kind=kind, **form.cleaned_data, by=request.actor)
    messages.success(request, _("Saved."))
    return redirect(burl(request, "crm:privacy-retention"))


# --- archives and erasure ---


@requires(READ)
@require_safe
def erasures(request: BusinessRequest) -> HttpResponse:
    """What is to be erased and what was, the latest first."""
    seen = queries.customers_visible_to(request.actor).values("pk")
    found: Any = Erasure.objects.select_related("customer")
    if request.actor.sees != Sees.ALL:
        found = found.filter(Q(customer__in=seen))
    try:
        page = cursors.page(found, ordering=("-id",), limit=AT_ONCE, cursor=request.GET.get("cursor", ""))
    except BadCursor:
        return redirect(burl(request, "crm:privacy-erasures"))
    for one in page.items:
        one.rows = sum(one.removed.values())
    return render(request, "crm/privacy_erasures.html", {"page": page, "tab": "erasures"})


@requires(Permission.CUSTOMERS_READ)
@require_safe
def of_customer(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """That a customer is to be erased, and the way to his archive; a fragment of his page."""
    customer = queries.customer_or_404(customer_id, request.actor)
    if not request.htmx:
        return redirect(burl(request, "crm:customer", customer_id))
    context = {
        "customer": customer,
        "erasure": privacy_erasure.planned_for(customer),
        "asked": acts.requests_visible_to(request.actor).filter(customer=customer, closed_at=None)[:5]
        if request.actor.can(READ)
        else [],
    }
    return render(request, "crm/privacy_of_customer.html", context)


@requires(READ)
@require_http_methods(["GET", "HEAD", "POST"])
def archives(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """The archives of a customer; a POST has another made."""
    customer = queries.customer_or_404(customer_id, request.actor)
    if request.method == "POST":
        try:
            privacy_archive.request_archive(customer=customer, by=request.actor)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("It is being put together. That takes a moment."))
        return redirect(burl(request, "crm:customer-archives", customer_id))
    found = CustomerArchive.objects.filter(customer=customer).order_by("-id")[:20]
    context = {
        "customer": customer,
        "archives": found,
        "since": live.last_id(request.tenant.pk),
        "may_have": request.actor.sees == Sees.ALL,
        "now": timezone.now(),
    }
    return render(request, "crm/privacy_archives.html", context)


@requires(READ)
@require_safe
@csp_override(SAVED_FILE)
def archive_file(request: BusinessRequest, customer_id: UUID, customer_archive_id: UUID) -> Any:
    """The file, as long as it is kept; for those who see everything of the business."""
    customer = queries.customer_or_404(customer_id, request.actor)
    found: CustomerArchive = get_or_404(
        CustomerArchive.objects.filter(customer=customer), customer_archive_id
    )
    if request.actor.sees != Sees.ALL or not privacy_archive.is_downloadable(found):
        raise Http404
    return _saved(request, found.file, privacy_archive.name_of(found), found.pk.hex)


@requires(READ)
@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """What would go with a customer, what stays and what is still running; a POST plans it."""
    customer = queries.customer_or_404(customer_id, request.actor)
    form = privacy_forms.ErasureForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not request.actor.can(WRITE):
        raise Http404
    if form.is_bound and form.is_valid():
        try:
            made = privacy_erasure.plan_erasure(
                customer=customer,
                reason=form.cleaned_data["reason"],
                days=form.cleaned_data["days"],
                request=_open_request(customer),
                by=request.actor,
            )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _said(made))
            return redirect(burl(request, "crm:customer", customer_id))
    return render(
        request,
        "crm/privacy_erasure.html",
        _preview(request, customer, form),
        status=422 if form.errors else 200,
    )


def _said(made: Erasure) -> str:
    days = (made.due_at - made.asked_at).days if made.due_at else 0
    if not days:
        return _("The customer is being erased.")
    return ngettext(
        "The customer will be erased in %(days)s day. Until then it can be taken back.",
        "The customer will be erased in %(days)s days. Until then it can be taken back.",
        days,
    ) % {"days": days}


def _open_request(customer: Customer) -> PrivacyRequest | None:
    found: PrivacyRequest | None = (
        PrivacyRequest.objects.filter(customer=customer, right="cancellation").order_by("-id").first()
    )
    return found


def _preview(request: BusinessRequest, customer: Customer, form: Any) -> dict[str, Any]:
    """What a narrowed member would be told of others' conversations is left out: he may not erase."""
    may = request.actor.sees == Sees.ALL
    people = holdings.people_of(customer) if may else []
    return {
        "customer": customer,
        "form": form,
        "may_erase": may,
        "parts": _shown_parts(people) if may else [],
        "running": holdings.running(people) if may else [],
        "merged": len(people) - 1,
        "planned": privacy_erasure.planned_for(customer),
    }


def _shown_parts(people: list[UUID]) -> list[tuple[str, Any, int]]:
    """What goes, by its name; what has none that people know, together."""
    counted = holdings.counts(people)
    named = [one for one in counted if holdings.has_name(one[0])]
    inner = sum(number for label, _title, number in counted if not holdings.has_name(label))
    return [*named, ("", _("Inner records of Puente about them"), inner)] if inner else named


@requires(WRITE)
@require_POST
def erasure_cancellation(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """Take it back while there is time."""
    customer = queries.customer_or_404(customer_id, request.actor)
    planned = privacy_erasure.planned_for(customer)
    if planned is None:
        raise Http404
    try:
        privacy_erasure.cancel_erasure(erasure=planned, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back: the customer stays."))
    return redirect(burl(request, "crm:customer", customer_id))
