"""How long a business keeps things."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm import privacy_forms
from crm.actions import privacy_retention
from tenants.decorators import requires
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

READ, WRITE = Permission.PRIVACY_READ, Permission.PRIVACY_WRITE


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
