"""The API keys of a business."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tenants import proof, queries
from tenants.actions.api_keys import create_api_key, revoke_api_key
from tenants.decorators import get_or_404, requires
from tenants.forms import ApiKeyForm
from tenants.models import ApiKey
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl


@requires(Permission.KEYS_WRITE)
@never_cache
def keys(request: BusinessRequest) -> HttpResponse:
    """All keys; a new one is shown in the answer to its making and never again."""
    meant = {"name": request.GET.get("name", ""), "scopes": request.GET.getlist("scopes")}
    form = ApiKeyForm(request.POST or None, by=request.actor, initial=meant)
    secret = ""
    if request.method == "POST" and form.is_valid():
        if not proof.is_proven(request):
            return proof.ask(request, f"{request.path}?{urlencode(form.cleaned_data, doseq=True)}")
        _key, secret = create_api_key(by=request.actor, **form.cleaned_data)
        form = ApiKeyForm(by=request.actor)
    context = {"form": form, "keys": queries.api_keys(), "secret": secret}
    return render(request, "tenants/keys.html", context, status=422 if form.is_bound else 200)


@requires(Permission.KEYS_WRITE)
@require_POST
def key_revocation(request: BusinessRequest, key_id: UUID) -> HttpResponse:
    """Stop a key."""
    revoke_api_key(key=get_or_404(ApiKey.objects.all(), key_id), by=request.actor)
    messages.success(request, _("The key no longer works."))
    return redirect(burl(request, "tenants:keys"))
