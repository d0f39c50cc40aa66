"""Pages on which a customer says what he wants to get. GET changes nothing: mail scanners follow every link.

The link is the authority: no cookie is asked for, and none is set.
"""

import ipaddress
from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crm import consent_texts, sending_rules
from crm.actions import consents
from crm.actions.consents import Proof
from crm.actions.preference_links import RENEWED
from crm.actions.privacy import notice_address
from crm.models import Consent, ConsentEvent, ConsentPolicy, Customer, Identity, Medium, Purpose
from tenants import doors
from tenants.actors import Actor
from tenants.doors import Door
from tenants.kit.ratelimit import address_of, allow
from tenants.models import DirectoryEntry, Tenant
from tenants.refusals import Refused
from tenants.scoping import tenant_scope

Source = ConsentEvent.Source
Answer = Callable[[HttpRequest, Customer, Tenant, Door], HttpResponse]
PURPOSES = (Purpose.SERVICE, Purpose.PROMOTION, Purpose.SURVEY)
ICONS = {
    Medium.EMAIL: "mail",
    Medium.WHATSAPP: "message-circle",
    Medium.SMS: "message-square",
    Medium.PHONE: "phone",
    Medium.MESSENGER: "messages-square",
    Medium.INSTAGRAM: "at-sign",
    Medium.TELEGRAM: "send",
    Medium.WEB: "globe",
}
VISIBLE = 2  # characters of an address that are shown


class Choice(NamedTuple):
    """One thing he may want or not."""

    key: str  # in the form
    purpose: str
    label: str
    text: str
    is_on: bool
    waits: bool  # for him to confirm it


class Way(NamedTuple):
    """A medium by which he could be written to."""

    medium: str
    label: str
    icon: str
    address: str
    choices: list[Choice]


def _page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @never_cache
    @csrf_exempt  # the token in the address is the authority; no cookie is asked for
    @require_http_methods(["GET", "HEAD", "POST"])
    def limited(request: HttpRequest, token: str, **kwargs: str) -> HttpResponse:
        if not allow("preferences", address_of(request), limit=120, seconds=60):
            return render(request, "429.html", status=429)
        return view(request, token, **kwargs)

    limited.__name__, limited.__doc__ = view.__name__, view.__doc__
    return limited


@_page
def centre(request: HttpRequest, token: str) -> HttpResponse:
    """All that he can want by every medium; one button ends all that comes unasked."""
    return _with_customer(request, token, _centre, is_renewed_good=False)


def _centre(request: HttpRequest, customer: Customer, tenant: Tenant, door: Door) -> HttpResponse:
    done, problem = "", ""
    if request.method == "POST" and "everything" in request.POST:
        consents.unsubscribe(
            customer=customer,
            media=consents.everything(customer),
            purposes=consents.UNASKED,
            proof=_proof(request, Source.UNSUBSCRIBE),
        )
        done = _("You will get no more offers and surveys, by no means.")
    elif request.method == "POST":
        problem = _apply(request, customer, tenant)
        done = "" if problem else _("Saved. It holds from this moment on.")
    context = {"done": done, "problem": problem, "ways": ways_of(customer, tenant)}
    return render(request, "crm/preferences.html", {**_common(tenant), **context})


def _apply(request: HttpRequest, customer: Customer, tenant: Tenant) -> str:
    """Let stand what is ticked; returns why something could not be."""
    ticked = set(request.POST.getlist("want"))
    for way in ways_of(customer, tenant):
        for choice in way.choices:
            is_wanted = choice.key in ticked
            if is_wanted == (choice.is_on or choice.waits):
                continue
            act = consents.give if is_wanted else consents.withdraw
            proof = _proof(request, Source.CUSTOMER, choice.text)
            try:
                act(
                    customer=customer,
                    medium=way.medium,
                    purpose=choice.purpose,
                    proof=proof,
                    by=Actor.system(),
                )
            except Refused as refusal:
                return str(refusal)
    return ""


@_page
def one_click(request: HttpRequest, token: str, medium: str, purpose: str) -> HttpResponse:
    """Unsubscribe from one thing: by a mail program's click (RFC 8058) or by the button of this page.

    A link that was renewed still does: it stands in mails that were sent.
    """
    if medium not in Medium.values or purpose not in Purpose.values:
        return _lost(request)

    def answer(request: HttpRequest, customer: Customer, tenant: Tenant, door: Door) -> HttpResponse:
        if request.method == "POST":
            proof = _proof(request, Source.UNSUBSCRIBE)
            consents.unsubscribe(customer=customer, media=[medium], purposes=[purpose], proof=proof)
            if request.POST.get("List-Unsubscribe") == "One-Click":
                return HttpResponse("OK", content_type="text/plain; charset=utf-8")  # a mail program asked
        context = {
            "done": request.method == "POST",
            "what": Purpose(purpose).label,
            "how": consent_texts.amid(medium),
            "centre": "" if door.label == RENEWED else reverse("preferences:centre", args=[token]),
        }
        return render(request, "crm/unsubscribe.html", {**_common(tenant), **context})

    return _with_customer(request, token, answer, is_renewed_good=True)


