"""What a customer allows, on his page; and what the business wants of consent, in its settings."""

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import consent_texts, queries
from crm.actions import consents, preference_links
from crm.actions.consents import Outcome, Proof
from crm.consent_forms import PolicyForm, WordForm
from crm.models import Consent, ConsentEvent, Customer, Medium, Purpose
from crm.views.preferences import ICONS
from tenants import audit
from tenants.decorators import requires
from tenants.kit import cursors
from tenants.kit.cursors import BadCursor
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

NEWEST = ("-happened_at", "-id")
AT_ONCE = 20
PAGE = "crm/consents.html"
TONES = {
    Consent.State.GIVEN: "success",
    Consent.State.WITHDRAWN: "danger",
    Consent.State.ASKED: "info",
    Consent.State.EXPIRED: "warning",
}


class Cell(NamedTuple):
    """What stands for one medium and purpose."""

    purpose: str
    purpose_label: str
    label: str
    tone: str
    since: Any
    until: Any


class Row(NamedTuple):
    """A medium with what stands for each purpose."""

    medium: str
    label: str
    icon: str
    cells: list[Cell]
    word: str  # with which he came back and agreed to nothing else


@requires(Permission.CUSTOMERS_READ)
@require_safe
def customer_consents(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """What he allows, and every word with its proof: a fragment of his page, or a page of its own."""
    customer = queries.customer_or_404(customer_id, request.actor)
    try:
        return _show(request, customer)
    except BadCursor:
        return redirect(burl(request, "crm:customer-consents", customer_id))


@requires(Permission.CUSTOMERS_WRITE)
@require_POST
def consent_word(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """What a customer told a colleague, with where the proof lies."""
    customer = queries.customer_or_404(customer_id, request.actor)
    form = WordForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        act = consents.give if data["state"] == Consent.State.GIVEN else consents.withdraw
        proof = Proof(source=ConsentEvent.Source.AGENT, note=data["note"])
        try:
            made = act(
                customer=customer,
                medium=data["medium"],
                purpose=data["purpose"],
                proof=proof,
                by=request.actor,
            )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            said = _said(made.event, made.outcome)
            if request.htmx:
                return _show(request, customer, said=said)
            messages.success(request, said)
            return redirect(burl(request, "crm:customer-consents", customer_id))
    return _show(request, customer, form=form)


@requires(Permission.PRIVACY_WRITE)
@require_POST
def preference_link_renewal(request: BusinessRequest, customer_id: UUID) -> HttpResponse:
    """A new link to his preference centre; those that are out only unsubscribe from now on."""
    customer = queries.customer_or_404(customer_id, request.actor)
    url = preference_links.renew(customer=customer, by=request.actor)
    said = _("The links that are out work no more. The new one is %(url)s") % {"url": url}
    if request.htmx:
        return _show(request, customer, said=said)
    messages.success(request, said)
    return redirect(burl(request, "crm:customer-consents", customer_id))


def _said(event: ConsentEvent, outcome: Outcome) -> str:
    if event.state == Consent.State.ASKED:
        return _("The customer was asked to confirm it. Until then nothing changes.")
    return _("It stood so before.") if outcome == Outcome.UNCHANGED else _("Noted. It holds at once.")


def _show(
    request: BusinessRequest, customer: Customer, form: WordForm | None = None, said: str = ""
) -> HttpResponse:
    words = ConsentEvent.objects.filter(customer=customer)
    cursor = request.GET.get("cursor", "")
    page = cursors.page(words, ordering=NEWEST, limit=AT_ONCE, cursor=cursor)
    context = {
        "customer": customer,
        "rows": _rows(customer),
        "purposes": [label for _value, label in Purpose.choices],
        "events": page.items,
        "next_cursor": page.next_cursor,
        "form": form or WordForm(),
        "said": said,
    }
    template = f"{PAGE}#list" if request.htmx else PAGE
    return render(request, template, context, status=422 if form and form.errors else 200)


def _rows(customer: Customer) -> list[Row]:
    standing = {(one.medium, one.purpose): one for one in Consent.objects.filter(customer=customer)}
    needed = {Purpose.PROMOTION.value}
    if consent_texts.policy().surveys_need_consent:
        needed.add(Purpose.SURVEY.value)
    said = ConsentEvent.objects.filter(customer=customer, source=ConsentEvent.Source.START_WORD)
    starts = {event.medium: event for event in said.order_by("happened_at", "id")}
    return [
        Row(
            medium,
            str(Medium(medium).label),
            ICONS[Medium(medium)],
            [_cell(purpose, standing.get((medium, purpose)), needed) for purpose in Purpose.values],
            _came_back(medium, standing, starts.get(medium)),
        )
        for medium in consents.everything(customer)
    ]


def _came_back(medium: str, standing: dict[tuple[str, str], Consent], said: ConsentEvent | None) -> str:
    offers = standing.get((medium, Purpose.PROMOTION))
    left = offers is not None and offers.state == Consent.State.WITHDRAWN
    return said.text_shown.strip() if said and offers and left and said.happened_at >= offers.since else ""


def _cell(purpose: str, row: Consent | None, needed: set[str]) -> Cell:
    name = str(Purpose(purpose).label)
    if row is None:
        label = _("Never asked") if purpose in needed else _("Allowed by default")
        return Cell(purpose, name, label, "grey", None, None)
    tone = TONES[Consent.State(row.state)]
    return Cell(purpose, name, row.get_state_display(), tone, row.since, row.expires_at)


# --- settings ---


@requires(Permission.SETTINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def consent_settings(request: BusinessRequest) -> HttpResponse:
    """Ask twice, how long consent lasts, the words customers agree to."""
    policy = consent_texts.policy()
    form = PolicyForm(request.POST if request.method == "POST" else None, instance=policy)
    if request.method == "POST" and form.is_valid():
        form.save()
        audit.record("consent_policy.updated", target=policy, by=request.actor, fields=form.changed_data)
        messages.success(request, _("Saved."))
        return redirect(burl(request, "crm:consent-settings"))
    samples = [
        (label, consent_texts.wording(value, Medium.WHATSAPP, wanted=policy, business=request.tenant.name))
        for value, label in Purpose.choices
    ]
    context = {"form": form, "samples": samples}
    return render(request, "crm/consent_settings.html", context, status=422 if form.errors else 200)
