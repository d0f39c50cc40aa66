"""What a business tells people of their data, version after version."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm import privacy_forms
from crm.actions import privacy as acts
from crm.models import PrivacyNotice
from tenants.decorators import get_or_404, requires
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

READ, WRITE = Permission.PRIVACY_READ, Permission.PRIVACY_WRITE


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