@_page
def confirmation(request: HttpRequest, token: str) -> HttpResponse:
    """The second yes of a double opt-in: the link shows what was asked, the button says yes."""
    door = doors.by_secret(DirectoryEntry.Kind.CONSENT, token)
    if door is None:
        return _lost(request)
    with tenant_scope(door.tenant_id):
        event = ConsentEvent.objects.select_related("customer").filter(pk=door.target_id).first()
        if event is None:
            return _lost(request)
        tenant = Tenant.objects.get()
        with translation.override(_language(request, event.customer, tenant)):
            if request.method == "POST":
                consents.confirm(event=event, ip=_ip(request))
            context = {"done": request.method == "POST", "text": event.text_shown}
            return render(request, "crm/consent_confirmation.html", {**_common(tenant), **context})


def _with_customer(
    request: HttpRequest, token: str, answer: Answer, *, is_renewed_good: bool
) -> HttpResponse:
    door = doors.by_secret(DirectoryEntry.Kind.PREFERENCES, token)
    if door is None or (door.label == RENEWED and not is_renewed_good):
        return _lost(request)
    with tenant_scope(door.tenant_id):
        known = Customer.objects.filter(pk=door.target_id).first()
        if known is None:  # he was erased; his link outlived him
            return _lost(request)
        customer, tenant = consents.stands_for(known), Tenant.objects.get()
        with translation.override(_language(request, customer, tenant)):
            return answer(request, customer, tenant, door)


def _lost(request: HttpRequest) -> HttpResponse:
    return render(request, "crm/preferences_lost.html", status=404)


def _common(tenant: Tenant) -> dict[str, Any]:
    return {
        "business": tenant,
        "languages": settings.LANGUAGES,
        "language": translation.get_language(),
        "notice": notice_address(tenant),
    }


def _language(request: HttpRequest, customer: Customer, tenant: Tenant) -> str:
    """What he chose on the page, else his own."""
    chosen = request.GET.get("lang", "")
    ours = {code for code, _name in settings.LANGUAGES}
    return chosen if chosen in ours else consent_texts.language_of(customer, tenant)


def _ip(request: HttpRequest) -> str | None:
    try:
        return str(ipaddress.ip_address(address_of(request)))
    except ValueError:
        return None


def _proof(request: HttpRequest, source: str, text: str = "") -> Proof:
    mail = request.GET.get(consent_texts.MAIL, "")
    return Proof(source=source, text_shown=text, ip=_ip(request), mail=mail)


# --- what is shown ---


def ways_of(customer: Customer, tenant: Tenant) -> list[Way]:
    """Each medium by which he could be written to, and what he gets there."""
    wanted = consent_texts.policy()
    rows = {(row.medium, row.purpose): row for row in Consent.objects.filter(customer=customer)}
    addresses = list(customer.identities.filter(is_claimed=False).order_by("id"))
    return [
        Way(
            medium=medium,
            label=str(Medium(medium).label),
            icon=ICONS[Medium(medium)],
            address=_masked(medium, addresses),
            choices=[_choice(medium, purpose, rows, wanted, tenant) for purpose in PURPOSES],
        )
        for medium in consents.everything(customer)
    ]


def _choice(
    medium: str,
    purpose: str,
    rows: dict[tuple[str, str], Consent],
    wanted: ConsentPolicy,
    tenant: Tenant,
) -> Choice:
    row = rows.get((medium, purpose))
    state = row.state if row else ""
    asked_first = purpose == Purpose.PROMOTION or (purpose == Purpose.SURVEY and wanted.surveys_need_consent)
    return Choice(
        key=f"{medium}:{purpose}",
        purpose=purpose,
        label=str(Purpose(purpose).label),
        text=consent_texts.wording(purpose, medium, wanted=wanted, business=tenant.name),
        is_on=state == Consent.State.GIVEN if asked_first else state != Consent.State.WITHDRAWN,
        waits=asked_first and state == Consent.State.ASKED,
    )


def _masked(medium: str, addresses: list[Identity]) -> str:
    """As much of an address as its owner recognises: who was forwarded the link learns nothing."""
    kinds = sending_rules.KINDS[medium]
    shown = next((one.display for one in addresses if one.kind in kinds and one.kind != "web"), "")
    if "@" in shown[1:]:
        name, _at, domain = shown.rpartition("@")
        return f"{name[:1]}•••@{domain}"
    return f"•••{shown[-VISIBLE:]}" if len(shown) > VISIBLE * 2 else ""
