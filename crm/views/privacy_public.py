"""Pages of a business for everybody: what it does with data, and how to ask for one's own.

They say nothing about who is a customer. GET changes nothing; the form makes a request and nothing else.
"""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from crm import privacy_clocks
from crm.actions.privacy import current_notice, receive_request
from crm.models import PrivacyNotice, PrivacyRequest
from crm.privacy_forms import AskForm
from tenants import doors
from tenants.actors import Actor
from tenants.kit.ratelimit import Use, address_of, allow, allow_all
from tenants.models import Tenant
from tenants.scoping import tenant_scope

PER_HOUR, PER_DAY = 5, 200  # requests of one visitor; of all visitors to one business


def _business(shop: str) -> Any:
    """The scope of the business at an address. Raises `Http404`."""
    door = doors.by_slug(shop)
    if door is None:
        raise Http404
    return tenant_scope(door.tenant_id)


def _language(request: HttpRequest, tenant: Tenant) -> str:
    """What the visitor chose, else what he reads, else the business's own."""
    known = dict(settings.LANGUAGES)
    asked = request.GET.get("lang", "")
    if asked in known:
        return asked
    read = translation.get_language_from_request(request) if request.headers.get("Accept-Language") else ""
    return read if read in known else tenant.language


def _common(tenant: Tenant, language: str) -> dict[str, Any]:
    return {"business": tenant, "language": language, "languages": settings.LANGUAGES}


@never_cache
@require_safe
def notice(request: HttpRequest, shop: str) -> HttpResponse:
    """The notice that holds now."""
    return _show(request, shop, None)


@never_cache
@require_safe
def version(request: HttpRequest, shop: str, version: int) -> HttpResponse:
    """A notice as it was; 404 for one that was never published."""
    return _show(request, shop, version)


def _show(request: HttpRequest, shop: str, number: int | None) -> HttpResponse:
    if not allow("privacy", address_of(request), limit=120, seconds=60):
        return render(request, "429.html", status=429)
    if number is not None and number > 2**31 - 1:
        raise Http404
    with _business(shop):
        tenant = Tenant.objects.get()
        versions = list(
            PrivacyNotice.objects.exclude(published_at=None)
            .order_by("-version")
            .only("version", "published_at")
        )
        if number is None:
            found = current_notice()
        else:
            found = PrivacyNotice.objects.exclude(published_at=None).filter(version=number).first()
        if found is None:
            raise Http404
        language = _language(request, tenant)
        text = (
            found.texts.get(language) or found.texts.get(tenant.language) or next(iter(found.texts.values()))
        )
        context = {
            **_common(tenant, language),
            "notice": found,
            "text": text,
            "versions": versions,
            "is_current": found.version == versions[0].version,
        }
        with translation.override(language), timezone.override(tenant.zone):
            return render(request, "crm/privacy_public.html", context)


@never_cache
@csrf_exempt  # nobody is logged in here and nothing is shown: there is no authority to borrow
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, shop: str) -> HttpResponse:
    """The form; posted, it makes one request and says the same to everybody."""
    with _business(shop):
        tenant = Tenant.objects.get()
        if current_notice() is None:
            raise Http404
        language = _language(request, tenant)
        with translation.override(language), timezone.override(tenant.zone):
            form = AskForm(request.POST) if request.method == "POST" else AskForm()
            if form.is_bound and form.is_valid():
                if not _allowed(request, tenant):
                    return render(request, "429.html", status=429)
                made = receive_request(
                    **form.cleaned_data, source=PrivacyRequest.Source.FORM, by=_visitor(tenant)
                )
                query = f"?lang={language}&sent={made.reference}"
                return redirect(reverse("privacy:ask", args=[shop]) + query)
            context = {
                **_common(tenant, language),
                "form": form,
                "sent": _reference(request),
                "clock": privacy_clocks.clock_of(tenant.country, "access", timezone.localdate()),
            }
            status = 422 if form.errors else 200
            return render(request, "crm/privacy_ask.html", context, status=status)


def _allowed(request: HttpRequest, tenant: Tenant) -> bool:
    return allow_all(
        [
            Use("privacy-request", f"{tenant.pk} {address_of(request)}", PER_HOUR, 3_600),
            Use("privacy-requests", str(tenant.pk), PER_DAY, 86_400),
        ]
    )


def _visitor(tenant: Tenant) -> Actor:
    """Whoever writes here: somebody without any permission."""
    return Actor(tenant_id=tenant.pk, label="", permissions=frozenset())


def _reference(request: HttpRequest) -> str:
    """The number of the request that was just sent, as the address says it; nothing is looked up."""
    given = request.GET.get("sent", "")
    return given if len(given) == 8 and given.isalnum() and given.isascii() else ""
